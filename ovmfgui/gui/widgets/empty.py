"""What a view shows while it has nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def empty_label(
    text: str, parent: QWidget | None = None, *, margin: int = 6 * theme.GRID
) -> PlainLabel:
    """A quiet sentence in the middle; ``margin`` pixels are around it at least."""
    label = PlainLabel(text, parent)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setMargin(margin)
    return label
