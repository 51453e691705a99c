"""The domains of one host on another, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.hosts.live_migration import Answer
from ovmfgui.hosts.matrix_board import SHORT_OUTCOMES
from ovmfgui.hosts.preflight import MISSING, OTHER, SAME
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.layout.words import OUTCOMES
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor

    from ovmfgui.hosts.preflight import Preflight, Row

_LIVE: Mapping[Answer, tuple[Fit, str]] = {
    Answer.ACCEPTED: (Fit.FITS, "accepted"),
    Answer.REFUSED: (Fit.INCOMPATIBLE, "refused"),
    Answer.UNKNOWN: (Fit.UNKNOWN, "not known"),
}

FIT_OF: Mapping[Outcome, Fit] = {
    Outcome.BOOTS: Fit.FITS,
    Outcome.BOOTS_INITIALISES: Fit.FITS,
    Outcome.BOOTS_VOLATILE: Fit.INCOMPATIBLE,
    Outcome.BOOTS_CORRUPTING: Fit.INCOMPATIBLE,
    Outcome.WIPED: Fit.INCOMPATIBLE,
    Outcome.NO_BOOT: Fit.INCOMPATIBLE,
    Outcome.REFUSED_BY_QEMU: Fit.INCOMPATIBLE,
    Outcome.UNKNOWN: Fit.UNKNOWN,
}
"""The sign and colour that an outcome is shown with."""

_THERE: Mapping[str, tuple[str, str]] = {
    SAME: ("same", "The same file lies under this path on both hosts"),
    OTHER: ("other build", "Another file lies under this path there"),
    MISSING: ("✖ missing", "Nothing lies under this path there"),
}


def style_of(fit: Fit) -> theme.SignStyle:
    """Sign and colour, in the palette in use."""
    return theme.fit_style(fit, QGuiApplication.palette())


def overall(row: Row) -> Fit:
    """Whether a domain may go: not known is neither yes nor no."""
    if row.well:
        return Fit.FITS
    unknown = row.live.answer is not Answer.REFUSED and row.next_power_on in (None, Outcome.UNKNOWN)
    return Fit.UNKNOWN if unknown else Fit.INCOMPATIBLE


def live_words(row: Row) -> str:
    """What becomes of a running domain, by sign and word."""
    fit, word = _LIVE[row.live.answer]
    return f"{fit.sign} {word}"


def outcome_words(outcome: Outcome | None) -> str:
    """What happens at a power-on, by sign and word."""
    return "no UEFI" if outcome is None else f"{FIT_OF[outcome].sign} {SHORT_OUTCOMES[outcome]}"


def _outcome_ink(outcome: Outcome | None) -> QColor:
    if outcome is None:
        return theme.muted(QGuiApplication.palette())
    return style_of(FIT_OF[outcome]).colour


def _full(outcome: Outcome | None) -> str:
    return "" if outcome is None else OUTCOMES[outcome]


def summary(found: Preflight) -> str:
    """All rows in one sentence, the worst first."""
    rows = found.rows
    if not rows:
        return "There are no domains on this host."
    well = sum(row.well for row in rows)
    if well == len(rows):
        return f"{count(well, 'domain')}: all can go, and start again there."
    refused = sum(row.live.answer is Answer.REFUSED for row in rows)
    fallen = sum(
        row.next_power_on is not None and FIT_OF[row.next_power_on] is Fit.INCOMPATIBLE
        for row in rows
    )
    unknown = sum(overall(row) is Fit.UNKNOWN for row in rows)
    parts = [
        f"{refused:,} refused while running" * bool(refused),
        f"{fallen:,} not well after the next power-on" * bool(fallen),
        f"{unknown:,} not known" * bool(unknown),
    ]
    told = "; ".join(part for part in parts if part)
    return f"{well:,} of {count(len(rows), 'domain')} can go." + (f" {told}." if told else "")


_ORDER = (Fit.INCOMPATIBLE, Fit.UNKNOWN, Fit.RISKY, Fit.FITS)

_COLUMNS: tuple[Column[Row], ...] = (
    Column(
        "",
        lambda row: overall(row).sign,
        sort=lambda row: _ORDER.index(overall(row)),
        tip="Whether the domain can go and starts again there",
        ink=lambda row: style_of(overall(row)).colour,
        full=lambda row: "well" if row.well else "not well",
        bold=True,
    ),
    Column("Domain", lambda row: row.name, full=lambda row: row.name),
    Column("State", lambda row: row.state),
    Column(
        "CODE there",
        lambda row: _THERE.get(row.code_there, ("?" if row.code else "–", ""))[0],
        tip="What lies on the other host under the path of the domain's CODE",
        full=lambda row: (
            f"{row.code}: {_THERE.get(row.code_there, ('', 'not known'))[1]}" if row.code else ""
        ),
    ),
    Column(
        "While running",
        live_words,
        tip="Whether a live migration is accepted",
        full=lambda row: row.live.reason,
        ink=lambda row: style_of(_LIVE[row.live.answer][0]).colour,
        bold=True,
    ),
    Column(
        "Next power-on there",
        lambda row: outcome_words(row.next_power_on),
        tip="With the store that a live migration brings along",
        full=lambda row: _full(row.next_power_on),
        ink=lambda row: _outcome_ink(row.next_power_on),
        bold=True,
    ),
    Column(
        "Moved switched off",
        lambda row: outcome_words(row.offline_move),
        tip="With the definition alone, as libvirt carries it: the variables stay behind",
        full=lambda row: _full(row.offline_move),
        ink=lambda row: _outcome_ink(row.offline_move),
    ),
)

SAMPLES = ("✖✖", "a-domain-with-a-name", "shut off", "other build", "✔ accepted", "", "")
"""As wide as the columns begin."""


class DomainsModel(RowsModel["Row"]):
    """A row a domain; the filter line finds what the row's reasons say too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent=parent)

    def text(self, row: Row) -> str:
        """All that is shown of a row, and its path and reasons."""
        more = (row.code, row.live.reason, *(finding.text for finding in row.findings))
        return "\n".join((super().text(row), *more))
