"""A hex viewer that draws itself: visible rows only, whatever the size of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.hex_keys import moved
from ovmfgui.gui.widgets.hex_layout import Column, HexLayout
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_menu import copy_bytes, hex_menu
from ovmfgui.gui.widgets.hex_painting import HexContent, HexPainter, digits_for
from ovmfgui.gui.widgets.hex_words import hex_rows
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.gui.widgets.wording import selection_text
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ovmfgui.flash.byte_meaning import Mark
    from ovmfgui.gui.widgets.spoken import SpokenRow

_DRAG_TICK = 40
_SMALLEST, _LARGEST = 6.0, 32.0


class HexGrid(QAbstractScrollArea):
    """Bytes as hex digits and text, with what they mean behind them.

    The data is never copied. Offsets are relative to the first byte of ``data``.

    Signals:
        selected: ``Span``, when the user selects bytes (not when the program does).
        asked: ``Span``, when the user double-clicks: the run of one meaning around the byte.
    """

    selected = Signal(object)
    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._address: int | None = None
        self._marks, self._changed, self._found = Marks(), SpanList(), SpanList()
        self._describe: Callable[[int], str] | None = None
        self._selection: Span | None = None
        self._anchor = self._cursor = 0
        self._drag: Column | None = None
        self._per_row = 16
        self._painter: HexPainter | None = None
        self._layout = HexLayout(0, 16, 8, 16)
        self._scroller = QTimer(self)
        self._scroller.setInterval(_DRAG_TICK)
        self._scroller.timeout.connect(self._scroll_while_dragging)
        self.setFont(theme.fixed_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName("Bytes")
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
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
            self._selection = None
            self._anchor = self._cursor = 0
            self.verticalScrollBar().setValue(0)
        self._lay_out()
        self._tell_accessibility()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """What the bytes mean; marks must not overlap."""
        self._marks = Marks(marks)
        self.viewport().update()

    def set_changed(self, spans: Iterable[Span]) -> None:
        """Bytes to be lit."""
        self._changed = SpanList(spans)
        self.viewport().update()

    def set_found(self, spans: Iterable[Span]) -> None:
        """Matches of a search, shown softly."""
        self._found = SpanList(spans)
        self.viewport().update()

    def set_describe(self, describe: Callable[[int], str] | None) -> None:
        """Who to ask for the tooltip of a byte, by offset; the mark's name where None."""
        self._describe = describe

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

    def description(self, offset: int) -> str:
        """What the byte at ``offset`` is, in words."""
        if self._describe is not None:
            return self._describe(offset)
        mark = self._marks.at(offset)
        return mark.name if mark is not None else ""

    def select(self, span: Span | None, *, reveal: bool = True) -> None:
        """Select bytes from the program's side; says nothing to anyone."""
        if span is not None:
            span = span.overlap(Span(0, len(self._data)))
        if span != self._selection:
            self._selection = span
            if span is not None:
                self._anchor, self._cursor = span.end - 1, span.start
            self._tell_accessibility()
            self.viewport().update()
        if reveal and span is not None:
            self.reveal(span)

    def reveal(self, span: Span) -> None:
        """Scroll as little as it takes; a run that is out of sight comes to the upper third."""
        bar = self.verticalScrollBar()
        first, last = self._layout.row_of(span.start), self._layout.row_of(max(span.end - 1, 0))
        top, full = bar.value(), max(bar.pageStep(), 1)
        if first >= top and (last < top + full or first < top + full // 2):
            return
        bar.setValue(max(first - full // 4, 0))

    def _go(self, offset: int, *, extend: bool) -> None:
        """The user moves the cursor to ``offset``."""
        self._cursor = offset
        if not extend:
            self._anchor = offset
        span = Span.between(min(self._anchor, offset), max(self._anchor, offset) + 1)
        if span != self._selection:
            self._selection = span
            self._tell_accessibility()
            self.selected.emit(span)
        self.viewport().update()

    def select_all(self) -> None:
        """All bytes, as if the user had dragged over them."""
        if self._data:
            self._anchor = 0
            self._go(len(self._data) - 1, extend=True)

    def copy(self, format_id: str = "hex") -> None:
        """Put the selected bytes on the clipboard."""
        if self._selection is not None and not copy_bytes(self._data, self._selection, format_id):
            where = self.mapToGlobal(QPoint(self.width() // 3, self.height() // 3))
            text = f"{self._selection.size:,} bytes are too many for the clipboard (at most 4 MiB)."
            QToolTip.showText(where, text, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The ways to copy."""
        menu = hex_menu(self, self._selection, self._address, self.copy, self.select_all)
        menu.popup(event.globalPos())

    # Layout and painting

    def _lay_out(self) -> None:
        metrics = QFontMetricsF(self.font())
        size = len(self._data)
        self._layout = HexLayout(
            size=size,
            per_row=self._per_row,
            cell=max(round(metrics.horizontalAdvance("0")), 1),
            line=max(round(metrics.height() * 1.2), 1),
            offset_digits=digits_for(size),
            address_digits=0 if self._address is None else digits_for(self._address + size),
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
        content = HexContent(self._data, self._address, *meaning, self._selection, self._cursor)
        full_width = max(layout.width, self.viewport().width())
        rows.header(painter, self._cursor if self._selection else None, full_width)
        first = self.verticalScrollBar().value()
        last = min(first + self._visible_rows() + 1, layout.rows)
        for row in range(first, last):
            rows.row(painter, content, row, (row - first + 1) * layout.line)
        painter.end()

    # Mouse

    def _scrolled(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _point(self, position: QPoint) -> tuple[int, int]:
        scrolled = self._scrolled()
        return position.x() + scrolled.x(), position.y() // self._layout.line - 1 + scrolled.y()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, or with shift extend the one there is."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, row = self._point(event.position().toPoint())
        if event.position().y() < self._layout.line or row >= self._layout.rows:
            return
        self._drag = self._layout.column_at(x)
        offset = self._layout.offset_at(x, row)
        if offset is not None:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(offset, extend=extend and self._selection is not None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the selection, scrolling where the mouse leaves the grid."""
        if self._drag is None:
            return
        self._drag_to(event.position().toPoint())
        height = self.viewport().height()
        outside = not self._layout.line <= event.position().y() < height
        if outside and not self._scroller.isActive():
            self._scroller.start()
        elif not outside:
            self._scroller.stop()

    def _drag_to(self, position: QPoint) -> None:
        x, row = self._point(position)
        offset = self._layout.offset_at(x, row, self._drag)
        if offset is not None and offset != self._cursor:
            self._go(offset, extend=True)

    def _scroll_while_dragging(self) -> None:
        position = self.viewport().mapFromGlobal(self.cursor().pos())
        below = position.y() >= self._layout.line
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + (3 if below else -3))
        self._drag_to(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag = None
            self._scroller.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the run of one meaning around the byte."""
        x, row = self._point(event.position().toPoint())
        offset = self._layout.offset_at(x, row)
        mark = self._marks.at(offset) if offset is not None else None
        if mark is not None and event.position().y() >= self._layout.line:
            self.asked.emit(mark.span)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with control the digits grow and shrink."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips say what a byte is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x, row = self._point(event.pos())
            text = ""
            if self._layout.over_a_byte(x, row):
                offset = self._layout.offset_at(x, row)
                text = self.description(offset) if offset is not None else ""
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, extend, copy, select all."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif not self._move_by(event):
            event.ignore()

    def _move_by(self, event: QKeyEvent) -> bool:
        if not self._data:
            return False
        target = moved(
            event.key(),
            self._cursor,
            control=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
            per_row=self._per_row,
            page=self._visible_rows(),
            size=len(self._data),
        )
        if target is None:
            return False
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._go(target, extend=extend and self._selection is not None)
        self.reveal(Span(target, 1))
        return True

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the cursor is: a menu that is asked for by key opens there."""
        if query is not Qt.InputMethodQuery.ImCursorRectangle:
            return super().inputMethodQuery(query)
        return self._layout.cell_of(self._cursor, self._scrolled()) & self.viewport().rect()

    # Accessibility

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """The rows in sight, for a screen reader."""
        cursor = None if self._selection is None else self._cursor
        sight = (self._scrolled().y(), self._visible_rows() + 1, self.viewport().width())
        return hex_rows(self._data, self._layout, self.description, cursor, sight)

    def _tell_accessibility(self) -> None:
        self.setAccessibleDescription(self.selection_text())
        told = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(told)

    def selection_text(self) -> str:
        """The selection in words, as a screen reader says it."""
        span = self._selection
        what = "" if span is None else self.description(span.start)
        return selection_text(self._data, span, what)
