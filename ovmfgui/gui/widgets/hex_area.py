"""Bytes drawn row by row: visible rows only, whatever the size of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.hex_layout import HexLayout
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_painting import HexContent, HexNote, HexPainter, digits_for
from ovmfgui.gui.widgets.hex_style import HEX_STYLE
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES, OffsetBase
from ovmfgui.gui.widgets.spans import SpanList, as_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.flash.byte_meaning import Mark
    from ovmfgui.span import Span

_SMALLEST, _LARGEST = 6.0, 32.0


class HexArea(QAbstractScrollArea):
    """Hex digits and text, with what the bytes mean behind them; scrolls and zooms.

    The data is never copied. Offsets are relative to the first byte of ``data``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._address: int | None = None
        self._marks, self._changed, self._found = Marks(), SpanList(), SpanList()
        self._selection: Span | None = None
        self._cursor = 0
        self._per_row = 16
        self._base = OFFSET_BASES[0]
        self._item = 0
        self._notes: tuple[HexNote, ...] = ()
        self._painter: HexPainter | None = None
        self._layout = HexLayout(0, 16, 8, 16)
        self.setFont(theme.fixed_font())
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        HEX_STYLE.changed.connect(self._lay_out)
        self._lay_out()

    # What is shown

    @property
    def data(self) -> bytes:
        """The bytes shown."""
        return self._data

    @property
    def selection(self) -> Span | None:
        """The selected bytes; None where there are none."""
        return self._selection

    @property
    def cursor_offset(self) -> int:
        """The byte that the keyboard moves from."""
        return self._cursor

    @property
    def grid_layout(self) -> HexLayout:
        """Where columns and rows stand, in pixels."""
        return self._layout

    def set_data(self, data: bytes, address: int | None = None) -> None:
        """Show other bytes, from the top; ``address`` is the guest address of the first one."""
        same_size = len(data) == len(self._data)
        self._data, self._address = data, address
        if not same_size:
            self._selection, self._cursor = None, 0
            self.verticalScrollBar().setValue(0)
        self._lay_out()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """What the bytes mean; marks must not overlap."""
        self._marks = marks if isinstance(marks, Marks) else Marks(marks)
        self.viewport().update()

    def set_changed(self, spans: Iterable[Span]) -> None:
        """Bytes to be lit."""
        self._changed = SpanList(spans)
        self.viewport().update()

    def set_found(self, spans: Iterable[Span]) -> None:
        """Matches of a search, shown softly."""
        self._found = as_list(spans)
        self.viewport().update()

    def set_notes(self, notes: Iterable[HexNote]) -> None:
        """What was noted on the bytes."""
        self._notes = tuple(notes)
        self.viewport().update()

    def notes_at(self, offset: int) -> tuple[str, ...]:
        """The names of the notes on a byte, each after its sign."""
        return tuple(f"{n.sign} {n.name}" for n in self._notes if offset in n.span)

    def set_offset_base(self, base: OffsetBase) -> None:
        """What the offsets at the left are counted from."""
        if base != self._base:
            self._base = base
            self._lay_out()

    def set_item(self, start: int) -> None:
        """Where the item around the selection begins, for offsets that are counted from there."""
        if start != self._item:
            self._item = start
            if self._base.of == "item":
                self._lay_out()

    @property
    def _origin(self) -> int:
        """The offset that is written as 0."""
        match self._base.of:
            case "item":
                return self._item
            case "guest" if self._address is not None:
                return -self._address
            case _:
                return 0

    def offset_text(self, offset: int) -> str:
        """An offset as it stands at the left of its row."""
        return self._base.text(offset, self._origin, self._layout.offset_digits)

    def set_bytes_per_row(self, count: int) -> None:
        """8, 16 or 32."""
        top = self.verticalScrollBar().value() * self._per_row
        self._per_row = count
        self._lay_out()
        self.verticalScrollBar().setValue(top // count)

    @property
    def bytes_per_row(self) -> int:
        """Bytes in a row."""
        return self._per_row

    def zoom(self, steps: int) -> None:
        """Larger or smaller digits, a point a step."""
        font = self.font()
        font.setPointSizeF(min(max(font.pointSizeF() + steps, _SMALLEST), _LARGEST))
        self.setFont(font)

    def reveal(self, span: Span) -> None:
        """Scroll as little as it takes; a run that is out of sight comes to the upper third."""
        bar = self.verticalScrollBar()
        first, last = self._layout.row_of(span.start), self._layout.row_of(max(span.end - 1, 0))
        top, full = bar.value(), max(bar.pageStep(), 1)
        if first >= top and (last < top + full or first < top + full // 2):
            return
        bar.setValue(max(first - full // 4, 0))

    # Where it stands

    def _lay_out(self) -> None:
        metrics = QFontMetricsF(self.font())
        size = len(self._data)
        self._layout = HexLayout(
            size=size,
            per_row=self._per_row,
            cell=max(round(metrics.horizontalAdvance("0")), 1),
            line=max(round(metrics.height() * 1.2), 1),
            offset_digits=self._base.digits(size, self._origin),
            address_digits=0
            if self._address is None or self._base.of == "guest"
            else digits_for(self._address + size),
        )
        self._painter = None
        self._set_scroll_ranges()
        self.viewport().update()

    def _visible_rows(self) -> int:
        return max(self.viewport().height() // self._layout.line - 1, 1)

    def _set_scroll_ranges(self) -> None:
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(self._visible_rows())
        vertical.setRange(0, max(self._layout.rows - self._visible_rows(), 0))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setRange(0, max(self._layout.width - self.viewport().width(), 0))
        horizontal.setSingleStep(self._layout.cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scroll bars follow."""
        super().resizeEvent(event)
        self._set_scroll_ranges()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or palette: everything is measured anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in sight."""
        if self._painter is None:
            self._painter = HexPainter(self.palette(), self.font(), self._layout)
        layout, rows = self._layout, self._painter
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        painter.translate(-self.horizontalScrollBar().value(), 0)
        meaning = self._marks, self._changed, self._found
        content = HexContent(
            self._data,
            self._address,
            *meaning,
            self._selection,
            self._cursor,
            self.offset_text,
            self._notes,
        )
        full_width = max(layout.width, self.viewport().width())
        cursor = self._cursor if self._selection else None
        rows.header(painter, cursor, full_width, self._base.heading)
        first = self.verticalScrollBar().value()
        last = min(first + self._visible_rows() + 1, layout.rows)
        for row in range(first, last):
            rows.row(painter, content, layout.row(row), (row - first + 1) * layout.line)
        painter.end()

    def _scrolled(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def row_at(self, position: QPoint) -> tuple[int, int]:
        """A point of the viewport as pixels across and a row, both of the whole grid."""
        scrolled = self._scrolled()
        return position.x() + scrolled.x(), position.y() // self._layout.line - 1 + scrolled.y()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with control the digits grow and shrink."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)
