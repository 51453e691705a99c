"""The page of a lesson: HTML that needs nothing from anywhere else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ovmfgui.migration.lesson.drawing import picture
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.lesson.strips import LEGEND
from ovmfgui.page import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.lesson.questions import Question
    from ovmfgui.migration.simulation.step import Replay, Step

_STYLE = """
:root { --ink: #14181d; --paper: #fff; --soft: #5a646e; --line: #c3cad1; --here: #eaf3fa;
  --code: #0072b2; --head: #56b4e9; --live: #009e73; --dead: #8a9199; --ftw: #e69f00;
  --spare: #cc79a7; --lit: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f4; --paper: #14181d; --soft: #a9b3bd;
  --line: #46505a; --here: #1c2a36; --code: #4aa3d8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: clamp(20px, 1.75vw, 40px)/1.4 system-ui, "DejaVu Sans", sans-serif; }
header, section, footer { padding: 2.5vh 4vw; }
section { min-height: 100vh; border-top: 1px solid var(--line); scroll-margin-top: 0; }
h1 { font-size: 1.9em; margin: 0 0 .3em; } h2 { font-size: 1.45em; margin: 0 0 .5em; }
h2 small { color: var(--soft); font-weight: normal; font-size: .7em; }
p { margin: .5em 0; max-width: 62em; }
p.lesson { font-size: 1.12em; } p.question { font-size: 1.3em; font-weight: bold; }
p.question small { display: block; font-weight: normal; color: var(--soft); }
p.answer { border-left: .3em solid var(--live); padding-left: .6em; }
p.then::before { content: "→ "; color: var(--lit); }
pre { font: .72em/1.4 "DejaVu Sans Mono", monospace; white-space: pre-wrap; margin: .6em 0;
  padding: .6em .8em; border-left: .3em solid var(--lit); background: var(--here); }
svg { width: 100%; max-height: 62vh; display: block; margin: .6em 0; }
svg text { fill: var(--ink); font-size: 24px; }
svg .title { font-size: 34px; font-weight: bold; }
svg .guest { font-size: 28px; font-weight: bold; }
svg .small { font-size: 22px; fill: var(--soft); } svg .bad, svg .busy { fill: var(--lit); }
svg .host { fill: none; stroke: var(--line); stroke-width: 2; }
svg .here { fill: var(--here); stroke: var(--code); stroke-width: 3; }
svg .machine { fill: none; stroke: var(--soft); stroke-width: 2; stroke-dasharray: 8 6; }
svg .lens { fill: none; stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
svg .flash { fill: var(--paper); stroke: var(--soft); stroke-width: 1; }
svg .arrow, svg .broken { fill: none; stroke: var(--live); stroke-width: 6; }
svg .broken { stroke: var(--lit); stroke-dasharray: 14 10; }
.code { fill: var(--code); background: var(--code); } .head { fill: var(--head);
  background: var(--head); } .live { fill: var(--live); background: var(--live); }
.dead { fill: var(--dead); background: var(--dead); } .ftw { fill: var(--ftw);
  background: var(--ftw); } .spare { fill: var(--spare); background: var(--spare); }
.lit { fill: var(--lit); background: var(--lit); }
ul.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3em 1.4em;
  font-size: .8em; } ul.legend i { display: inline-block; width: 1em; height: 1em;
  margin-right: .4em; vertical-align: -.1em; }
.well { color: var(--live); } .ill { color: var(--lit); }
@media print { section { break-before: page; min-height: 0; } }
"""

_SCRIPT = """
addEventListener('keydown', function (event) {
  var by = {ArrowRight: 1, ' ': 1, PageDown: 1, ArrowLeft: -1, PageUp: -1}[event.key];
  if (!by) return;
  event.preventDefault();
  var all = [].slice.call(document.querySelectorAll('header, section, footer')), at = 0;
  all.forEach(function (each, n) { if (each.getBoundingClientRect().top < 20) at = n; });
  all[Math.min(all.length - 1, Math.max(0, at + by))].scrollIntoView();
});
"""


def lesson_page(replay: Replay) -> str:
    """A replay as one HTML page: a screen for each step, with picture and text.

    Arrow keys and the space bar go from step to step; it prints one step to a page.
    """
    scenario = replay.scenario
    title = escape(scenario.title or scenario.name)
    legend = "".join(f'<li><i class="{kind}"></i>{escape(words)}</li>' for kind, words in LEGEND)
    titles = {host.name: host.title for host in scenario.hosts}
    questions = questions_of(replay)
    steps = "\n".join(_section(step, titles, questions) for step in replay.steps[1:])
    good = "well" if replay.well else "ill"
    notes = "".join(f"<p>{escape(note)}</p>" for note in replay.notes)
    body = f"""<header>
<h1>{title}</h1>
<p class="lesson">{escape(" ".join(scenario.summary.split()))}</p>
{_teaches(scenario.teaches)}{picture(replay.steps[0])}
<ul class="legend">{legend}</ul>
{_asked(questions, 0)}
</header>
{steps}
<footer>
<h2>What came of it: <span class="{good}">{escape(replay.outcome.value)}</span></h2>
<p>{escape(replay.outcome_text)}</p>
{notes}
</footer>"""
    return page(title, _STYLE, body, _SCRIPT)


def _teaches(text: str) -> str:
    return f'<p class="then">{escape(text)}</p>\n' if text else ""


def _asked(questions: Sequence[Question], index: int) -> str:
    """What a class is asked after a step."""
    found = [each for each in questions if each.asked_at == index]
    return "".join(
        f'<p class="question">{escape(each.text)} '
        f"<small>{escape(' · '.join(choice.words for choice in each.choices))}</small></p>"
        for each in found
    )


def _section(step: Step, titles: dict[str, str], questions: Sequence[Question]) -> str:
    sign = "" if step.ok else ' <span class="ill">✖</span>'
    parts = [
        f'<section id="step-{step.n}">',
        f"<h2><small>{step.n} · {escape(titles.get(step.host, step.host))}</small> "
        f"{escape(step.title)}{sign}</h2>",
        picture(step),
    ]
    parts += [
        f'<p class="answer">{escape(each.text)} <b>{escape(each.answer)}.</b></p>'
        for each in questions
        if each.answered_at == step.n
    ]
    if step.lesson:
        parts.append(f'<p class="lesson">{escape(step.lesson)}</p>')
    parts.append(f"<p>{escape(step.text)}</p>")
    if step.qemu:
        parts.append(f"<pre>{escape(step.qemu)}</pre>")
    if step.consequence:
        parts.append(f'<p class="then">{escape(step.consequence)}</p>')
    parts.append(_asked(questions, step.n))
    return "\n".join([*filter(None, parts), "</section>"])
