"""The filter lines above tables and trees."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE
from ovmfgui.gui.models.pattern import pattern_of
from ovmfgui.gui.models.rows import RowsModel


class WordFilter(QSortFilterProxyModel):
    """Rows in whose ``TEXT_ROLE`` is what a filter line asks for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pattern = pattern_of("")
        self.setSortRole(SORT_ROLE)
        self.setRecursiveFilteringEnabled(True)

    def set_words(self, text: str) -> None:
        """Show rows with these words, or that match this /pattern/; all rows for neither."""
        pattern = pattern_of(text)
        if pattern is not self._pattern:
            self._pattern = pattern
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
        """Whether the row is one of those asked for."""
        if self._pattern.everything:
            return True
        model = self.sourceModel()
        said = str(model.data(model.index(source_row, 0, source_parent), TEXT_ROLE))
        return self._pattern.matches(said.casefold())
