"""What lies over the picture: black, or the presenter's pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_POINTER = QColor("#D55E00")


class Overlay(QWidget):
    """Lets the mouse through.

    Attributes:
        black: whether nothing else is to be seen.
        pointer: where the pointer is; None for none.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.black = False
        self.pointer: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_black(self, black: bool) -> None:
        """Hide the picture, or show it again."""
        self.black = black
        self.update()

    def point_at(self, place: QPointF | None) -> None:
        """Have the pointer somewhere; None takes it away."""
        if place != self.pointer:
            self.pointer = place
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Black, or a ring with a dot."""
        painter = QPainter(self)
        if self.black:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
        elif self.pointer is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            radius = self.height() / 45
            painter.setPen(QPen(_POINTER, radius / 5))
            painter.drawEllipse(self.pointer, radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_POINTER)
            painter.drawEllipse(self.pointer, radius / 4, radius / 4)
        painter.end()
