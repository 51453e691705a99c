"""What a step means, in letters that the back row can read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import contrast, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette, QResizeEvent

    from ovmfgui.migration.lesson.questions import Question
    from ovmfgui.migration.simulation.step import Step

_OF_HEIGHT = 29
"""The letters' height is this part of the screen's: 37 of 1080 pixels."""

_SMALLEST = 0.5
"""Of that height; a longer text than fits then can be scrolled."""


def question_html(question: Question, palette: QPalette) -> str:
    """A question, and the answers that a room can vote on."""
    muted = theme.muted(palette).name()
    choices = " &nbsp; ".join(
        f'<span style="color:{muted}">{number}</span>&nbsp;{escape(choice.words)}'
        for number, choice in enumerate(question.choices, 1)
    )
    return f'<p style="margin:0 0 .3em 0"><b>? {escape(question.text)}</b></p><p>{choices}</p>'


def narration_html(step: Step, summary: str, palette: QPalette, answer: str = "") -> str:
    """The step's sentence, the lesson to it, and what QEMU printed as a card.

    Args:
        step: what happened.
        summary: the scenario's, told before the first step.
        palette: whose colours.
        answer: that the step gives to a question before it; empty for none.
    """
    bad = theme.severity_style(Severity.ERROR, palette)
    sign = "" if step.ok else f'<span style="color:{bad.colour.name()}">{bad.sign} </span>'
    told = " ".join((step.lesson or (summary if step.n == 0 else step.text)).split())
    answered = f" &nbsp;<i>{escape(answer)}.</i>" if answer else ""
    parts = [
        f'<p style="margin:0 0 .3em 0"><b>{sign}{escape(step.title)}.</b>{answered} '
        f"{escape(told)}</p>",
    ]
    if step.qemu:
        ground = contrast.mix(palette.text().color(), palette.base().color(), 0.08).name()
        lines = "<br>".join(escape(line) for line in step.qemu.splitlines())
        family = theme.fixed_font().family()
        parts.append(
            f'<table width="100%" cellpadding="8" style="background:{ground}"><tr><td>'
            f"<span style=\"font-family:'{family}'; color:{bad.colour.name()}\">{lines}</span>"
            "</td></tr></table>"
        )
    return "".join(parts)


class Narrator(QTextBrowser):
    """As large as the room asks for, smaller only where the text would not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What happens")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.document().setDocumentMargin(0)
        self._step: Step | None = None
        self._summary = ""
        self._question: Question | None = None
        self._answer: Question | None = None
        self._room = 1080

    @property
    def letters(self) -> float:
        """Height of the letters' line, in device-independent pixels."""
        return self.font().pointSizeF() * self.logicalDpiY() / 72

    def set_room(self, height: int) -> None:
        """The height of the whole picture, which the letters follow."""
        self._room = height
        self._fit()

    def tell(self, step: Step, summary: str, answers: Question | None = None) -> None:
        """Another step, and the question that it answers."""
        self._step, self._summary = step, summary
        self._question, self._answer = None, answers
        self._fit()

    def ask(self, question: Question) -> None:
        """A question to the room, before the step that answers it."""
        self._question = question
        self._fit()

    def _html(self) -> str:
        if self._question is not None:
            return question_html(self._question, self.palette())
        assert self._step is not None
        answer = "" if self._answer is None else self._answer.answer
        return narration_html(self._step, self._summary, self.palette(), answer)

    def _fit(self) -> None:
        if self._step is None:
            return
        self.setHtml(self._html())
        wanted = self._room / _OF_HEIGHT
        size = wanted
        while True:
            self._set_size(size)
            if self.document().size().height() <= self.viewport().height() or size < 8:
                return
            if size <= wanted * _SMALLEST:
                return
            size -= 1

    def _set_size(self, pixels: float) -> None:
        font = QFont(self.font())
        font.setPointSizeF(pixels * 72 / self.logicalDpiY())
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.document().setTextWidth(self.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text fits the new place."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._fit()
