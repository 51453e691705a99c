"""Shift+F10, the desktop's other key for the context menu, which Qt leaves alone under X11."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication


def opens_context_menu(event: QKeyEvent) -> bool:
    """Whether this key asked for the context menu of what has the focus; it is asked for, then."""
    focused = QApplication.focusWidget()
    wanted = (
        event.key() == Qt.Key.Key_F10
        and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        and focused is not None
    )
    if not wanted or focused is None:
        return False
    where = focused.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    at = where.center() if isinstance(where, QRect) else focused.rect().center()
    # Of a view that scrolls, it is the viewport that menus belong to.
    to = focused.viewport() if isinstance(focused, QAbstractScrollArea) else focused
    keyboard = QContextMenuEvent.Reason.Keyboard
    asked = QContextMenuEvent(keyboard, at, to.mapToGlobal(at))
    return QApplication.sendEvent(to, asked) and asked.isAccepted()
