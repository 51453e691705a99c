"""Rows of one kind as a table, told by its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from ovmfgui.gui.models.columns import (
    FOREGROUND,
    TEXT_ROLE,
    UNANSWERED,
    Column,
    Index,
    Row,
    header_cell,
)

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
        self._given: tuple[Row, ...] = ()
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows in place of these."""
        self.beginResetModel()
        self.rows = self.in_order(rows)
        self.endResetModel()

    def in_order(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Rows that are to be shown next, in the order that the table is sorted in."""
        self._given = tuple(rows)
        return tuple(self._given[number] for number in self._ordered())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; as they were given where it is -1.

        Here and not in the proxy above, which would ask for each comparison's two values: a
        sorting of 2,000 rows is 40,000 questions.
        """
        self.layoutAboutToBeChanged.emit()
        old = self._ordered()
        self._sorted_by = (column, order)
        new = self._ordered()
        at = {number: row for row, number in enumerate(new)}
        for index in self.persistentIndexList():
            moved = self.index(at[old[index.row()]], index.column())
            self.changePersistentIndex(index, moved)
        self.rows = tuple(self._given[number] for number in new)
        self.layoutChanged.emit()

    def _ordered(self) -> list[int]:
        """The rows as they stand, by their numbers among those that were given."""
        column, order = self._sorted_by
        numbers = list(range(len(self._given)))
        if 0 <= column < len(self.columns):
            keys = [self.columns[column].order(row) for row in self._given]
            downwards = order is Qt.SortOrder.DescendingOrder
            numbers.sort(key=keys.__getitem__, reverse=downwards)
        return numbers

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
        if role in UNANSWERED or not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == TEXT_ROLE:
            return self.text(row)
        if role == FOREGROUND and column.ink is None:
            ink = self._ink(row)
            return None if ink is None else QBrush(ink)
        return column.cell(row, role)

    def text(self, row: Row) -> str:
        """All that is shown of a row, for the filter line."""
        return "\n".join(each.text(row) for each in self.columns)
