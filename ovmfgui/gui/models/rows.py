"""Rows of one kind as a table, told by its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE, Column, Index, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Immutable rows, worked out cell by cell as they come into sight.

    Args:
        columns: the table's.
        ink: the colour of a row's text; None for the palette's.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        ink: Callable[[Row], QColor | None] = lambda _row: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._ink = ink
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show others."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, alignment and tips."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self._columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return (column.full(row) or None) if column.full is not None else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case Qt.ItemDataRole.FontRole:
                return theme.fixed_font() if column.number or column.fixed else None
            case Qt.ItemDataRole.ForegroundRole:
                ink = self._ink(row)
                return None if ink is None else QBrush(ink)
            case _:
                return self._own_role(row, column, role)

    def _own_role(self, row: Row, column: Column[Row], role: int) -> Any:
        if role == SORT_ROLE:
            return column.order(row)
        if role == TEXT_ROLE:
            return "\n".join(each.text(row) for each in self._columns)
        return None
