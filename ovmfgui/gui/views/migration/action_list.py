"""The actions of a scenario in order; dragging and Alt with the arrows move them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDropEvent


class ActionList(QListWidget):
    """A line an action.

    Signals:
        move_wanted: from which place to which.
        removal_wanted: the action in that place.
    """

    move_wanted = Signal(object, object)
    removal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Actions")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        lines_high(self, 3)

    def show_lines(self, lines: Sequence[str], current: int, wrong: int | None) -> None:
        """Other lines; ``wrong`` is the place of the action that there is a complaint about."""
        self.blockSignals(True)
        self.clear()
        style = theme.severity_style(Severity.ERROR, self.palette())
        for index, line in enumerate(lines):
            sign = f"{style.sign} " if index == wrong else ""
            self.addItem(f"{index + 1}. {sign}{line}")
            item = self.item(index)
            item.setToolTip(plain_tip(line))
            if index == wrong:
                item.setForeground(style.colour)
        self.setCurrentRow(min(current, len(lines) - 1))
        self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        """Here the list's own keys come before those of the window."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._meaning(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def _meaning(self, event: QKeyEvent) -> int | None:
        """-1 up, 1 down, 0 away; None where the key means something else."""
        if (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            == Qt.KeyboardModifier.AltModifier
        ):
            return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return 0 if plain and event.key() == Qt.Key.Key_Delete else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with ↑ and ↓ moves the action, Delete removes it."""
        step = self._meaning(event)
        row = self.currentRow()
        if step is None or row < 0:
            super().keyPressEvent(event)
        elif step == 0:
            self.removal_wanted.emit(row)
        elif 0 <= row + step < self.count():
            self.move_wanted.emit(row, row + step)

    def dropEvent(self, event: QDropEvent) -> None:
        """The list is filled anew from the scenario, never moved about by itself."""
        row = self.currentRow()
        target = self._target(event)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if row >= 0 and target not in (row, row + 1):
            self.move_wanted.emit(row, target if target < row else target - 1)

    def _target(self, event: QDropEvent) -> int:
        """The place before which something is dropped."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        if not index.isValid():
            return self.count()
        below = point.y() > self.visualRect(index).center().y()
        return index.row() + int(below)
