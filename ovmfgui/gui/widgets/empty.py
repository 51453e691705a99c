"""What a view shows while it has nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def empty_label(text: str, parent: QWidget | None = None) -> PlainLabel:
    """A quiet sentence in the middle."""
    label = PlainLabel(text, parent)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setMargin(6 * theme.GRID)
    return label
