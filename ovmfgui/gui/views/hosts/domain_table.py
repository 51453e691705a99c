"""The domains as a table that can be filtered and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from ovmfgui.gui.look.item_views import dress_table, set_widths
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.views.hosts.rows import SAMPLES, DomainsModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.hosts.preflight import Row


class DomainTable(QWidget):
    """A row a domain.

    Signals:
        row_chosen: the ``Row`` that is current now; None for none.
        activated: Enter, or a double click.
        wrong_changed: as ``WordFilter``'s.
    """

    row_chosen = Signal(object)
    activated = Signal()
    wrong_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = DomainsModel(self)
        self._shown = _Shown(self)
        self._shown.wrong_changed.connect(self.wrong_changed)
        self._shown.setSourceModel(self.model)
        self.table = QTableView(self)
        self.table.setModel(self._shown)
        dress_table(self.table, "Domains")
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        set_widths(self.table, SAMPLES)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        for number in range(2, 7):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.activated.connect(lambda _index: self.activated.emit())

    @property
    def row(self) -> Row | None:
        """The row of the current domain; None where there is none."""
        index = self._shown.mapToSource(self.table.currentIndex())
        return self.model.rows[index.row()] if index.isValid() else None

    @property
    def shown(self) -> int:
        """How many rows are in sight."""
        return self._shown.rowCount()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Other domains, the first of them current."""
        self.model.set_rows(rows)
        self._choose_first()

    def show_only(self, words: str, *, not_well: bool) -> None:
        """Rows with all these words, or only those of them that are not well."""
        self._shown.only_not_well = not_well
        self._shown.set_words(words)
        self._shown.invalidate()
        if self.row is None:
            self._choose_first()

    def _choose_first(self) -> None:
        if self._shown.rowCount():
            self.table.setCurrentIndex(self._shown.index(0, 1))
        else:
            self.row_chosen.emit(None)

    def _on_current(self, _index: QModelIndex) -> None:
        self.row_chosen.emit(self.row)


class _Shown(WordFilter):
    """What the filter line and the check box leave."""

    only_not_well = False

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """Whether the row is to be seen."""
        model = self.sourceModel()
        assert isinstance(model, DomainsModel)
        if self.only_not_well and model.rows[source_row].well:
            return False
        return super().filterAcceptsRow(source_row, source_parent)
