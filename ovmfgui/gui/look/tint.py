"""The ink of a label by what it means, in whatever palette comes to be in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPalette
    from PySide6.QtWidgets import QWidget


class Tint(QObject):
    """Colours one widget, and again whenever the palette is another one.

    A colour that is set once stays behind as the theme changes.

    Args:
        widget: whose text it is; this lives as long as it does.
        ink: the colour in a palette; None for that of plain text.
    """

    def __init__(self, widget: QWidget, ink: Callable[[QPalette], QColor] | None = None) -> None:
        super().__init__(widget)
        self._widget = widget
        self._ink = ink
        widget.installEventFilter(self)
        self._apply()

    def mean(self, ink: Callable[[QPalette], QColor] | None) -> None:
        """Have the text mean something else from now on."""
        self._ink = ink
        self._apply()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._apply()
        return super().eventFilter(watched, event)

    def _apply(self) -> None:
        role, palette = self._widget.foregroundRole(), QGuiApplication.palette()
        ink = palette.color(role) if self._ink is None else self._ink(palette)
        own = self._widget.palette()
        # Setting the same one again would come back here as another change.
        if own.color(role) != ink:
            own.setColor(role, ink)
            self._widget.setPalette(own)
