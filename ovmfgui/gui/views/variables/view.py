"""The variables: Secure Boot and the room at a glance, the table, and the value of one below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.finding import Severity
from ovmfgui.gui.keeping import FilterAndPlace
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths, when_chosen
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.models.records import Change, RecordsModel, rows_of, vendor_text
from ovmfgui.gui.views.variables.boot_edits import BootEdits
from ovmfgui.gui.views.variables.boot_order_pane import BootOrderPane
from ovmfgui.gui.views.variables.record_menu import record_menu
from ovmfgui.gui.views.variables.secure_boot_line import SecureBootLine
from ovmfgui.gui.views.variables.store_gauge import StoreGauge
from ovmfgui.gui.views.variables.words import why_no_rows, why_no_table
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.filter_line import FilterLine
from ovmfgui.gui.widgets.message_bar import MessageBar
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.value_pane import ValuePane
from ovmfgui.nvram.boot_options import boot_options
from ovmfgui.nvram.decode.remembered import Decoding
from ovmfgui.nvram.limits import fits
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.span import Span

_SAMPLES = ("InitialAttemptOrder", "EfiGlobalVariable", "NV BS RT AT", "00,000", "n" * 34,
            "superseded", "2024-05-31 12:00", "0x000000")  # fmt: skip

_NOTHING_FOUND = "No variable matches the filter."


class VariablesView(QWidget):
    """Follows the document's selection and sets it."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document = workbench.document
        self._following = False
        self._decoding = Decoding()
        self.model = RecordsModel(self._summary, self)
        self.filtered = WordFilter(self)
        self.filtered.setSourceModel(self.model)
        self.offer = MessageBar(self)
        self.secure_boot = SecureBootLine(self)
        self.gauge = StoreGauge(self)
        self.filter = FilterLine(
            "Filter by name, vendor, GUID, attributes or value", "Filter variables", self
        )
        self.filtered.wrong_changed.connect(self.filter.tell)
        self.every = QCheckBox("All records", self)
        self.count = PlainLabel(self)
        self.table = QTableView(self)
        self.value = ValuePane(self)
        self.value.bytes.copying = workbench.copying
        self.boot = BootOrderPane(self)
        self.boot_button = QToolButton(self)
        self.under = QStackedWidget(self)
        self.format = QPushButton("Format into a new file…", self)
        self._build()
        self.filter.textChanged.connect(self._on_filter)
        self._shown: tuple[Store | None, Store | None, bool | None] = (None, None, None)
        self.every.toggled.connect(self._refresh_rows)
        when_chosen(self.table, self._on_row)
        self.table.doubleClicked.connect(self._on_double_click)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.value.chosen.connect(self._on_chosen)
        self.value.revealed.connect(self._show_value)
        self.boot_button.toggled.connect(self._on_boot_button)
        self.format.clicked.connect(workbench.actions["recover-store"].trigger)
        self._connect_edits()
        document.inspection_changed.connect(self._on_inspection)
        document.selection_changed.connect(self._on_selection)
        document.presented.connect(self._fit_vendors)
        document.presented.connect(self.filter.clear)
        self.keeping = FilterAndPlace(self.filter, self.table)
        document.edits_changed.connect(self._refresh_rows)
        self._on_inspection()
        self._fit_vendors()

    def _connect_edits(self) -> None:
        actions = self._workbench.actions
        self.secure_boot.toggle_asked.connect(actions["toggle-secure-boot"].trigger)
        self.secure_boot.enrol_asked.connect(actions["enrol-keys"].trigger)
        self.secure_boot.chain_asked.connect(actions["view-secure-boot"].trigger)
        BootEdits(self._workbench, self.boot)

    def _build(self) -> None:
        self.every.setToolTip("Also show records that firmware passes over: dead and torn ones")
        self.table.setModel(self.filtered)
        dress_table(self.table, "Variables")
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        set_widths(self.table, _SAMPLES)
        self.boot_button.setText("Boot order")
        self.boot_button.setCheckable(True)
        self.boot_button.setAutoRaise(True)
        self.boot_button.setToolTip("Show the boot entries in the order that firmware tries them")
        self._rows = QStackedWidget(self)
        self._no_rows = empty_label("", self)
        self._rows.addWidget(self.table)
        self._rows.addWidget(self._no_rows)
        # A header, a row and the scroll bar: in a small window a message needs the rest.
        self._rows.setMinimumHeight(14 * theme.GRID)
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.offer)
        column.addLayout(self._top())
        column.addWidget(self._rows, 1)
        self.under.addWidget(self.value)
        self.under.addWidget(self.boot)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.under)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([90 * theme.GRID, 50 * theme.GRID])
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(self.splitter)

    def _top(self) -> QVBoxLayout:
        top = QVBoxLayout()
        margin = 2 * theme.GRID
        top.setContentsMargins(margin, margin, margin, theme.GRID)
        top.setSpacing(margin)
        top.addWidget(self.secure_boot)
        top.addWidget(self.gauge)
        row = QHBoxLayout()
        row.setSpacing(margin)
        row.addWidget(self.filter, 1)
        row.addWidget(self.count)
        row.addWidget(self.every)
        row.addWidget(self.boot_button)
        top.addLayout(row)
        return top

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        self._empty = empty_label("", page)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self.format, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

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
        self._empty.setText(why_no_table(store, opened=self._document.image is not None))
        self._stack.setCurrentIndex(0 if self._empty.text() else 1)
        self.format.setVisible(store is not None and bool(self._empty.text()))
        blank = store is not None and store.blank is not None
        self.format.setText("Format into a new file…" if blank else "Recover into a new file…")
        if store is not None and store.readable:
            self._show_whole(store)
        self._refresh_rows()

    def _show_whole(self, store: Store) -> None:
        why_not = self._document.read_only_because
        self.gauge.show_gauge(store.gauge, *fits(store, self._document.limits))
        out_of_reach = why_not if store.carved or store.broken else ""
        self.secure_boot.show_state(secure_boot(store), why_not, out_of_reach)
        self.boot.show_options(boot_options(store), why_not)
        if why_not:
            title, cure = ("Recover into a new file…", "recover-store")
            if self._document.locked:
                title, cure = ("Save as…", "save-as")
            offers = ((title, self._workbench.actions[cure].trigger),)
            self.offer.show_message(
                f"Read-only: {why_not}.".replace("..", "."), Severity.WARNING, offers=offers
            )
        else:
            self.offer.hide()

    def _refresh_rows(self, _what: object = None) -> None:
        saved = self._document.saved
        shown = (
            self._document.store,
            saved.store if saved is not None else None,
            self.every.isChecked(),
        )
        # An edit is told more than once: as another inspection, and by the undo stack.
        if all(new is old for new, old in zip(shown, self._shown, strict=True)):
            return
        self._shown = shown
        rows = rows_of(*shown[:2], every=bool(shown[2]))
        self._following = True
        try:
            self.model.set_rows(rows)
        finally:
            self._following = False
        self._show_count()
        self._on_selection(self._document.selection)

    def _fit_vendors(self) -> None:
        """A vendor is told apart by all of its name, or of its GUID."""
        metrics = self.table.fontMetrics()
        texts = {vendor_text(row.record) for row in self.model.rows}
        wide = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        header = self.table.horizontalHeader()
        header.resizeSection(1, max(wide + 6 * theme.GRID, header.sectionSizeHint(1)))

    def show_boot_order(self) -> None:
        """Bring the boot entries up below the table."""
        self.boot_button.setChecked(True)
        self.boot.choose_first()
        self.boot.entries.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_boot_button(self, checked: bool) -> None:
        self.under.setCurrentWidget(self.boot if checked else self.value)

    def _show_count(self) -> None:
        total, shown = self.model.rowCount(), self.filtered.rowCount()
        what = "records" if self.every.isChecked() else "variables"
        if not self.every.isChecked():
            total -= sum(row.change is Change.OLD for row in self.model.rows)
        self.count.setText(
            f"{shown} of {total} {what}" if self.filter.text() else f"{total} {what}"
        )
        document = self._document
        why = why_no_rows(document.store, document.read_only_because)
        self._no_rows.setText(_NOTHING_FOUND if total else why)
        self._rows.setCurrentWidget(self.table if shown else self._no_rows)

    def _on_selection(self, place: Place | None) -> None:
        record = self._document.record_at(place)
        row = self.model.row_of(record) if record is not None else None
        source = QModelIndex() if row is None else self.model.index(row, 0)
        index = self.filtered.mapFromSource(source)
        self._show_value()
        if place is not None:
            self.boot.follow(record)
        self._following = True
        try:
            self.table.setCurrentIndex(index)
            if index.isValid():
                self.table.scrollTo(index)
            else:
                self.table.clearSelection()
        finally:
            self._following = False

    def _show_value(self) -> None:
        place = self._document.selection
        record = self._document.record_at(place)
        if record is None or place is None:
            self.value.show_record(None, None)
            return
        reveal = self.value.reveals(record)
        self.value.show_record(record, self._decoding.of(record, place.space, reveal=reveal))
        self.value.mark(place.span)

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
        self.boot_button.setChecked(False)
        self._document.select(Place(store.space, record.span))

    def _on_chosen(self, span: Span) -> None:
        store = self._document.store
        if store is not None:
            self._document.select(Place(store.space, span))

    def _on_double_click(self, _index: QModelIndex) -> None:
        self._workbench.actions["edit-variable"].trigger()

    def _on_menu(self, position: QPoint) -> None:
        index = self.table.indexAt(position)
        record = None
        if index.isValid():
            record = self.model.rows[self.filtered.mapToSource(index).row()].record
        menu = record_menu(self, record, self._workbench.actions, self._workbench.copying)
        menu.popup(self.table.viewport().mapToGlobal(position))

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        return (("hex", self._pose_hex), ("boot-order", self.show_boot_order))

    def _pose_hex(self) -> None:
        if self.filtered.rowCount():
            self.table.setCurrentIndex(self.filtered.index(0, 0))
        self.boot_button.setChecked(False)
        self.value.hex_button.click()
