"""The shipped icons, drawn in the palette's text colour."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ovmfgui.resources import resource_text

_SIZES = (16, 20, 24, 32)
_DENSE = (48, 64)
"""On screens with more than a pixel for each logical one: these are most of the work."""


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def drawn(name: str, colour: QColor) -> QSvgRenderer:
    """An icon's drawing with its strokes in ``colour``."""
    text = resource_text(f"icons/{name}.svg").replace("currentColor", colour.name())
    return QSvgRenderer(QByteArray(text.encode()))


@cache
def _icon(name: str, plain: str, faint: str, sizes: tuple[int, ...]) -> QIcon:
    icon = QIcon()
    renderer = drawn(name, QColor(plain))
    for size in sizes:
        pixmap = _pixmap(renderer, size)
        icon.addPixmap(pixmap, QIcon.Mode.Normal)
        icon.addPixmap(_recoloured(pixmap, QColor(faint)), QIcon.Mode.Disabled)
    return icon


def _recoloured(pixmap: QPixmap, colour: QColor) -> QPixmap:
    """The same strokes in another colour: cheaper than to read the drawing once more."""
    found = QPixmap(pixmap)
    painter = QPainter(found)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(found.rect(), colour)
    painter.end()
    return found


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon of this name (a file in resources/icons), for a widget with this palette."""
    plain = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    faint = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    application = QGuiApplication.instance()
    dense = isinstance(application, QGuiApplication) and application.devicePixelRatio() > 1
    return _icon(name, plain.name(), faint.name(), _SIZES + _DENSE if dense else _SIZES)
