"""A migration, step by step: two hosts, the stream, what QEMU says, and the lesson."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui import theme
from ovmfgui.gui.views.migration.bytes_drawer import BytesDrawer
from ovmfgui.gui.views.migration.lesson_panel import LessonPanel
from ovmfgui.gui.views.migration.offer_page import OfferPage
from ovmfgui.gui.views.migration.player import Player
from ovmfgui.gui.views.migration.source_bar import SourceBar
from ovmfgui.gui.views.migration.sources import Prepared, offers, play, prepare
from ovmfgui.gui.views.migration.stage import Stage
from ovmfgui.gui.views.migration.step_text import lesson_html, outcome_text, step_html
from ovmfgui.gui.widgets.timeline import TimelineStep
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from ovmfgui.gui.document import Document
    from ovmfgui.gui.tasks import Report
    from ovmfgui.gui.views.migration.activity_plot import ActivityPlot
    from ovmfgui.gui.views.migration.draft import Draft
    from ovmfgui.gui.views.migration.host_rows import Row
    from ovmfgui.gui.views.migration.scenario_editor import ScenarioEditor
    from ovmfgui.migration.step import Replay, Step
    from ovmfgui.migration.world import ObjectKey


class MigrationView(QWidget):
    """Plays a replay.

    Signals:
        bytes_requested: a title and bytes that the user wants in the hex view.
        chips_opened: a title and the ``FlashFile``s of a recording that has just been read.
        replay_changed: another ``Replay`` is shown.
    """

    bytes_requested = Signal(str, bytes)
    chips_opened = Signal(str, object)
    replay_changed = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._prepared: Prepared | None = None
        self._again: dict[str, Callable[[], None]] = {}
        self._shown_key: ObjectKey | None = None
        self._shown_label = ""
        self._filled = self._divided = False
        self.bar = SourceBar(self)
        self.stage = Stage(self)
        self.lesson = LessonPanel(self)
        self.text = QTextBrowser(self)
        self.printed = QPlainTextEdit(self)
        self.drawer = BytesDrawer(self)
        self.player = Player(self)
        self.offer_page = OfferPage(self)
        self.plot: ActivityPlot | None = None
        self.editor: ScenarioEditor | None = None
        self._build()
        self.bar.chosen.connect(self._on_chosen)
        self.bar.run_wanted.connect(self._on_run)
        self.bar.editing.connect(self._on_editing)
        self.bar.plotting.connect(self._on_plotting)
        self.offer_page.chosen.connect(self.run_scenario)
        self.player.moved.connect(self.show_step)
        self.stage.chosen.connect(self.show_bytes)
        self.drawer.closed.connect(self.hide_bytes)
        self.drawer.opened.connect(self._on_open_bytes)

    # Building

    def _build(self) -> None:
        hosts = self._hosts = QScrollArea(self)
        hosts.setWidgetResizable(True)
        hosts.setFrameShape(QFrame.Shape.NoFrame)
        hosts.setWidget(self.stage)
        hosts.setMinimumHeight(24 * theme.GRID)
        self._side = QStackedWidget(self)
        self._side.addWidget(self.lesson)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._across.addWidget(hosts)
        self._across.addWidget(self._side)
        self._across.setStretchFactor(0, 5)
        self._across.setStretchFactor(1, 2)
        self._across.setSizes([680, 320])
        self._across.setChildrenCollapsible(False)
        self.drawer.hide()
        self._down = QSplitter(Qt.Orientation.Vertical, self)
        for widget, stretch in ((self._across, 6), (self.drawer, 3), (self._words(), 1)):
            self._down.addWidget(widget)
            self._down.setStretchFactor(self._down.count() - 1, stretch)
        self._down.setChildrenCollapsible(False)
        self._down.splitterMoved.connect(self._on_divided)
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.offer_page)
        self._stack.addWidget(self._down)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(body, 1)
        column.addWidget(self.player)
        self.player.hide()

    def _words(self) -> QWidget:
        """What happens, and what QEMU says to it."""
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("What happens")
        self.text.document().setDocumentMargin(2 * theme.GRID)
        self.printed.setFrameShape(QFrame.Shape.NoFrame)
        self.printed.setReadOnly(True)
        self.printed.setFont(theme.fixed_font())
        self.printed.setPlaceholderText("QEMU prints nothing.")
        self.printed.setAccessibleName("What QEMU prints")
        self.printed.document().setDocumentMargin(2 * theme.GRID)
        words = QSplitter(Qt.Orientation.Horizontal, self)
        words.addWidget(self.text)
        words.addWidget(self.printed)
        words.setSizes([500, 500])
        words.setChildrenCollapsible(False)
        words.setMinimumHeight(round(2.5 * self.fontMetrics().lineSpacing()))
        return words

    def showEvent(self, event: QShowEvent) -> None:
        """The list of scenarios is read when it is first wanted."""
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        if self._filled:
            return
        self._filled = True
        found = offers()
        self.bar.set_offers(found)
        self.offer_page.set_offers(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As long as nobody has moved the divider, the text gets its share of the height."""
        super().resizeEvent(event)
        if not self._divided:
            self._share_height()

    def _share_height(self) -> None:
        """Six lines of text where there is room: a step, and what QEMU says to it, fit."""
        lines = self.fontMetrics().lineSpacing()
        whole = self._down.height()
        words = round(min(max(whole / 4, min(6.5 * lines, whole / 3)), 12 * lines))
        drawer = 0 if self.drawer.isHidden() else whole // 3
        plot = 0 if self.plot is None or self.plot.isHidden() else whole // 3
        sizes = [whole - words - drawer - plot, drawer, words]
        self._down.setSizes([*sizes, plot] if self.plot is not None else sizes)

    def _on_divided(self) -> None:
        self._divided = True

    # What is played

    def _on_chosen(self, path: str) -> None:
        again = self._again.get(path)
        if again is not None:
            again()
        else:
            self.run_scenario(Path(path))

    def _on_run(self) -> None:
        if self.editor is not None and self.bar.edit_button.isChecked():
            self.run_draft(self.editor.draft)
        elif self.bar.path:
            self._on_chosen(self.bar.path)

    def run_scenario(self, path: Path) -> None:
        """Play a scenario file in the background, then show it; a refusal leaves what is shown."""
        self._fill()
        self.bar.name(str(path))
        engine = self.bar.engine
        self._start(f"Playing {path.stem}", lambda report: play(path, report, engine))

    def run_draft(self, draft: Draft) -> None:
        """Play a scenario as it is being edited; a refusal is shown at the action it is about."""
        engine = self.bar.engine
        self._start(f"Playing {draft.name}", partial(_play_draft, draft, engine))

    def open_recording(self, path: str) -> None:
        """Show a migration stream or a save file, and open its chips in the other views."""
        from ovmfgui.gui.views.migration.recorded_stream import prepare_recording

        self._again[path] = partial(self.open_recording, path)
        self._start(f"Reading {Path(path).name}", partial(prepare_recording, path))

    def attach(self, socket: str) -> None:
        """Show the chips of a running QEMU as they are now, by the path of its QMP socket."""
        from ovmfgui.gui.views.migration.recorded_stream import prepare_running

        self._again[socket] = partial(self.attach, socket)
        self._start(f"Looking at {Path(socket).name}", partial(prepare_running, socket))

    def open_trace(self, path: str, before: str) -> None:
        """Show a log of ``pflash_*`` events, from what the chip's file held before."""
        from ovmfgui.gui.views.migration.recorded_trace import prepare_trace

        self._again[path] = partial(self.open_trace, path, before)
        self._start(f"Playing {Path(path).name}", partial(prepare_trace, path, before))

    def _start(self, title: str, work: Callable[[Report], Prepared]) -> None:
        self.bar.run_button.setEnabled(False)
        tasks = self._document.tasks
        tasks.start(title, work, self.set_prepared, self._on_refusal, self._on_end)

    def set_replay(self, replay: Replay) -> None:
        """Show a replay that has been run elsewhere; its maps are drawn in the background."""
        self._start(f"Drawing {replay.scenario.title}", partial(prepare, replay))

    def _on_refusal(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        if self.editor is None or not self.editor.show_refusal(error):
            self._document.refused.emit(str(error))

    def _on_end(self) -> None:
        self.bar.run_button.setEnabled(True)

    @property
    def replay(self) -> Replay | None:
        """What is shown; None before anything was run."""
        return self._prepared.replay if self._prepared is not None else None

    @property
    def step(self) -> Step | None:
        """The step shown."""
        replay = self.replay
        return replay.steps[self.player.current] if replay is not None else None

    def set_prepared(self, prepared: Prepared) -> None:
        """Show a replay from its first step."""
        same = (
            self.replay is not None and self.replay.scenario.path == prepared.replay.scenario.path
        )
        self._prepared = prepared
        replay = prepared.replay
        self.hide_bytes()
        self._fill()
        self.bar.name(replay.scenario.path, replay.scenario.title)
        played = prepared.aside is None
        self.bar.allow(scenario=played, activity=not prepared.activity.quiet)
        self.bar.engines.setEnabled(played)
        self.bar.tell_agreement(replay)
        self.stage.set_steps(replay.steps, prepared.charts)
        self.player.set_steps(
            TimelineStep(
                step.title, step.action_number, step.action.replace("-", " ") or "before", step.ok
            )
            for step in replay.steps
        )
        self.player.setVisible(len(replay.steps) > 1)
        aside = prepared.aside
        self.lesson.set_title(aside.title if aside else "Lesson", large=aside is None)
        self.printed.setVisible(aside is None or len(replay.steps) > 1)
        if self.editor is not None and self.bar.edit_button.isChecked():
            self.editor.show_played(replay, same=same)
        if self.plot is not None:
            self.plot.set_activity(prepared.activity)
            self.plot.setVisible(self.bar.plot_button.isChecked() and not prepared.activity.quiet)
        self._stack.setCurrentIndex(1)
        self._share_height()
        self.show_step(0)
        if prepared.chips:
            self.chips_opened.emit(replay.scenario.title, prepared.chips)
        self.replay_changed.emit(replay)

    def _tell_outcome(self, prepared: Prepared) -> None:
        """How it ended; a story's end is not told before its last step."""
        replay = prepared.replay
        last = self.player.current == len(replay.steps) - 1 and prepared.aside is None
        text = outcome_text(replay) if last else ""
        self.bar.tell_outcome(text, replay.outcome_text if last else "", well=replay.well)

    # Stepping

    def show_step(self, index: int) -> None:
        """Show the world after step ``index``."""
        prepared = self._prepared
        if prepared is None or not 0 <= index < len(prepared.replay.steps):
            return
        replay = prepared.replay
        step = replay.steps[index]
        self.player.show_step(index)
        self.stage.show_step(index)
        self.text.setHtml(step_html(step, len(replay.steps) - 1, self.palette()))
        self.printed.setPlainText(step.qemu)
        if prepared.aside is None:
            self.lesson.show_html(lesson_html(step, replay.scenario.summary))
        else:
            self.lesson.show_html(prepared.aside.html)
        if self.plot is not None:
            self.plot.show_step(index)
        if self.editor is not None:
            self.editor.show_action(step.action_number)
        self._tell_outcome(prepared)
        self._update_drawer()

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is event.Type.PaletteChange and self._prepared is not None:
            self.bar.tell_agreement(self._prepared.replay)
            self.show_step(self.player.current)

    # Activity and editing

    def _on_plotting(self, wanted: bool) -> None:
        if wanted and self.plot is None:
            # The library that plots takes a while to import.
            from ovmfgui.gui.views.migration.activity_plot import ActivityPlot

            self.plot = ActivityPlot(self)
            self.plot.step_chosen.connect(self.player.timeline.go)
            self._down.addWidget(self.plot)
            self._down.setStretchFactor(self._down.count() - 1, 2)
            if self._prepared is not None:
                self.plot.set_activity(self._prepared.activity)
                self.plot.show_step(self.player.current)
        if self.plot is not None:
            self.plot.setVisible(wanted)
            if not self._divided:
                self._share_height()

    def _on_editing(self, wanted: bool) -> None:
        if wanted and self.editor is None:
            from ovmfgui.gui.views.migration.scenario_editor import ScenarioEditor

            self.editor = ScenarioEditor(self)
            self.editor.run_wanted.connect(self._on_run)
            self.editor.refused.connect(self._document.refused)
            self.editor.saved.connect(self._document.notice)
            self._side.addWidget(self.editor)
        replay = self.replay
        if self.editor is not None and wanted and replay is not None:
            if not self.editor.begin(replay):
                self.bar.edit_button.setChecked(False)
                return
            self.editor.show_action(self.step.action_number if self.step is not None else 0)
        self._side.setCurrentIndex(1 if wanted else 0)

    # Bytes

    def show_bytes(self, row: Row) -> None:
        """Open the drawer on a file or chip; it follows the steps."""
        self._shown_key, self._shown_label = row.key, row.label
        self.drawer.show()
        if not self._divided:
            self._share_height()
        self.stage.mark(row.key)
        self._update_drawer()

    def hide_bytes(self) -> None:
        """Close the drawer."""
        self._shown_key = None
        self.drawer.hide()
        self.stage.mark(None)

    def _update_drawer(self) -> None:
        if self._shown_key is None or self._prepared is None:
            return
        row = self.stage.row_of(self._shown_key)
        if row is None:
            self.drawer.show_nothing(self._shown_label)
            return
        rect = self.stage.rect_of(row.key)
        if rect is not None:
            middle = rect.center().toPoint()
            self._hosts.ensureVisible(middle.x(), middle.y(), 0, round(rect.height()))
        segments = self._prepared.charts.get(row.contents, ())
        self.drawer.show_row(row, self._host_title(row.key), segments)

    def _host_title(self, key: ObjectKey) -> str:
        host = self.step.world.host(key.host) if self.step is not None else None
        return host.title if host is not None else key.host

    def _on_open_bytes(self) -> None:
        row = self.stage.row_of(self._shown_key)
        if row is not None:
            title = f"{row.label}, {self._host_title(row.key)}"
            self.bytes_requested.emit(title, row.contents.tobytes())

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest beside the steps, for pictures: the activity, the editor."""
        prepared = self._prepared
        if prepared is None:
            return ()
        found: list[tuple[str, Callable[[], None]]] = []
        if not prepared.activity.quiet:
            found.append(("activity", partial(self._pose_only, plot=True)))
        if prepared.aside is None:
            found.append(("editing", partial(self._pose_only, edit=True)))
        return found

    def _pose_only(self, *, plot: bool = False, edit: bool = False) -> None:
        self.bar.plot_button.setChecked(plot)
        self.bar.edit_button.setChecked(edit)


def _play_draft(draft: Draft, engine: str, report: Report) -> Prepared:
    from ovmfgui.migration.engine.playing import Engine
    from ovmfgui.migration.engine.playing import play as play_scenario

    return prepare(play_scenario(draft.scenario(), Engine(engine), report=report), report)
