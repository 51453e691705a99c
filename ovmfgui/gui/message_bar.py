"""One line across the window: what could not be done, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui import theme
from ovmfgui.gui.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class MessageBar(QFrame):
    """Stays until it is closed or what it speaks of is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self.sign = QLabel(self)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = QPushButton("Copy details", self)
        self.copy.clicked.connect(self._on_copy)
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close this message (Esc)")
        self.close_button.setAccessibleName("Close message")
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.copy)
        row.addWidget(self.close_button)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Message")
        self.hide()

    def show_message(
        self, text: str, severity: Severity = Severity.WARNING, details: str = ""
    ) -> None:
        """Show one line; ``details`` can be copied."""
        self._details = details
        self._severity = severity
        self.text.setText(text)
        self.copy.setVisible(bool(details))
        self._colour()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange and self.isVisible():
            self._colour()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _colour(self) -> None:
        application = QGuiApplication.palette()
        style = theme.severity_style(self._severity, application)
        self.sign.setText(style.sign)
        palette = QPalette(application)
        ground = theme.mix(style.colour, application.base().color(), 0.16)
        palette.setColor(QPalette.ColorRole.Window, ground)
        self.setPalette(palette)
        signed = QPalette(palette)
        signed.setColor(QPalette.ColorRole.WindowText, theme.readable(style.colour, ground))
        self.sign.setPalette(signed)
        self.close_button.setIcon(icon("close", application))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
