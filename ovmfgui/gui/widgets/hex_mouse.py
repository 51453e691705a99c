"""What the mouse does in a hex grid: select, extend, drag, scroll where it leaves the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QPoint, Qt, QTimer

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QScrollBar, QWidget

    from ovmfgui.gui.widgets.hex_layout import Column, HexLayout

_DRAG_TICK = 40
"""Milliseconds between two steps of a grid that is dragged beyond its edge."""

_ROWS_A_TICK = 3


class _Grid(Protocol):
    """What is asked of the grid."""

    @property
    def grid_layout(self) -> HexLayout: ...

    @property
    def cursor_offset(self) -> int: ...

    def row_at(self, position: QPoint) -> tuple[int, int]: ...

    def viewport(self) -> QWidget: ...

    def verticalScrollBar(self) -> QScrollBar: ...

    def go(self, offset: int, *, extend: bool) -> None: ...


class HexMouse(QObject):
    """A drag among the bytes of a grid; one that began among the digits stays there."""

    def __init__(self, grid: _Grid, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._drag: Column | None = None
        self._scroller = QTimer(self)
        self._scroller.setInterval(_DRAG_TICK)
        self._scroller.timeout.connect(self._scroll)

    def press(self, event: QMouseEvent) -> None:
        """Begin a selection, or with shift extend the one there is."""
        layout = self._grid.grid_layout
        x, row = self._grid.row_at(event.position().toPoint())
        if event.position().y() < layout.line or row >= layout.rows:
            return
        self._drag = layout.column_at(x)
        offset = layout.offset_at(x, row)
        if offset is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._grid.go(offset, extend=shift)

    def move(self, event: QMouseEvent) -> None:
        """Drag the selection, scrolling where the mouse leaves the grid."""
        if self._drag is None:
            return
        self._drag_to(event.position().toPoint())
        inside = self._grid.grid_layout.line <= event.position().y() < self._height
        if inside:
            self._scroller.stop()
        elif not self._scroller.isActive():
            self._scroller.start()

    def release(self) -> None:
        """End a selection."""
        self._drag = None
        self._scroller.stop()

    @property
    def _height(self) -> int:
        return self._grid.viewport().height()

    def _drag_to(self, position: QPoint) -> None:
        x, row = self._grid.row_at(position)
        offset = self._grid.grid_layout.offset_at(x, row, self._drag)
        if offset is not None and offset != self._grid.cursor_offset:
            self._grid.go(offset, extend=True)

    def _scroll(self) -> None:
        viewport = self._grid.viewport()
        position = viewport.mapFromGlobal(viewport.cursor().pos())
        below = position.y() >= self._grid.grid_layout.line
        bar = self._grid.verticalScrollBar()
        bar.setValue(bar.value() + (_ROWS_A_TICK if below else -_ROWS_A_TICK))
        self._drag_to(position)
