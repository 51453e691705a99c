"""The domains of one package on a host with another: which survive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.hosts.matrix_board import SHORT_OUTCOMES
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor

    from ovmfgui.hosts.matrix_board import Passage


def summary(passages: Sequence[Passage], hidden: int = 0) -> str:
    """How many survive, in one sentence; what is missing first.

    Args:
        passages: those in sight.
        hidden: how many a filter keeps out of sight.
    """
    if not passages:
        return "No domain of A meets CODE of its own processor and name in B."
    more = f" {hidden} with CODE of another name not shown." if hidden else ""
    missing = sum(each.missing for each in passages)
    if missing:
        codes = len({each.code.path for each in passages})
        begin = f"{missing} of {codes} CODE files are missing on B: their domains do not start. "
    else:
        begin = ""
    met = [each for each in passages if not each.missing]
    return (begin + (_of_those_met(met) if met else "") + more).strip()


def _of_those_met(passages: Sequence[Passage]) -> str:
    well = sum(each.survives for each in passages)
    if well == len(passages):
        many = "All survive" if len(passages) > 1 else "It survives"
        return f"{many} the migration and the next power-on."
    refused = sum(1 for each in passages if each.qemu_error)
    fallen = sum(1 for each in passages if not each.verdict.fit.well)
    lost = sum(1 for each in passages if each.lost)
    less = f", {lost} with less than before" if lost else ""
    return (
        f"{well} of {len(passages)} survive both; {refused} refused while running, "
        f"{fallen} not well after the next power-on{less}."
    )


def _running(passage: Passage) -> QColor:
    fit = Fit.INCOMPATIBLE if passage.qemu_error else Fit.FITS
    return theme.fit_style(fit, QGuiApplication.palette()).colour


def _power_on(passage: Passage) -> theme.SignStyle:
    return theme.fit_style(passage.verdict.fit, QGuiApplication.palette())


def _there(passage: Passage) -> str:
    if passage.missing:
        return "✖ not on B"
    lost = "; ".join(passage.lost)
    return f"{passage.other.name} (⚠ {lost})" if lost else passage.other.name


_EQUAL = "QEMU compares the sizes of the chips alone: they are equal"
_COLUMNS: tuple[Column[Passage], ...] = (
    Column("Domain's CODE", lambda each: each.code.name, full=lambda each: each.code.tip),
    Column("Domain's VARS", lambda each: each.store.name, full=lambda each: each.store.tip),
    Column("CODE there", _there, full=lambda each: each.other.tip),
    Column(
        "While running",
        lambda each: "✖ Refused" if each.qemu_error else "✔ Accepted",
        full=lambda each: each.qemu_error or _EQUAL,
        ink=_running,
        bold=True,
    ),
    Column(
        "At the next power-on",
        lambda each: f"{each.verdict.fit.sign} {SHORT_OUTCOMES[each.verdict.outcome]}",
        full=lambda each: f"<p>{each.verdict.summary}</p>",
        ink=lambda each: _power_on(each).colour,
        bold=True,
    ),
)


def passages_model(parent: QObject | None = None) -> RowsModel[Passage]:
    """A row for each domain and CODE that it may meet; both answers by sign, word and colour."""
    return RowsModel(_COLUMNS, parent=parent)
