"""The filter lines above tables and trees."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)

from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE
from ovmfgui.gui.models.pattern import Filter
from ovmfgui.gui.models.rows import RowsModel


class WordFilter(QSortFilterProxyModel):
    """Rows in whose ``TEXT_ROLE`` is what a filter line asks for.

    Signals:
        wrong_changed: why everything is shown though something is asked for; empty where it is not.
    """

    wrong_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked = Filter()
        # Rows that were left out before a pattern was given up are looked at once more.
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self._refilter)
        self.setSortRole(SORT_ROLE)
        self.setRecursiveFilteringEnabled(True)

    def set_words(self, text: str) -> None:
        """Show rows with these words, or that match this /pattern/; all rows for neither."""
        if self._asked.ask(text):
            self._refilter()
            self.rowCount()  # Qt asks about the rows only now.
            if self._again.isActive():
                self._refilter()

    def _refilter(self) -> None:
        self._again.stop()
        self.invalidate()
        self.wrong_changed.emit(self._asked.wrong)

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
        if self._asked.everything:
            return True
        model = self.sourceModel()
        if isinstance(model, RowsModel):
            # Without a cell's way through Qt: it is asked for each of thousands of rows.
            said = model.text(model.rows[source_row])
        else:
            said = str(model.data(model.index(source_row, 0, source_parent), TEXT_ROLE))
        taken = self._asked.takes(said.casefold())
        if self._asked.given_up:
            self._again.start()
        return taken
