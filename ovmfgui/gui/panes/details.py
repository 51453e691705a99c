"""What the selected bytes are: name, kind, where they are, and every decoded field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QStyle,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.kind_explanations import EXPLANATIONS
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths, when_chosen
from ovmfgui.gui.look.swatch import swatch
from ovmfgui.gui.look.wrapping import height_of_rows, wrap_cells
from ovmfgui.gui.models.fields import FieldsModel
from ovmfgui.gui.models.regions import ALWAYS_USED
from ovmfgui.gui.panes.front_page import FrontPage
from ovmfgui.gui.widgets.copy_menu import add_copies
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.guid import guid_name
from ovmfgui.span import Place
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ovmfgui.flash.region import Region
    from ovmfgui.gui.workbench import Workbench

_FACTS = ("In", "Offset", "Size", "Guest address", "Used", "GUID")


class DetailsPane(QWidget):
    """Follows the selection; a click on a field selects its bytes.

    What has no bytes to select, a scenario or a host, is told of as a whole.
    """

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._copying = workbench.copying
        self.front = FrontPage(workbench, self)
        self._region: Region | None = None
        self.name = WrappedLabel("", self)
        self._swatch = PlainLabel(self)
        self._kind = PlainLabel(self)
        self._detail = WrappedLabel("", self)
        self._meaning = WrappedLabel("", self)
        self._values = {fact: WrappedLabel("", self) for fact in _FACTS}
        self._guid = WrappedLabel("", self)
        self.model = FieldsModel(self, narrow=True)
        self.fields = QTableView(self)
        self._build()
        when_chosen(self.fields, self._on_field)
        self.fields.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.fields.customContextMenuRequested.connect(self._on_menu)
        document.inspection_changed.connect(self._refresh)
        document.selection_changed.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        bold = self.font()
        bold.setBold(True)
        self.name.setFont(bold)
        self._swatch.setFixedSize(3 * theme.GRID, 3 * theme.GRID)
        kind = QHBoxLayout()
        kind.setSpacing(2 * theme.GRID)
        kind.addWidget(self._swatch)
        kind.addWidget(self._kind, 1)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(3 * theme.GRID)
        self._facts.setVerticalSpacing(theme.GRID)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for fact, value in self._values.items():
            value.setAccessibleName(fact)
            self._facts.addRow(fact, value)
        # On a row of its own: it is wider than any other value.
        self._guid.setFont(theme.fixed_font())
        self._guid.setAccessibleName("GUID")
        self._facts.addRow(self._guid)
        self.fields.setModel(self.model)
        dress_table(self.fields, "Decoded fields")
        set_widths(self.fields, ("MonotonicCount",))
        # In a narrow pane too: a last section that Qt stretches by itself never gets below 100 px.
        header = self.fields.horizontalHeader()
        header.setStretchLastSection(False)
        self._names_width = header.sectionSize(0)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        wrap_cells(self.fields)
        # Later: within the header's own call the columns are still those of another width, and the
        # pane's scroll bar would come and go without end.
        self.fields.horizontalHeader().sectionResized.connect(
            self._fit_fields, Qt.ConnectionType.QueuedConnection
        )
        self.fields.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget(self)
        column = QVBoxLayout(content)
        margin = 3 * theme.GRID
        column.setContentsMargins(margin, margin, 2 * theme.GRID, 0)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.name)
        column.addLayout(kind)
        column.addWidget(self._detail)
        column.addLayout(self._facts)
        column.addWidget(self._meaning)
        column.addWidget(self.fields)
        column.addStretch(1)
        self._stack = QStackedLayout(self)
        self._empty = empty_label("", self)
        self._stack.addWidget(self._empty)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.front)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane a name takes two lines before a number of 32 bits does."""
        super().resizeEvent(event)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        value = QFontMetrics(theme.fixed_font()).horizontalAdvance("0x00000000") + 4 * theme.GRID
        left = event.size().width() - bar - 5 * theme.GRID - value
        wide = max(min(self._names_width, left), 16 * theme.GRID)
        self.fields.horizontalHeader().resizeSection(0, wide)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew what has the palette's colours in it, once these are others."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._region = None
            self._refresh()

    def _refresh(self, _place: Place | None = None) -> None:
        if self.front.show_front():
            self._region = None
            self.model.set_rows(())
            self._stack.setCurrentWidget(self.front)
            return
        place = self._document.selection
        path = self._document.path_at(place)
        if not path or place is None:
            self._region = None
            self.model.set_rows(())
            self._empty.setText(
                "Nothing is open."
                if self._document.image is None
                else "Click a region, a variable or a finding to see what it is."
            )
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        # An edit elsewhere leaves the region what it was, the very object.
        same = self._region is path[-1] and self._values["In"].text() == self._texts(path[-1])["In"]
        if not same:
            self._show(path[-1])
        self._mark_field(place)

    def _show(self, region: Region) -> None:
        self._region = region
        self.name.setText(region.name)
        self._swatch.setPixmap(
            swatch(region.kind, self.palette()).pixmap(self._swatch.size(), self.devicePixelRatio())
        )
        self._kind.setText(theme.kind_style(region.kind, self.palette()).label)
        self._set_text(self._detail, region.detail)
        self._set_text(self._meaning, EXPLANATIONS[region.kind])
        for fact, text in self._texts(region).items():
            value = self._values[fact]
            value.setText(text)
            self._facts.setRowVisible(value, bool(text))
            value.setFont(self.font() if fact in ("In", "GUID") else theme.fixed_font())
        self._guid.setText("" if region.guid is None else str(region.guid))
        self._facts.setRowVisible(self._guid, region.guid is not None)
        self.model.set_rows(region.fields)
        self.fields.setVisible(bool(region.fields))
        self._fit_fields()

    def _fit_fields(self) -> None:
        """All rows are in sight: the pane scrolls, not the table in it."""
        self.fields.resizeRowsToContents()
        self.fields.setFixedHeight(height_of_rows(self.fields))

    def _texts(self, region: Region) -> dict[str, str]:
        image, span = self._document.image, region.span
        assert image is not None
        used = region.used if region.kind not in ALWAYS_USED else None
        name = guid_name(region.guid)
        return {
            "In": image.title_of(region.place.space),
            "Offset": f"0x{span.start:X}" + (f" – 0x{span.end - 1:X}" if span.size else ""),
            "Size": f"0x{span.size:X} ({size_text(span.size)})",
            "Guest address": "" if region.address is None else f"0x{region.address:08X}",
            "Used": "" if used is None or not span.size else f"{100 * used / span.size:.1f} %",
            "GUID": name or ("" if region.guid is None else "without a known name"),
        }

    @staticmethod
    def _set_text(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _mark_field(self, place: Place) -> None:
        selection = self.fields.selectionModel()
        row = self.model.row_of(place.span)
        blocked = selection.blockSignals(True)
        try:
            self.fields.clearSelection()
            self.fields.setCurrentIndex(QModelIndex() if row is None else self.model.index(row, 0))
        finally:
            selection.blockSignals(blocked)
        self.fields.viewport().update()

    def _on_field(self, index: QModelIndex) -> None:
        if index.isValid() and self._region is not None:
            field = self.model.rows[index.row()]
            self._document.select(Place(self._region.place.space, field.span))

    def _on_menu(self, where: QPoint) -> None:
        menu = self.menu_at(where)
        if menu is not None:
            menu.popup(self.fields.viewport().mapToGlobal(where))

    def menu_at(self, where: QPoint) -> QMenu | None:
        """The ways to copy the field at a point of the table; None where there is none."""
        index, image = self.fields.indexAt(where), self._document.image
        if not index.isValid() or self._region is None or image is None:
            return None
        field = self.model.rows[index.row()]
        place = Place(self._region.place.space, field.span)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        put = QGuiApplication.clipboard().setText
        menu.addAction("Copy value").triggered.connect(lambda _=False: put(field.text))
        add_copies(
            menu,
            self._copying,
            field.span.size,
            partial(self._copying.copy, image.bytes_at(place)),
            offset=field.span.start,
            address=self._document.address_of(place),
            what="bytes",
        )
        return menu
