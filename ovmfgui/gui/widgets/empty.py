"""What a view shows while it has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from ovmfgui.gui.look import theme


def empty_label(text: str, parent: QWidget | None = None) -> QLabel:
    """A quiet sentence in the middle."""
    label = QLabel(text, parent)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setMargin(6 * theme.GRID)
    return label
