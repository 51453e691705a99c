"""Rich text whose size Ctrl with the wheel changes as far as it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

_SMALLEST, _LARGEST = 6.0, 32.0
"""In points, as in the view of bytes."""


class TextPage(QTextBrowser):
    """Qt's own zooms out until there is no text, and headings have sizes below nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A point larger or smaller with Ctrl."""
        by = event.angleDelta().y()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or not by:
            super().wheelEvent(event)
            return
        step = 1 if by > 0 else -1
        if _SMALLEST <= self.font().pointSizeF() + step <= _LARGEST:
            self.zoomIn(step)
        event.accept()
