"""Two contents side by side: selected, walked and copied, byte beside byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ovmfgui.gui.document.copying import Copying
from ovmfgui.gui.widgets.hex_keys import moved
from ovmfgui.gui.widgets.hex_menu import hex_menu, tell_beside
from ovmfgui.gui.widgets.hex_pair_area import HexPairArea, PairSide
from ovmfgui.gui.widgets.spoken import SpokenRow, tell_choice, tell_rows
from ovmfgui.gui.widgets.wording import selection_text
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.byte_alignment import Stretch
    from ovmfgui.gui.widgets.hex_layout import Column
    from ovmfgui.gui.widgets.pair_rows import PairRow

LETTERS = "AB"


class HexPair(HexPairArea):
    """Bytes of A and B that can be walked and copied on either side.

    Signals:
        selected: side (0 for A) and ``Span``, when the user selects bytes.
    """

    selected = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor = 0
        self.copying = Copying()
        self._drag: Column | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Bytes of A beside bytes of B")
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def set_sides(self, first: PairSide, second: PairSide, stretches: Sequence[Stretch]) -> None:
        """Show two contents; ``stretches`` say what stands beside what."""
        super().set_sides(first, second, stretches)
        self._anchor = 0
        self._tell_accessibility()

    def select(self, side: int, span: Span | None) -> None:
        """Select bytes from the program's side, and bring them into sight."""
        before = self._chosen_rows()
        self._side, self._selection = side, span
        if span is not None:
            self._anchor, self._cursor = max(span.end - 1, span.start), span.start
            self.reveal(span.start)
        self._tell_accessibility()
        self._update_rows(before, self._chosen_rows())

    def description(self, side: int, offset: int) -> str:
        """What a byte is, in words, after the letter of its side."""
        if not 0 <= offset < len(self._sides[side].data):
            return ""
        return self._sides[side].describe(offset)

    # Mouse

    def _hit(self, position: QPoint) -> tuple[int, int, PairRow | None]:
        """Side, pixels from its left edge, and the row; None above and below all rows."""
        x = position.x() + self.horizontalScrollBar().value()
        side = int(x >= self._left(1))
        number = position.y() // self._layout.line - 1
        row = number + self.verticalScrollBar().value()
        inside = number >= 0 and row < len(self._rows)
        return side, x - self._left(side), self._rows.row(row) if inside else None

    def _offset(self, side: int, x: int, row: PairRow) -> int | None:
        span = row.sides[side]
        if not span.size:
            return None
        inside = self._layout.place_at(x, self._drag) - row.place
        return span.start + min(max(inside, 0), span.size - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection on a side, or with shift extend the one there is."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        side, x, row = self._hit(event.position().toPoint())
        if row is None:
            return
        self._drag = self._layout.column_at(x)
        offset = self._offset(side, x, row)
        if offset is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(side, offset, extend=shift and side == self._side)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the selection on its side."""
        if self._drag is None:
            return
        side, x, row = self._hit(event.position().toPoint())
        offset = None if row is None or side != self._side else self._offset(side, x, row)
        if offset is not None and offset != self._cursor:
            self._go(side, offset, extend=True)
            self.reveal(offset)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End a selection."""
        self._drag = None

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips say what a byte is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            side, x, row = self._hit(event.pos())
            offset = None if row is None else self._offset(side, x, row)
            told = "" if offset is None else self.description(side, offset)
            text = f"{LETTERS[side]} 0x{offset:X}: {told}" if told else ""
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, extend, copy; A and B go to the same place on that side."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.text().upper() in tuple(LETTERS):
            self.go_to_side(LETTERS.index(event.text().upper()))
        elif not self._move_by(event):
            event.ignore()

    def go_to_side(self, side: int) -> None:
        """The same place on a side, where it has bytes."""
        if side == self._side:
            return
        here = self._selection or Span(self._cursor, 1)
        there = self._rows.across(self._side, here)
        self._update_rows(self._chosen_rows())
        self._side = side
        start = min(there.start, max(len(self._sides[side].data) - 1, 0))
        self._anchor = start + max(there.size - 1, 0)
        self._go(side, start, extend=there.size > 1)

    def _move_by(self, event: QKeyEvent) -> bool:
        size = len(self._sides[self._side].data)
        target = (
            moved(
                event.key(),
                self._cursor,
                control=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
                per_row=self._layout.per_row,
                page=self._in_sight(),
                size=size,
            )
            if size
            else None
        )
        if target is None:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._go(self._side, target, extend=shift)
        self.reveal(target)
        return True

    def _go(self, side: int, offset: int, *, extend: bool) -> None:
        before = self._chosen_rows()
        self._side, self._cursor = side, offset
        if not extend:
            self._anchor = offset
        span = Span.between(min(self._anchor, offset), max(self._anchor, offset) + 1)
        self._selection = span
        self._tell_accessibility()
        self.selected.emit(side, span)
        self._update_rows(before, self._chosen_rows())

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the cursor is: a menu that is asked for by key opens there."""
        if query is not Qt.InputMethodQuery.ImCursorRectangle or not len(self._rows):
            return super().inputMethodQuery(query)
        row = self._rows.row_of(self._side, self._cursor) - self.verticalScrollBar().value()
        x = self._left(self._side) + self._layout.byte_x(self._cursor_place())
        line = self._layout.line
        return QRect(x, (row + 1) * line, 2 * self._layout.cell, line) & self.viewport().rect()

    # Copying

    def copy(self, form: str = "") -> None:
        """Copy the selected bytes of the active side, in the last form where none is named."""
        if self._selection is not None and self._selection.size:
            tell_beside(
                self, self.copying.copy(self._selection.of(self._sides[self._side].data), form)
            )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The ways to copy."""
        menu = hex_menu(self, self.copying, self._selection, None, self.copy, self.select_all)
        menu.popup(event.globalPos())

    def select_all(self) -> None:
        """All bytes of the active side."""
        size = len(self._sides[self._side].data)
        if size:
            self._anchor = 0
            self._go(self._side, size - 1, extend=True)

    # Accessibility

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """The rows in sight, both sides of each, for a screen reader."""
        first = self.verticalScrollBar().value()
        found = []
        for number in range(first, min(first + self._in_sight() + 1, len(self._rows))):
            row = self._rows.row(number)
            words = [self._spoken(side, row.sides[side]) for side in (0, 1)]
            rect = QRect(
                0,
                (number - first + 1) * self._layout.line,
                self.viewport().width(),
                self._layout.line,
            )
            chosen = self._selection is not None and number == self._rows.row_of(
                self._side, self._cursor
            )
            found.append(SpokenRow("; ".join(words), rect, chosen))
        return tuple(found)

    def _spoken(self, side: int, span: Span) -> str:
        letter = LETTERS[side]
        if not span.size:
            return f"{letter}: no bytes here"
        some = span.of(self._sides[side].data).hex(" ").upper()
        parts = self._changed[side].within(span)
        count = sum(part.size for part in parts)
        differs = f", {count} differ" if count > 1 else ", 1 differs" if count else ""
        told = self.description(side, span.start).replace("\n", ", ")
        return f"{letter} {span.start:X}: {some}{differs}{', ' if told else ''}{told}"

    def _tell_accessibility(self) -> None:
        self.setAccessibleDescription(self.selection_text())
        tell_rows(self)
        tell_choice(self)

    def selection_text(self) -> str:
        """The selection in words, as a screen reader says it."""
        span = self._selection
        if span is not None and not span.size:
            return f"{LETTERS[self._side]}: no bytes here, at 0x{span.start:X}"
        what = "" if span is None else self.description(self._side, span.start)
        text = selection_text(self._sides[self._side].data, span, what)
        return f"{LETTERS[self._side]}: {text}"
