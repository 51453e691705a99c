"""Secure Boot of a store in rich text: what it means, one card, one binary."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.secure_boot.tried import answer, fit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QPalette

    from ovmfgui.finding import Finding
    from ovmfgui.gui.views.secure_boot.tried import Tried
    from ovmfgui.trust.binary import Judgement
    from ovmfgui.trust.boot_chain import Chain
    from ovmfgui.trust.chain import Card, Link
    from ovmfgui.trust.overview import NextUpdate, Overview

MODES = {
    "setup": ("Setup mode", "no PK is enrolled: anyone may enrol keys, and nothing is checked"),
    "user": ("Secure Boot on", "user mode: what is started must be signed"),
    "off": ("Secure Boot off", "keys are enrolled, and it is switched off: nothing is checked"),
    "none": ("No Secure Boot", "this store cannot hold keys: its records have no room for them"),
    "unenforced": ("Not enforced", "keys are enrolled, and this CODE checks nothing"),
}

_GRAVEST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def meaning_html(seen: Overview, findings: Sequence[Finding], palette: QPalette) -> str:
    """What stands against this store, the gravest first, and how the next update will go."""
    found = sorted(findings, key=lambda each: _GRAVEST.index(each.severity))
    parts = [_signed(each.severity, each.text, palette) for each in found]
    if seen.next_update is not None:
        parts.append(_update(seen.next_update, palette))
    if not parts:
        parts.append("<p>Nothing stands against these keys.</p>")
    return "".join(parts)


def _signed(severity: Severity, text: str, palette: QPalette) -> str:
    style = theme.severity_style(severity, palette)
    return (
        f'<p style="margin:0 0 4px 0"><span style="color:{style.colour.name()}">{style.sign}</span>'
        f" {escape(text)}</p>"
    )


def _update(update: NextUpdate, palette: QPalette) -> str:
    muted = theme.muted(palette).name()
    if update.up_to_date:
        text = "The newest known dbx is there."
    elif update.room is None:
        text = f"The newest dbx takes {update.needed:,} bytes; what there is room for is not known."
    else:
        verb = "fits" if update.fits else "does not fit"
        text = (
            f"The newest dbx {verb}: {update.needed:,} bytes, room for {update.room.bytes:,} "
            f"({update.room.why})."
        )
    return f'<p style="margin:0; color:{muted}">{escape(text)}</p>'


def card_html(link: Link, card: Card, palette: QPalette) -> str:
    """All that is known of one card."""
    ended = f"ended {card.ended}" if card.ended else ""
    said = [f"In {link.name}: {link.what}", card.note, *card.lines]
    warning = _signed(Severity.WARNING, ended, palette) if ended else ""
    return f"<p style='margin:0 0 4px 0'><b>{escape(card.title)}</b></p>{warning}{_list(said)}"


def binary_html(tried: Tried, palette: QPalette) -> str:
    """Whether a binary starts, and what each check said; of a medium every loader on it."""
    judgement = tried.judgement
    name = tried.path.rpartition("/")[2]
    if tried.chains:
        parts = [_answer(name, judgement, palette)]
        parts += [_chain(chain, palette) for chain in tried.chains]
        parts += [
            _signed(Severity.WARNING, f"not looked at: {each}", palette) for each in tried.unread
        ]
        return "".join(parts)
    more = [f"Authenticode SHA-256 {judgement.binary.digest.hex()}"]
    steps = [step for step in judgement.steps if step != judgement.why]
    return f"{_answer(name, judgement, palette)}{_list([*steps, *more])}"


def _answer(name: str, judgement: Judgement, palette: QPalette) -> str:
    style = theme.fit_style(fit_of(judgement), palette)
    return (
        f'<p style="margin:0 0 4px 0"><b><span style="color:{style.colour.name()}">{style.sign} '
        f"{escape(name)} {escape(answer(judgement))}</span></b>: {escape(judgement.why)}.</p>"
    )


def _chain(chain: Chain, palette: QPalette) -> str:
    """One loader, and what it starts, each with its sign."""
    lines = []
    for number, stage in enumerate(chain.stages):
        style = theme.fit_style(fit_of(stage.judgement), palette)
        indent = "&nbsp;" * 4 * min(number, 4)
        lines.append(
            f'{indent}<span style="color:{style.colour.name()}">{style.sign}</span> '
            f"{escape(stage.path)}: {escape(stage.by)}, {escape(stage.judgement.why)}"
        )
    return f'<p style="margin:0 0 4px 0">{"<br>".join(lines)}</p>'


def _list(lines: Iterable[str]) -> str:
    return "".join(f'<p style="margin:0 0 2px 0">{escape(line)}</p>' for line in lines if line)
