"""The findings as a table, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush, QPalette
from PySide6.QtWidgets import QApplication

from ovmfgui.finding import Finding, Severity
from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.models.columns import Index
    from ovmfgui.span import Place

TITLES = ("", "Where", "What it is, what it means, what to do")
_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class FindingsModel(QAbstractTableModel):
    """Findings by severity, then as they were noticed.

    Args:
        where: a place in words.
    """

    def __init__(self, where: Callable[[Place], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._where = where
        self._findings: tuple[Finding, ...] = ()
        self._palette = QApplication.palette()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is shown, in order."""
        return self._findings

    def set_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings."""
        self.beginResetModel()
        self._findings = tuple(
            sorted(findings, key=lambda finding: _GRAVEST_FIRST.index(finding.severity))
        )
        self.endResetModel()

    def set_palette(self, palette: QPalette) -> None:
        """Colours changed."""
        self._palette = palette
        self.set_findings(self._findings)

    def rowCount(self, parent: Index | None = None) -> int:
        """Findings."""
        return 0 if parent is not None and parent.isValid() else len(self._findings)

    def columnCount(self, parent: Index | None = None) -> int:
        """Severity, where, what."""
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells: sign and word, the place, the text."""
        if not index.isValid():
            return None
        finding, column = self._findings[index.row()], index.column()
        style = theme.severity_style(finding.severity, self._palette)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                where = self._where(finding.place) if finding.place is not None else ""
                return (f"{style.sign} {style.word}", where, finding.text)[column]
            case Qt.ItemDataRole.ToolTipRole:
                return f"<p>{finding.text}</p>" if column == 2 else None
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(style.colour) if column == 0 else None
            case Qt.ItemDataRole.FontRole:
                return theme.fixed_font() if column == 1 else None
            case _:
                return None
