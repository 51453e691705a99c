"""A question between two steps, with its answers as buttons; the replay says which is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from ovmfgui.migration.lesson.questions import Choice, Question


class QuestionPanel(QFrame):
    """Hidden where nothing is asked.

    Signals:
        proof_wanted: index of the step that shows the answer.
    """

    proof_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: Question | None = None
        self._answers: dict[Question, Choice] = {}
        self.text = WrappedLabel("", self)
        self.result = WrappedLabel("", self)
        self._ink = Tint(self.result)
        self.proof = QPushButton("See what happens", self)
        self.proof.clicked.connect(self._on_proof)
        self.buttons: list[QPushButton] = []
        bold = self.text.font()
        bold.setBold(True)
        bold.setPointSizeF(bold.pointSizeF() * 1.15)
        self.text.setFont(bold)
        self._column = QVBoxLayout(self)
        margin = 3 * theme.GRID
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(theme.GRID)
        for widget in (self.text, self.result, self.proof):
            self._column.addWidget(widget)
        self.hide()

    def forget(self) -> None:
        """Another replay: nothing has been answered."""
        self._answers.clear()
        self.show_question(None)

    def show_question(self, question: Question | None, *, proven: bool = False) -> None:
        """Ask; or, where the step in sight proves it, say what was right; None for nothing."""
        self._question = question
        self.setVisible(question is not None)
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        if question is None:
            return
        self.text.setText(question.text)
        if not proven:
            for choice in question.choices:
                self._add(choice)
        self._tell(proven=proven)

    def _add(self, choice: Choice) -> None:
        button = QPushButton(choice.words, self)
        button.clicked.connect(lambda _on=False: self.answer(choice))
        self.buttons.append(button)
        self._column.insertWidget(len(self.buttons), button)

    def answer(self, choice: Choice) -> None:
        """Somebody says so; whether it is right is not told before it has been seen."""
        if self._question is not None:
            self._answers[self._question] = choice
            self._tell(proven=False)
            self.proof.setFocus()

    def _tell(self, *, proven: bool) -> None:
        question = self._question
        assert question is not None
        given = self._answers.get(question)
        self.proof.setVisible(not proven and given is not None)
        if not proven:
            said = "" if given is None else f"You say: {given.words}."
            self._ink.mean(None)
        elif given is None:
            said = f"{question.answer}."
            self._ink.mean(None)
        else:
            fit = Fit.FITS if given.id == question.right else Fit.INCOMPATIBLE
            word = "Right" if given.id == question.right else f"You said: {given.words}. No"
            said = f"{fit.sign} {word}: {question.answer[0].lower()}{question.answer[1:]}."
            self._ink.mean(
                lambda p: contrast.readable(theme.fit_style(fit, p).colour, p.window().color())
            )
        self.result.setText(said)
        self.result.setVisible(bool(said))

    def _on_proof(self) -> None:
        if self._question is not None:
            self.proof_wanted.emit(self._question.answered_at)
