"""The filter lines above tables and trees."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE
from ovmfgui.gui.models.rows import RowsModel


class WordFilter(QSortFilterProxyModel):
    """Rows in whose ``TEXT_ROLE`` all words occur, in any order and any case."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSortRole(SORT_ROLE)
        self.setRecursiveFilteringEnabled(True)

    def set_words(self, text: str) -> None:
        """Show rows with these words; all rows where there are none."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self.invalidate()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows; a table of rows does it itself, and this one follows."""
        source = self.sourceModel()
        if isinstance(source, RowsModel):
            source.sort(column, order)
        else:
            super().sort(column, order)

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """Whether the row has all the words."""
        if not self._words:
            return True
        model = self.sourceModel()
        text = str(model.data(model.index(source_row, 0, source_parent), TEXT_ROLE)).casefold()
        return all(word in text for word in self._words)
