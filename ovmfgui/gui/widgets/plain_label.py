"""A label that takes no text for markup, and shows what would not be seen in it escaped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ovmfgui.budgets import MOST_LABEL
from ovmfgui.wording import shortened, visible


class PlainLabel(QLabel):
    """For every text: a ``QLabel`` guesses, and file names and titles may look like markup."""

    def __init__(self, text: str | QWidget | None = "", parent: QWidget | None = None) -> None:
        words, parent = (text, parent) if isinstance(text, str) else ("", text)
        super().__init__(shortened(visible(words), MOST_LABEL), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Show a text; what would not be seen in it is escaped, and a damaged name may be long."""
        super().setText(shortened(visible(text), MOST_LABEL))
