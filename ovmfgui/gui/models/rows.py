"""Rows of one kind as a table, told by its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from ovmfgui.gui.models.columns import TEXT_ROLE, Column, Index, Row, header_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Immutable rows, worked out cell by cell as they come into sight.

    Args:
        columns: the table's.
        ink: the colour of a row's text; None for the palette's. Asked for at each painting, so
            that it may follow the palette.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        ink: Callable[[Row], QColor | None] = lambda _row: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._ink = ink
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows in place of these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows there are; none below another."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are; none below a row."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, alignment and tips."""
        return header_cell(self.columns, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, in the colour of its column or else of its row."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == TEXT_ROLE:
            return self.text(row)
        if role == Qt.ItemDataRole.ForegroundRole and column.ink is None:
            ink = self._ink(row)
            return None if ink is None else QBrush(ink)
        return column.cell(row, role)

    def text(self, row: Row) -> str:
        """All that is shown of a row, for the filter line."""
        return "\n".join(each.text(row) for each in self.columns)
