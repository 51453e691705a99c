"""A migration, step by step: two hosts, the stream, what QEMU says, and the lesson."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ovmfgui.gui.views.migration.arrangement import Arrangement
from ovmfgui.gui.views.migration.bytes_drawer import BytesDrawer
from ovmfgui.gui.views.migration.drafts import Drafts
from ovmfgui.gui.views.migration.followed_bytes import FollowedBytes
from ovmfgui.gui.views.migration.following import Following
from ovmfgui.gui.views.migration.in_front import InFront
from ovmfgui.gui.views.migration.lesson_export import export_lesson
from ovmfgui.gui.views.migration.offer_page import OfferPage
from ovmfgui.gui.views.migration.player import Player
from ovmfgui.gui.views.migration.playing import Playing
from ovmfgui.gui.views.migration.plotting import load_plots
from ovmfgui.gui.views.migration.posing import poses_of
from ovmfgui.gui.views.migration.side import Side
from ovmfgui.gui.views.migration.source_bar import SourceBar
from ovmfgui.gui.views.migration.stage import Stage
from ovmfgui.gui.views.migration.step_text import lesson_html, outcome_text, timeline_steps
from ovmfgui.gui.views.migration.step_words import StepWords
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.scenario.shipped import chapters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QShowEvent

    from ovmfgui.gui.views.migration.activity_plot import ActivityPlot
    from ovmfgui.gui.views.migration.presenting.presentation import Presentation
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.lesson.questions import Question
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.migration.simulation.step import Replay, Step
    from ovmfgui.refusal import Refused


class MigrationView(QWidget):
    """Plays a replay.

    Signals:
        replay_changed: another ``Replay`` is shown; None where there is none any more.
    """

    replay_changed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = workbench.document
        self._filled = False
        self._questions: tuple[Question, ...] = ()
        self.bar = SourceBar(self)
        self.stage = Stage(self)
        self.side = Side(self)
        self.lesson = self.side.lesson
        self.words = StepWords(self)
        self.drawer = BytesDrawer(self)
        self.drawer.grid.copying = workbench.copying
        self.player = Player(self)
        self.keeping = InFront(workbench.document, self.player, self)
        self.offer_page = OfferPage(self)
        self.body = Arrangement(
            self.offer_page, self.stage, self.side, self.drawer, self.words, parent=self
        )
        self.bytes = FollowedBytes(workbench, self.stage, self.drawer, self.body.reveal, self)
        self.plot: ActivityPlot | None = None
        self.presentation: Presentation | None = None
        self._build()
        self.playing = Playing(workbench.tasks, lambda: self.bar.engine, self)
        self.playing.begun.connect(self._on_begun)
        self.playing.prepared.connect(self.keeping.open)
        self.playing.refused.connect(self._on_refused)
        self.playing.ended.connect(self._on_ended)
        self.following = Following(workbench, self)
        self.following.begun.connect(self.set_prepared)
        self.following.grown.connect(self.grow)
        self.following.changed.connect(workbench.heading_changed)
        self.bar.chosen.connect(self._on_again)
        self.bar.lessons_wanted.connect(self.show_lessons)
        self.side.run_wanted.connect(self._on_run)
        for text in (self.lesson.text, self.words.text):
            text.asked.connect(workbench.term_asked)
        self.side.told.connect(workbench.tell)
        self.side.refused.connect(workbench.refuse)
        self.bar.run_wanted.connect(self._on_run)
        self.bar.editing.connect(self._on_editing)
        self.bar.plotting.connect(self._on_plotting)
        self.offer_page.chosen.connect(self.playing.scenario)
        self.player.moved.connect(self.show_step)
        self.lesson.question.proof_wanted.connect(self.player.timeline.go)
        self.bytes.shown.connect(self.body.share_unless_divided)
        self.replay_changed.connect(workbench.heading_changed)
        Drafts(workbench, self.side, self)
        self.keeping.wanted.connect(self._on_wanted)
        self.keeping.follow()
        self._bind()

    def _bind(self) -> None:
        bar, player = self.bar, self.player
        self._workbench.actions.bind(
            {
                "edit-scenario": self._on_edit,
                "show-activity": bar.plot_button.toggle,
                "next-step": player.step_forward,
                "previous-step": player.step_back,
                "first-step": player.to_first,
                "last-step": player.to_last,
                "export-lesson": self._on_export,
                "present": self.present,
                "stop-following": self.following.stop,
            },
            {
                "followed": lambda: self.following.active,
                # Nothing moves that nobody sees.
                "replay": lambda: self.replay is not None and self.isVisible(),
                "scenario": bar.edit_button.isEnabled,
                "activity": bar.plot_button.isEnabled,
            },
        )

    def _on_edit(self) -> None:
        """The editor, or the lesson again; whoever asks from another view wants the editor."""
        if self.isVisible():
            self.bar.edit_button.toggle()
        else:
            self._workbench.show_view(MigrationView)
            self.bar.edit_button.setChecked(True)

    def edit_played(self, path: str, made: Draft | None = None) -> None:
        """Play a scenario, in a file or made, and edit it beside."""
        self.playing.scenario(Path(path)) if made is None else self.playing.draft(made)
        if self.side.edit(path, draft=made):
            self.bar.edit_button.setEnabled(True)
            self.bar.edit_button.setChecked(True)

    def _on_export(self) -> None:
        if self.replay is not None:
            export_lesson(self._workbench, self.replay)

    def show_lessons(self) -> None:
        """The index of the lessons, in place of what is played."""
        self._fill()
        self.player.pause()
        self.player.hide()
        self.body.show_index()
        self.offer_page.setFocus(Qt.FocusReason.OtherFocusReason)

    def present(self) -> None:
        """Show the replay on the whole screen, from the step that is shown."""
        if self.keeping.shown is None:
            return
        from ovmfgui.gui.views.migration.presenting.beginning import presentation_of

        self.presentation = presentation_of(
            self._workbench, self.keeping.shown, self.player.current
        )
        self.presentation.moved.connect(self.player.timeline.go)
        self.presentation.ended.connect(self._on_presented)
        self.player.pause()
        self.presentation.begin()

    def _on_presented(self) -> None:
        self.presentation = None

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.body, 1)
        column.addWidget(self.player)
        self.player.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """The list of scenarios is read when it is first wanted."""
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        if self._filled:
            return
        self._filled = True
        found = chapters()
        self.bar.set_headlines([each for chapter in found for each in chapter.lessons])
        self.offer_page.set_chapters(found)

    # What is played

    def _on_again(self, path: str) -> None:
        self.playing.again(path)

    def _on_run(self) -> None:
        draft = self.side.draft
        if draft is not None:
            self.playing.draft(draft)
        elif self.bar.path:
            self.playing.again(self.bar.path)

    def _on_begun(self, path: str) -> None:
        self._fill()
        self.bar.name(path)
        self.bar.run_button.setEnabled(False)

    def _on_ended(self) -> None:
        self.bar.run_button.setEnabled(True)

    def _on_refused(self, path: str, refusal: Refused) -> None:
        """What is wrong is said at its action where that can be mended; what is shown stays."""
        if not self.side.show_refusal(refusal) and not self._mend(path, refusal):
            self._workbench.refuse(refusal)

    def _mend(self, path: str, refusal: Refused) -> bool:
        """Edit a scenario that cannot be played; whether an action of it is what is wrong."""
        from ovmfgui.migration.scenario.draft import is_about_an_action

        if not is_about_an_action(path, str(refusal)) or not self.side.edit(path):
            return False
        self._let_go()
        self.words.show_nothing(
            "This scenario cannot be played as it is. What is wrong is said beside it, at the "
            "action; change that and run it again."
        )
        self.player.hide()
        self.bar.plot_button.setChecked(False)
        self.bar.allow(scenario=True, activity=False)
        self.bar.edit_button.setChecked(True)
        self.body.show_played()
        self.replay_changed.emit(None)
        return self.side.show_refusal(refusal)

    @property
    def replay(self) -> Replay | None:
        """What is shown; None before anything was run."""
        return self.keeping.shown.replay if self.keeping.shown is not None else None

    @property
    def heading(self) -> str:
        """What is shown, where that is not what is open in the other views."""
        return self.keeping.heading

    @property
    def step(self) -> Step | None:
        """The step shown."""
        replay = self.replay
        return replay.steps[self.player.current] if replay is not None else None

    def set_prepared(self, prepared: Prepared) -> None:
        """Show a replay from its first step."""
        self.keeping.shown = prepared
        replay = prepared.replay
        self.bytes.stop()
        self._fill()
        self.bar.name(replay.scenario.path, replay.scenario.title)
        played = prepared.aside is None
        self.bar.allow(scenario=played, activity=not prepared.activity.quiet)
        self.bar.engines.setEnabled(played)
        self.bar.tell_agreement(replay)
        self.stage.set_steps(replay.steps, prepared.charts)
        self._questions = questions_of(replay) if played else ()
        self.player.set_steps(timeline_steps(replay), tell_ahead=not self._questions)
        self.player.setVisible(len(replay.steps) > 1)
        aside = prepared.aside
        self.lesson.set_title(aside.title if aside else "Lesson", large=aside is None)
        self.words.printed.setVisible(aside is None or len(replay.steps) > 1)
        self.lesson.question.forget()
        if aside is None:
            self.side.show_played(replay.scenario.path, prepared.draft)
        if self.plot is not None:
            self.plot.set_activity(prepared.activity)
            self.plot.setVisible(self.bar.plot_button.isChecked() and not prepared.activity.quiet)
        self.body.show_played()
        self.body.share_height()
        self.show_step(0)
        self.replay_changed.emit(replay)

    def _on_wanted(self, prepared: Prepared | None) -> None:
        """Show what was played, or the index of what can be."""
        if prepared is not None:
            self.set_prepared(prepared)
            return
        self._let_go()
        self.player.pause()
        self.player.hide()
        self.bar.allow(scenario=False, activity=False)
        self.body.show_index()
        self.replay_changed.emit(None)

    def _let_go(self) -> None:
        """Hold on to nothing of what was played: a recording has up to 160 MiB of flash."""
        self.keeping.shown = None
        self._questions = ()
        self.bytes.forget()
        self.stage.set_steps((), {})

    def grow(self, prepared: Prepared) -> None:
        """Show the same replay with more steps; who stands at its end goes along."""
        if not self._document.played_on(prepared):
            return
        timeline, last = self.player.timeline, len(prepared.replay.steps) - 1
        at_end = timeline.current == len(timeline) - 1
        self.keeping.shown = prepared
        self.stage.grow(prepared.replay.steps, prepared.charts)
        timeline.grow(timeline_steps(prepared.replay))
        self.player.setVisible(last > 0)
        self.bar.allow(scenario=False, activity=not prepared.activity.quiet)
        if self.plot is not None:
            self.plot.set_activity(prepared.activity)
        self.show_step(last if at_end else timeline.current)

    def _ask(self, index: int) -> None:
        """The question between this step and the next, or the answer that this one proves."""
        proven = next((each for each in self._questions if each.answered_at == index), None)
        asked = next((each for each in self._questions if each.asked_at == index), None)
        self.lesson.question.show_question(asked or proven, proven=asked is None)

    def _tell_outcome(self, prepared: Prepared) -> None:
        """How it ended; a story's end is not told before its last step."""
        replay = prepared.replay
        last = self.player.current == len(replay.steps) - 1 and prepared.aside is None
        text = outcome_text(replay) if last else ""
        self.bar.tell_outcome(text, replay.outcome_text if last else "", well=replay.well)

    # Stepping

    def show_step(self, index: int) -> None:
        """Show the snapshot after step ``index``."""
        prepared = self.keeping.shown
        if prepared is None or not 0 <= index < len(prepared.replay.steps):
            return
        replay = prepared.replay
        step = replay.steps[index]
        self.player.show_step(index)
        self.stage.show_step(index)
        self.words.show_step(step, len(replay.steps) - 1)
        if prepared.aside is None:
            scenario = replay.scenario
            self.lesson.show_html(lesson_html(step, scenario.summary, scenario.teaches))
            self._ask(index)
        else:
            self.lesson.show_html(prepared.aside.html)
        if self.plot is not None:
            self.plot.show_step(index)
        self.side.show_action(step.action_number)
        self._tell_outcome(prepared)
        self.bytes.show_step(prepared, step)

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is event.Type.PaletteChange and self.keeping.shown is not None:
            self.bar.tell_agreement(self.keeping.shown.replay)
            self.show_step(self.player.current)

    # Activity and editing

    def _on_plotting(self, wanted: bool) -> None:
        if self.plot is not None:
            self.plot.setVisible(wanted)
            self.body.share_unless_divided()
        elif wanted:
            self._workbench.tasks.start("Loading the plots", load_plots, self._add_plot)

    def _add_plot(self, kind: type[ActivityPlot]) -> None:
        if self.plot is None and self.bar.plot_button.isChecked():
            self.plot = kind(self)
            self.plot.step_chosen.connect(self.player.timeline.go)
            self.body.add_plot(self.plot)
            if self.keeping.shown is not None:
                self.plot.set_activity(self.keeping.shown.activity)
                self.plot.show_step(self.player.current)
            self.body.share_unless_divided()

    def _on_editing(self, wanted: bool) -> None:
        if not wanted:
            self.side.show_lesson()
            return
        number = self.step.action_number if self.step is not None else 0
        shown = self.keeping.shown
        # One that was made for the replay lies in no file.
        made = shown.draft if shown is not None and not Path(self.bar.path).is_file() else None
        if not self.side.edit(self.bar.path, number, made, new=False):
            self.bar.edit_button.setChecked(False)

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest beside the steps, for pictures: the activity, the editor."""
        return poses_of(self.bar, self.keeping.shown)
