"""A step in words: what happened, what QEMU prints, what follows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.timeline import TimelineStep

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

    from ovmfgui.migration.simulation.step import Replay, Step


def step_html(step: Step, last: int, palette: QPalette) -> str:
    """The step as rich text; ``last`` is the number of the last step."""
    muted = theme.muted(palette).name()
    bad = theme.severity_style(Severity.ERROR, palette)
    sign = "" if step.ok else f'<span style="color:{bad.colour.name()}">{bad.sign}&nbsp;</span>'
    where = f"step {step.n} of {last}" if last else ""
    parts = [
        f'<p style="margin:0 0 4px 0"><b>{sign}{escape(step.title)}</b>'
        f'&nbsp;&nbsp;<span style="color:{muted}">{where}</span></p>',
        f'<p style="margin:0 0 4px 0">{escape(step.text)}</p>',
    ]
    if step.consequence:
        parts.append(f'<p style="margin:0 0 4px 0">→ {escape(step.consequence)}</p>')
    return "".join(parts)


def lesson_html(step: Step, summary: str, teaches: str = "") -> str:
    """The lesson's text to a step; before the first what the scenario tells and teaches."""
    text = step.lesson
    if step.n == 0:
        text = f"{text or summary}\n\n{teaches}"
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in _paragraphs(text))


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that was broken into lines by hand."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def timeline_steps(replay: Replay) -> tuple[TimelineStep, ...]:
    """The steps as the line of steps shows them."""
    return tuple(
        TimelineStep(
            step.title, step.action_number, step.action.replace("-", " ") or "before", step.ok
        )
        for step in replay.steps
    )


def outcome_text(replay: Replay) -> str:
    """How a replay ended, in short: the first sentence of its outcome."""
    text = replay.outcome_text
    return text.partition(": ")[0].partition(". ")[0].rstrip(".") + "."
