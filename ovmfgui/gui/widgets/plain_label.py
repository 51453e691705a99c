"""A label that takes no text for markup, and shows what would not be seen in it escaped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ovmfgui.wording import visible


class PlainLabel(QLabel):
    """For every text: a ``QLabel`` guesses, and file names and titles may look like markup."""

    def __init__(self, text: str | QWidget | None = "", parent: QWidget | None = None) -> None:
        words, parent = (text, parent) if isinstance(text, str) else ("", text)
        super().__init__(visible(words), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Show a text; what would not be seen in it is escaped."""
        super().setText(visible(text))
