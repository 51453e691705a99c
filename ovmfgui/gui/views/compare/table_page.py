"""A page of rows with a filter line and what can be said of them in a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTableView, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor

    from ovmfgui.gui.models.columns import Column


class TablePage(QWidget):
    """Rows that can be filtered, walked and chosen.

    Args:
        name: read to a screen reader.
        ink: the colour of a row's text.

    Signals:
        current_changed: the row that the user came to.
        activated: the row that was double-clicked, or Enter pressed on.
    """

    current_changed = Signal(object)
    activated = Signal(object)

    def __init__(
        self,
        name: str,
        ink: Callable[[Any], QColor | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ink = ink
        self._following = False
        self.model: RowsModel[Any] = RowsModel((), ink, self)
        self.filtered = WordFilter(self)
        self.table = QTableView(self)
        self.table.setModel(self.filtered)
        dress_table(self.table, name)
        self.filter = FilterLine("Filter", f"Filter {name}", self)
        self.filter.setMaximumWidth(80 * theme.GRID)
        self.text = ElidedLabel("", self)
        top = QHBoxLayout()
        top.setContentsMargins(3 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        top.addWidget(self.text, 1)
        top.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.filter.textChanged.connect(self.filtered.set_words)
        self.filtered.wrong_changed.connect(self.filter.tell)
        self.table.activated.connect(self._on_activated)
        self.table.clicked.connect(self._on_row)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def show_rows(
        self, rows: Sequence[Any], columns: Sequence[Column[Any]], samples: Sequence[str], text: str
    ) -> None:
        """Show other rows, with columns as wide as ``samples``; ``text`` says what they are."""
        old, self.model = self.model, RowsModel(columns, self._ink, self)
        self.model.set_rows(rows)
        self._following = True
        self.filtered.setSourceModel(self.model)
        # A row is current from the start: with the first focus Qt would make one so and say it.
        self.table.setCurrentIndex(self.filtered.index(0, 0))
        self._following = False
        old.deleteLater()
        set_widths(self.table, samples)
        self.text.setText(text)

    def row(self, index: QModelIndex) -> Any:
        """The row behind an index of the table; None for none."""
        source = self.filtered.mapToSource(index)
        return self.model.rows[source.row()] if source.isValid() else None

    def go_to(self, number: int) -> None:
        """Make a row the current one without saying so."""
        index = self.filtered.mapFromSource(self.model.index(number, 0))
        self._following = True
        try:
            self.table.setCurrentIndex(index)
            if index.isValid():
                self.table.scrollTo(index)
        finally:
            self._following = False

    def _on_row(self, index: QModelIndex) -> None:
        row = self.row(index)
        if row is not None and not self._following:
            self.current_changed.emit(row)

    def _on_activated(self, index: QModelIndex) -> None:
        row = self.row(index)
        if row is not None:
            self.activated.emit(row)

    def begin_filter(self) -> None:
        """Put the cursor into the filter line."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()
