"""A hex viewer that draws itself: visible rows only, whatever the size of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ovmfgui.gui.document.copying import Copying
from ovmfgui.gui.widgets.hex_area import HexArea
from ovmfgui.gui.widgets.hex_keys import moved
from ovmfgui.gui.widgets.hex_menu import hex_menu, tell_beside
from ovmfgui.gui.widgets.hex_mouse import HexMouse
from ovmfgui.gui.widgets.hex_words import hex_rows
from ovmfgui.gui.widgets.spoken import tell_choice, tell_rows
from ovmfgui.gui.widgets.wording import selection_text
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.widgets.spoken import SpokenRow

_SMALLEST, _LARGEST = 6.0, 32.0


class HexGrid(HexArea):
    """Bytes that can be selected, walked and copied.

    Signals:
        selected: ``Span``, when the user selects bytes (not when the program does).
        asked: ``Span``, when the user double-clicks: the run of one meaning around the byte.
    """

    selected = Signal(object)
    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe: Callable[[int], str] | None = None
        self._anchor = 0
        self.copying = Copying()
        self._mouse = HexMouse(self, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Bytes")
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        # What is in sight is what is told of, and the chosen byte may have come into it.
        self.verticalScrollBar().valueChanged.connect(self._tell_rows)

    def set_data(self, data: bytes, address: int | None = None) -> None:
        """Show other bytes, from the top; ``address`` is the guest address of the first one."""
        super().set_data(data, address)
        if self._selection is None:
            self._anchor = 0
        self._tell_accessibility()

    def set_describe(self, describe: Callable[[int], str] | None) -> None:
        """Who to ask for the tooltip of a byte, by offset; the mark's name where None."""
        self._describe = describe

    def description(self, offset: int) -> str:
        """What the byte at ``offset`` is, in words."""
        mark = self._marks.at(offset)
        what = mark.name if mark is not None else ""
        if self._describe is not None:
            what = self._describe(offset)
        return "\n".join(filter(None, (what, *self.notes_at(offset))))

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

    def go(self, offset: int, *, extend: bool) -> None:
        """The user moves the cursor to ``offset``, extending the selection where there is one."""
        self._cursor = offset
        if not extend or self._selection is None:
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
            self.select(Span(0, 1), reveal=False)
            self.go(len(self._data) - 1, extend=True)

    def copy(self, form: str = "") -> None:
        """Put the selected bytes on the clipboard, in the last form where none is named."""
        if self._selection is not None and self._selection.size:
            tell_beside(self, self.copying.copy(self._selection.of(self._data), form))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The ways to copy."""
        menu = hex_menu(
            self, self.copying, self._selection, self._address, self.copy, self.select_all
        )
        menu.popup(event.globalPos())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, or with shift extend the one there is."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the selection."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._mouse.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the run of one meaning around the byte."""
        x, row = self.row_at(event.position().toPoint())
        offset = self._layout.offset_at(x, row)
        mark = self._marks.at(offset) if offset is not None else None
        if mark is not None and event.position().y() >= self._layout.line:
            self.asked.emit(mark.span)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips say what a byte is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x, row = self.row_at(event.pos())
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
        self.go(target, extend=extend)
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
        self._tell_rows()

    def _tell_rows(self) -> None:
        tell_rows(self)
        tell_choice(self)

    def selection_text(self) -> str:
        """The selection in words, as a screen reader says it."""
        span = self._selection
        what = "" if span is None else self.description(span.start)
        return selection_text(self._data, span, what)
