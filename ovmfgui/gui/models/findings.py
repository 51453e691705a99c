"""The findings as a table, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.finding import Finding, Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from ovmfgui.span import Place

_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def _style(finding: Finding) -> theme.SignStyle:
    return theme.severity_style(finding.severity, QGuiApplication.palette())


class FindingsModel(RowsModel[Finding]):
    """Findings by severity, then as they were noticed.

    Args:
        where: a place in words.
    """

    def __init__(self, where: Callable[[Place], str], parent: QObject | None = None) -> None:
        columns: tuple[Column[Finding], ...] = (
            Column(
                "",
                lambda each: f"{_style(each).sign} {_style(each).word}",
                ink=lambda each: _style(each).colour,
            ),
            Column("Where", lambda each: where(each.place) if each.place else "", fixed=True),
            Column(
                "What it is, what it means, what to do",
                lambda each: each.text,
                full=lambda each: each.text,
            ),
        )
        super().__init__(columns, parent=parent)

    def set_rows(self, rows: Sequence[Finding]) -> None:
        """Show these findings in place of the former."""
        super().set_rows(sorted(rows, key=lambda each: _GRAVEST_FIRST.index(each.severity)))
