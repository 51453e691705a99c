"""A migration, step by step: two hosts, the stream, what QEMU says, and the lesson."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui import theme
from ovmfgui.gui.views.migration.bytes_drawer import BytesDrawer
from ovmfgui.gui.views.migration.lesson_panel import LessonPanel
from ovmfgui.gui.views.migration.offer_page import OfferPage
from ovmfgui.gui.views.migration.player import Player
from ovmfgui.gui.views.migration.prepared import Prepared, offers, play, prepare
from ovmfgui.gui.views.migration.stage import Stage
from ovmfgui.gui.views.migration.step_text import lesson_html, outcome_text, step_html
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.timeline import TimelineStep
from ovmfgui.layout.verdict import Fit
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from ovmfgui.gui.document import Document
    from ovmfgui.gui.views.migration.host_rows import Row
    from ovmfgui.migration.step import Replay, Step
    from ovmfgui.migration.world import ObjectKey


class MigrationView(QWidget):
    """Plays a replay.

    Signals:
        bytes_requested: a title and bytes that the user wants in the hex view.
        replay_changed: another ``Replay`` is shown.
    """

    bytes_requested = Signal(str, bytes)
    replay_changed = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._prepared: Prepared | None = None
        self._shown_key: ObjectKey | None = None
        self._shown_label = ""
        self._filled = self._divided = False
        self.scenarios = QComboBox(self)
        self.run_button = QPushButton("Run", self)
        self.outcome = ElidedLabel("", self)
        self.stage = Stage(self)
        self.lesson = LessonPanel(self)
        self.text = QTextBrowser(self)
        self.printed = QPlainTextEdit(self)
        self.drawer = BytesDrawer(self)
        self.player = Player(self)
        self.offer_page = OfferPage(self)
        self._build()
        self.scenarios.activated.connect(self._on_scenario)
        self.run_button.clicked.connect(self._on_run)
        self.offer_page.chosen.connect(self.run_scenario)
        self.player.moved.connect(self.show_step)
        self.stage.chosen.connect(self.show_bytes)
        self.drawer.closed.connect(self.hide_bytes)
        self.drawer.opened.connect(self._on_open_bytes)

    # Building

    def _build(self) -> None:
        self.scenarios.setAccessibleName("Scenario")
        self.scenarios.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.scenarios.setMinimumContentsLength(28)
        self.run_button.setToolTip("Play the chosen scenario from its start")
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
        # Six lines: what happens at a step, and what QEMU says to it, fit without scrolling.
        words.setMinimumHeight(round(6.5 * self.fontMetrics().lineSpacing()))
        top = QHBoxLayout()
        top.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        top.setSpacing(2 * theme.GRID)
        top.addWidget(self.scenarios)
        top.addWidget(self.run_button)
        top.addWidget(self.outcome, 1)
        hosts = self._hosts = QScrollArea(self)
        hosts.setWidgetResizable(True)
        hosts.setFrameShape(QFrame.Shape.NoFrame)
        hosts.setWidget(self.stage)
        hosts.setMinimumHeight(160)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._across.addWidget(hosts)
        self._across.addWidget(self.lesson)
        self._across.setStretchFactor(0, 5)
        self._across.setStretchFactor(1, 2)
        self._across.setSizes([680, 320])
        self._across.setChildrenCollapsible(False)
        self.drawer.hide()
        self._down = QSplitter(Qt.Orientation.Vertical, self)
        for widget, stretch in ((self._across, 6), (self.drawer, 3), (words, 1)):
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
        column.addLayout(top)
        column.addWidget(body, 1)
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
        found = offers()
        for offer in found:
            self.scenarios.addItem(offer.title, str(offer.path))
        self.offer_page.set_offers(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As long as nobody has moved the divider, the text gets its share of the height."""
        super().resizeEvent(event)
        if not self._divided:
            self._share_height()

    def _share_height(self) -> None:
        lines = self.fontMetrics().lineSpacing()
        whole = self._down.height()
        words = round(min(max(whole / 4, 6.5 * lines), 12 * lines))
        drawer = 0 if self.drawer.isHidden() else whole // 3
        self._down.setSizes([whole - words - drawer, drawer, words])

    def _on_divided(self) -> None:
        self._divided = True

    # Running

    def _on_scenario(self, _index: int) -> None:
        self._on_run()

    def _on_run(self) -> None:
        path = self.scenarios.currentData()
        if path:
            self.run_scenario(Path(path))

    def run_scenario(self, path: Path) -> None:
        """Play a scenario file in the background, then show it; a refusal leaves what is shown."""
        self._name(str(path))
        self.run_button.setEnabled(False)
        self._document.tasks.start(
            f"Playing {path.stem}",
            lambda report: play(path, report),
            self.set_prepared,
            self._on_refusal,
            self._on_end,
        )

    def _name(self, path: str) -> None:
        """Show the scenario of that path as the chosen one."""
        self._fill()
        index = self.scenarios.findData(path)
        if index >= 0:
            self.scenarios.setCurrentIndex(index)

    def set_replay(self, replay: Replay) -> None:
        """Show a replay that has been run elsewhere; its maps are drawn in the background."""
        self._document.tasks.start(
            f"Drawing {replay.scenario.title}",
            lambda report: prepare(replay, report),
            self.set_prepared,
            self._on_refusal,
        )

    def _on_refusal(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self._document.refused.emit(str(error))

    def _on_end(self) -> None:
        self.run_button.setEnabled(True)

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
        self._prepared = prepared
        replay = prepared.replay
        self.hide_bytes()
        self._name(replay.scenario.path)
        self.stage.set_steps(replay.steps, prepared.charts)
        self.player.set_steps(
            TimelineStep(
                step.title, step.action_number, step.action.replace("-", " ") or "before", step.ok
            )
            for step in replay.steps
        )
        self.player.show()
        self._stack.setCurrentIndex(1)
        self._share_height()
        self.show_step(0)
        self.replay_changed.emit(replay)

    def _tell_outcome(self, replay: Replay) -> None:
        """How it ended; a story's end is not told before its last step."""
        if self.player.current < len(replay.steps) - 1:
            self.outcome.setText("")
            self.outcome.setToolTip("")
            return
        style = theme.fit_style(Fit.FITS if replay.well else Fit.INCOMPATIBLE, self.palette())
        palette = self.outcome.palette()
        palette.setColor(palette.ColorRole.WindowText, style.colour)
        self.outcome.setPalette(palette)
        self.outcome.setText(f"{style.sign} {outcome_text(replay)}")
        self.outcome.setToolTip(replay.outcome_text)

    # Stepping

    def show_step(self, index: int) -> None:
        """Show the world after step ``index``."""
        replay = self.replay
        if replay is None or not 0 <= index < len(replay.steps):
            return
        step = replay.steps[index]
        self.player.show_step(index)
        self.stage.show_step(index)
        self.text.setHtml(step_html(step, len(replay.steps) - 1, self.palette()))
        self.printed.setPlainText(step.qemu)
        self.lesson.show_html(lesson_html(step, replay.scenario.summary))
        self._tell_outcome(replay)
        self._update_drawer()

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is event.Type.PaletteChange and self.replay is not None:
            self.show_step(self.player.current)

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
        """States of interest, for pictures: the last step, and one in the middle of a write."""
        if self.replay is None:
            return ()
        return (
            ("stream", self._pose_stream),
            ("end", self.player.to_last),
        )

    def _pose_stream(self) -> None:
        replay = self.replay
        if replay is not None:
            streams = [step.n for step in replay.steps if step.world.stream is not None]
            self.show_step(streams[-1] if streams else 0)
