"""One line across the window: what could not be done, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent


class MessageBar(QFrame):
    """Stays until it is closed or what it speaks of is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self._colouring = False
        self._severity = Severity.WARNING
        self.offers: list[QPushButton] = []
        self.sign = QLabel(self)
        self.text = WrappedLabel("", self)
        self.copy = QPushButton("Copy details", self)
        self.copy.clicked.connect(self._on_copy)
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close this message (Esc)")
        self.close_button.setAccessibleName("Close message")
        self.close_button.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(3 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.copy)
        row.addWidget(self.close_button)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Message")
        self.hide()

    @property
    def waits(self) -> bool:
        """Whether there is a question in it that nobody has answered."""
        return self.isVisible() and bool(self.offers)

    def show_message(
        self,
        text: str,
        severity: Severity = Severity.WARNING,
        details: str = "",
        offers: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        """Show one line.

        Args:
            text: for a person.
            severity: its sign and colour.
            details: what can be copied; empty for nothing.
            offers: buttons, by their words, and what they do once the message is closed.
        """
        self._details = details
        for button in self.offers:
            self._row.removeWidget(button)
            button.deleteLater()
        self.offers = [self._offer(word, act) for word, act in offers]
        self._severity = severity
        self.text.setText(text)
        self.copy.setVisible(bool(details))
        self._colour()
        self.show()

    def _offer(self, word: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(word, self)
        button.clicked.connect(self.hide)
        button.clicked.connect(lambda: act())
        self._row.insertWidget(self._row.indexOf(self.close_button), button)
        return button

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew what has the palette's colours in it, once these are others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not self._colouring:
            self._colour()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the message on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _colour(self) -> None:
        application = QGuiApplication.palette()
        style = theme.severity_style(self._severity, application)
        ground = theme.mix(style.colour, application.base().color(), 0.16)
        # Of what it sets itself, only these two roles: the others go on following the theme.
        own, signed = QPalette(), QPalette()
        own.setColor(QPalette.ColorRole.Window, ground)
        signed.setColor(QPalette.ColorRole.WindowText, theme.readable(style.colour, ground))
        self._colouring = True
        self.setPalette(own)
        self.sign.setPalette(signed)
        self._colouring = False
        self.sign.setText(style.sign)
        self.close_button.setIcon(icon("close", application))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
