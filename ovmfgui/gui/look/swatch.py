"""Small squares in a kind's colour and pattern, for trees and legends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap

from ovmfgui.gui.look.theme import kind_style

if TYPE_CHECKING:
    from ovmfgui.flash.region import Kind

_SIZE, _SCALES = 12, (1, 2, 3)


@cache
def _swatch(kind: Kind, text: str, base: str) -> QIcon:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    style, drawn = kind_style(kind, palette), QIcon()
    for scale in _SCALES:
        pixmap = QPixmap(_SIZE * scale, _SIZE * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        box = QRectF(0.5, 0.5, _SIZE - 1, _SIZE - 1)
        style.paint(painter, box)
        painter.setPen(QPen(style.edge, 1))
        painter.drawRect(box)
        painter.end()
        drawn.addPixmap(pixmap)
        # Highlighted rows keep the colour: it is the meaning, not a decoration.
        drawn.addPixmap(pixmap, QIcon.Mode.Selected)
    return drawn


def swatch(kind: Kind, palette: QPalette) -> QIcon:
    """The square for a kind of region."""
    return _swatch(kind, palette.text().color().name(), palette.base().color().name())
