"""One line across the window: what could not be done, and what to do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent


class MessageBar(QFrame):
    """Stays until it is closed or what it speaks of is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self._asked: Callable[[], None] | None = None
        self._colouring = False
        self._severity = Severity.WARNING
        self.offers: list[QPushButton] = []
        self._answers: tuple[tuple[str, Callable[[], None]], ...] = ()
        self.sign = PlainLabel(self)
        self.text = WrappedLabel("", self)
        self.copy = QPushButton("Copy details", self)
        self.copy.clicked.connect(self._on_copy)
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close this message (Esc)")
        self.close_button.setAccessibleName("Close message")
        self.close_button.clicked.connect(self.close_message)
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

    def close_message(self) -> None:
        """Close what is shown; a question that it covers comes back."""
        asked, self._asked = self._asked, None
        self.hide()
        if asked is not None:
            asked()

    def pass_by(self, _what: object = None) -> None:
        """Close what was only to be read, now that something else is done; a question stays."""
        if self.isVisible() and not self.offers and not self._details:
            self.close_message()

    def drop(self) -> None:
        """Close what is shown, and what it covers: none of it is about what is open now."""
        self._asked = None
        self.hide()

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
        if self.waits and not offers:
            # What only tells must not take the answers away.
            kept = (self.text.text(), self._severity, self._details, self._answers)
            self._asked = partial(self.show_message, *kept)
        elif offers:
            self._asked = None
        self._answers = tuple(offers)
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
        button.clicked.connect(self.drop)
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
            self.close_message()
        else:
            super().keyPressEvent(event)

    def _colour(self) -> None:
        application = QGuiApplication.palette()
        style = theme.severity_style(self._severity, application)
        ground = contrast.mix(style.colour, application.base().color(), 0.16)
        # Of what it sets itself, only these two roles: the others go on following the theme.
        own, signed = QPalette(), QPalette()
        own.setColor(QPalette.ColorRole.Window, ground)
        signed.setColor(QPalette.ColorRole.WindowText, contrast.readable(style.colour, ground))
        self._colouring = True
        self.setPalette(own)
        self.sign.setPalette(signed)
        self._colouring = False
        self.sign.setText(style.sign)
        self.close_button.setIcon(icon("close", application))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
