"""The lesson's text, in a size that can be read from the back of a room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.views.migration.question_panel import QuestionPanel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.term_browser import TermBrowser

_LARGE, _PLAIN = 1.45, 1.1
"""Of the window's own size: for a lesson, and for what is only looked at from close by."""

_SMALLEST, _LARGEST, _STEP = 9.0, 40.0, 1.5


class LessonPanel(QWidget):
    """A heading, the size's two buttons, and the text.

    Attributes:
        text: the lesson's.
        question: what is asked below it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel("Lesson", self)
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.text = TermBrowser(self)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("Lesson")
        self.text.document().setDocumentMargin(2 * theme.GRID)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._points = self.font().pointSizeF() * _LARGE
        self._large = True
        top = QHBoxLayout()
        top.setContentsMargins(2 * theme.GRID, theme.GRID, theme.GRID, 0)
        top.addWidget(self._title, 1)
        top.addWidget(self._button("A−", "Smaller lesson text", self.smaller))
        top.addWidget(self._button("A+", "Larger lesson text", self.larger))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        self.question = QuestionPanel(self)
        column.addWidget(self.question)
        self._apply_size()

    def _button(self, sign: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(slot)
        return button

    @property
    def points(self) -> float:
        """Size of the text."""
        return self.text.font().pointSizeF()

    def plain_text(self) -> str:
        """The lesson's text, without its markup."""
        return self.text.toPlainText()

    def set_title(self, title: str, *, large: bool = True) -> None:
        """What the text is, and whether it is read from the back of a room."""
        self._title.setText(title)
        if large != self._large:
            self._large = large
            self._points = self.font().pointSizeF() * (_LARGE if large else _PLAIN)
            self._apply_size()

    def show_html(self, text: str) -> None:
        """Show another text, from its beginning."""
        self.text.setHtml(text)

    def larger(self) -> None:
        """Show the text a size larger."""
        self._points = min(self.points + _STEP, _LARGEST)
        self._apply_size()

    def smaller(self) -> None:
        """Show the text a size smaller."""
        self._points = max(self.points - _STEP, _SMALLEST)
        self._apply_size()

    def _apply_size(self) -> None:
        font = self.text.font()
        font.setPointSizeF(self._points)
        self.text.setFont(font)
