"""Beside the hosts: the lesson, or the scenario's actions while they are edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ovmfgui.gui.views.migration.lesson_panel import LessonPanel

if TYPE_CHECKING:
    from ovmfgui.gui.views.migration.scenario_editor import ScenarioEditor
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.refusal import Refused


class Side(QStackedWidget):
    """One of the two; the editor is made when it is first wanted.

    Signals:
        run_wanted: play the draft.
        told: one line for a person, after a scenario was written.
        refused: one line for a person: what could not be done.
        drafts_changed: other drafts than before may be in no file.
    """

    run_wanted = Signal()
    told = Signal(str)
    refused = Signal(str)
    drafts_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lesson = LessonPanel(self)
        self.editor: ScenarioEditor | None = None
        self.addWidget(self.lesson)

    @property
    def draft(self) -> Draft | None:
        """What is being edited; None while the lesson is in front."""
        return self.editor.draft if self.editor is not None and self.currentIndex() else None

    def show_lesson(self) -> None:
        """The lesson; a draft is kept."""
        self.setCurrentIndex(0)

    def edit(
        self, path: str, number: int = 0, draft: Draft | None = None, *, new: bool = True
    ) -> bool:
        """The actions of a scenario, the one of that number chosen; whether it can be read.

        ``draft`` is one that lies in no file; ``new``: it is to be saved as it is.
        """
        if self.editor is None:
            from ovmfgui.gui.views.migration.scenario_editor import ScenarioEditor

            self.editor = ScenarioEditor(self)
            self.editor.run_wanted.connect(self.run_wanted)
            self.editor.refused.connect(self.refused)
            self.editor.saved.connect(self.told)
            self.editor.drafts_changed.connect(self.drafts_changed)
            self.addWidget(self.editor)
        if not self.editor.begin(path, draft, new=new):
            return False
        self.editor.show_action(number)
        self.setCurrentIndex(1)
        return True

    def show_action(self, number: int) -> None:
        """The action that the step shown belongs to, counted from 1."""
        if self.editor is not None:
            self.editor.show_action(number)

    def show_played(self, path: str, draft: Draft | None) -> None:
        """What came was played from a draft, or, where that is None, from the file itself."""
        if self.editor is not None and self.draft is not None:
            self.editor.show_played(path, draft)

    def show_refusal(self, refusal: Refused) -> bool:
        """Say what is wrong at its action; whether it is about what is edited."""
        return (
            self.editor is not None and self.draft is not None and self.editor.show_refusal(refusal)
        )
