"""The variables: how the room is spent, a filter line, the table, and the value of one below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui import theme
from ovmfgui.gui.models.decoding import Decoding
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.models.records import Change, RecordsModel, rows_of
from ovmfgui.gui.tables import dress_table, set_widths
from ovmfgui.gui.views.store_gauge import StoreGauge
from ovmfgui.gui.views.value_pane import ValuePane
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.nvram.limits import limits_of
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.walk import header_size
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document import Document
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.span import Span

_SAMPLES = ("InitialAttemptOrder", "EfiGlobalVariable", "NV BS RT AT", "00,000", "superseded",
            "0x000000")  # fmt: skip

_BLANK = {
    "zero": "This is a blank template, nothing but zeros. Firmware formats it at the first start; "
    "until then there are no variables.",
    "erased": "This is erased flash, nothing but 0xFF. Firmware formats it at the first start; "
    "until then there are no variables.",
}


def largest_that_fits(store: Store) -> int:
    """Bytes of name and value that the largest new variable may have: room and firmware's limit."""
    room = store.gauge.free - header_size(store.authenticated)
    return max(0, min(room, limits_of(store).largest(Attributes(0), store.authenticated)))


class VariablesView(QWidget):
    """Follows the document's selection and sets it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._following = False
        self._decoding = Decoding()
        self.model = RecordsModel(self._summary, self)
        self.filtered = WordFilter(self)
        self.filtered.setSourceModel(self.model)
        self.gauge = StoreGauge(self)
        self.filter = QLineEdit(self)
        self.every = QCheckBox("All records", self)
        self.count = QLabel(self)
        self.table = QTableView(self)
        self.value = ValuePane(self)
        self._build()
        self.filter.textChanged.connect(self._on_filter)
        self.every.toggled.connect(self._refresh_rows)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.clicked.connect(self._on_row)
        self.table.doubleClicked.connect(self._on_double_click)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.value.chosen.connect(self._on_chosen)
        document.inspection_changed.connect(self._on_inspection)
        document.selection_changed.connect(self._on_selection)
        document.edits_changed.connect(self._refresh_rows)
        self._on_inspection()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter by name, vendor, GUID, attributes or value")
        self.filter.setAccessibleName("Filter variables")
        self.filter.setClearButtonEnabled(True)
        self.every.setToolTip("Also show records that firmware passes over: dead and torn ones")
        self.table.setModel(self.filtered)
        dress_table(self.table, "Variables")
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        set_widths(self.table, _SAMPLES)
        top = QVBoxLayout()
        margin = 2 * theme.GRID
        top.setContentsMargins(margin, margin, margin, theme.GRID)
        top.setSpacing(margin)
        top.addWidget(self.gauge)
        row = QHBoxLayout()
        row.setSpacing(margin)
        row.addWidget(self.filter, 1)
        row.addWidget(self.count)
        row.addWidget(self.every)
        top.addLayout(row)
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.value)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([90 * theme.GRID, 50 * theme.GRID])
        self._stack = QStackedLayout(self)
        self._empty = empty_label("", self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.splitter)

    def changeEvent(self, event: QEvent) -> None:
        """Other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.model.set_palette(self.palette())

    def show_find(self) -> None:
        """Put the cursor into the filter line."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    # What the document says

    def _summary(self, record: Record) -> str:
        store = self._document.store
        return self._decoding.of(record, store.space if store is not None else 0).summary

    def _on_inspection(self) -> None:
        store = self._document.store
        self._empty.setText(self._why_empty(store))
        if store is not None and store.header_span is not None:
            self.gauge.show_gauge(store.gauge, largest_that_fits(store))
        self._stack.setCurrentIndex(0 if self._empty.text() else 1)
        self._refresh_rows()

    def _why_empty(self, store: Store | None) -> str:
        if self._document.image is None:
            return "Open a VARS file to see its variables."
        if store is None:
            return "A CODE image keeps no variables. Add the VARS file that belongs to it."
        if store.blank is not None:
            return _BLANK[store.blank]
        if store.header_span is None:
            return "No variable store header was found here; the findings below say more."
        return ""

    def _refresh_rows(self, _what: object = None) -> None:
        saved = self._document.saved
        rows = rows_of(
            self._document.store,
            saved.store if saved is not None else None,
            every=self.every.isChecked(),
        )
        self._following = True
        try:
            self.model.set_rows(rows)
        finally:
            self._following = False
        self._show_count()
        self._on_selection(self._document.selection)

    def _show_count(self) -> None:
        total, shown = self.model.rowCount(), self.filtered.rowCount()
        what = "records" if self.every.isChecked() else "variables"
        if not self.every.isChecked():
            total -= sum(row.change is Change.OLD for row in self.model.rows)
        self.count.setText(
            f"{shown} of {total} {what}" if self.filter.text() else f"{total} {what}"
        )

    def _on_selection(self, place: Place | None) -> None:
        record = self._document.record_at(place)
        row = self.model.row_of(record) if record is not None else None
        source = QModelIndex() if row is None else self.model.index(row, 0)
        index = self.filtered.mapFromSource(source)
        space = place.space if place is not None else 0
        self.value.show_record(record, self._decoding.of(record, space) if record else None)
        if place is not None:
            self.value.mark(place.span)
        self._following = True
        try:
            self.table.setCurrentIndex(index)
            if index.isValid():
                self.table.scrollTo(index)
            else:
                self.table.clearSelection()
        finally:
            self._following = False

    # What the user does

    def _on_filter(self, text: str) -> None:
        self._following = True
        try:
            self.filtered.set_words(text)
        finally:
            self._following = False
        self._show_count()
        self._on_selection(self._document.selection)

    def _on_row(self, index: QModelIndex) -> None:
        store = self._document.store
        if not index.isValid() or self._following or store is None:
            return
        record = self.model.rows[self.filtered.mapToSource(index).row()].record
        self._document.select(Place(store.space, record.span))

    def _on_chosen(self, span: Span) -> None:
        store = self._document.store
        if store is not None:
            self._document.select(Place(store.space, span))

    def _on_double_click(self, _index: QModelIndex) -> None:
        for action in self.window().actions():
            if action.objectName() == "edit-variable" and action.isEnabled():
                action.trigger()

    def _on_menu(self, position: QPoint) -> None:
        wanted = ("edit-variable", "new-variable", "delete-variable", "copy-bytes", "copy-offset")
        actions = {action.objectName(): action for action in self.window().actions()}
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([actions[name] for name in wanted if name in actions])
        menu.popup(self.table.viewport().mapToGlobal(position))

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        return (("hex", self._pose_hex),)

    def _pose_hex(self) -> None:
        if self.filtered.rowCount():
            self.table.setCurrentIndex(self.filtered.index(0, 0))
        self.value.hex_button.click()
