"""A replay on the whole screen: stage, words and line of steps as one picture."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.presenting.narrator import Narrator
from ovmfgui.gui.views.migration.presenting.notes import SpeakerNotes
from ovmfgui.gui.views.migration.presenting.overlay import Overlay
from ovmfgui.gui.views.migration.presenting.screens import screens_for
from ovmfgui.gui.views.migration.stage import Stage
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.timeline import Timeline
from ovmfgui.migration.lesson.questions import questions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QResizeEvent

    from ovmfgui.gui.widgets.timeline import TimelineStep
    from ovmfgui.migration.lesson.questions import Question
    from ovmfgui.migration.recorded.prepared import Prepared

_KEY = Qt.Key
_FORWARD = (_KEY.Key_Right, _KEY.Key_Down, _KEY.Key_PageDown, _KEY.Key_Space, _KEY.Key_Return,
            _KEY.Key_Enter, _KEY.Key_N)  # fmt: skip
_BACK = (_KEY.Key_Left, _KEY.Key_Up, _KEY.Key_PageUp, _KEY.Key_Backspace, _KEY.Key_P)
_BLACK = (_KEY.Key_B, _KEY.Key_Period)
_END = (_KEY.Key_Escape, _KEY.Key_F11)

_OF_HEIGHT, _LARGEST, _SMALLEST = 39, 32, 9.0
"""The stage's letters are this part of the screen's height; larger where few stand on it, and
never smaller than so many points."""

_STRIP = 1.4
"""Lines of text: letters grow no further where strips would be lower than that."""

_STAGE = 0.72
"""Of the height is the stage's."""

_IDLE = 2500
"""Milliseconds after which the mouse is hidden."""


class Presentation(QWidget):
    """For a room; a presenter's remote sends Page Up, Page Down and B or a full stop.

    Signals:
        moved: index of the step that has been gone to.
        motion_changed: whether what a step changes is to move from now on.
        ended: it is over.
    """

    moved = Signal(object)
    motion_changed = Signal(bool)
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Presentation – ovmfgui")
        self._prepared: Prepared | None = None
        self._questions: tuple[Question, ...] = ()
        self.asking: Question | None = None
        self.index = 0
        self.title = ElidedLabel("", self)
        self.where = PlainLabel(self)
        self.stage = Stage(self)
        self.narrator = Narrator(self)
        self.timeline = Timeline(self)
        self.overlay = Overlay(self)
        self.notes: SpeakerNotes | None = None
        self.pointing = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE)
        self._idle.timeout.connect(self._hide_mouse)
        self._build()

    def _build(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for label in (self.title, self.where):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for child in (self.stage, self.timeline):
            child.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.where)
        self._column = QVBoxLayout(self)
        # The stage's height follows the screen's; it must not keep it from becoming smaller.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.addLayout(top)
        self._column.addWidget(self.stage)
        self._column.addWidget(self.narrator, 1)
        self._column.addWidget(self.timeline)

    # What is shown

    def set_prepared(self, prepared: Prepared, steps: Sequence[TimelineStep]) -> None:
        """Another replay, from its first step."""
        self._prepared = prepared
        self._questions = questions_of(prepared.replay) if prepared.aside is None else ()
        self.title.setText(prepared.replay.scenario.title)
        self.stage.set_steps(prepared.replay.steps, prepared.charts)
        self._fit()
        self.timeline.set_steps(steps, tell_ahead=not self._questions)
        if self.notes is not None:
            self.notes.set_steps(prepared.replay.steps)
        self.show_step(0)

    def show_step(self, index: int) -> None:
        """Stand at a step, from whoever's side."""
        prepared = self._prepared
        if prepared is None or not 0 <= index < len(prepared.replay.steps):
            return
        self.index = index
        replay = prepared.replay
        self.stage.show_step(index)
        answers = next((each for each in self._questions if each.answered_at == index), None)
        self.narrator.tell(replay.steps[index], replay.scenario.summary, answers)
        self.asking = None
        self.timeline.show_step(index)
        self.where.setText(f"{index} / {len(replay.steps) - 1}")
        if self.notes is not None:
            self.notes.show_step(index)

    def go(self, index: int) -> None:
        """Go to a step; out of the black first."""
        self.overlay.set_black(False)
        prepared = self._prepared
        if index == self.index + 1 and self.asking is None and self._ask():
            return
        if prepared is not None and 0 <= index < len(prepared.replay.steps) and index != self.index:
            self.show_step(index)
            self.moved.emit(index)

    def set_motion(self, motion: bool) -> None:
        """Whether what a step changes moves, calmly, or stands still."""
        self.stage.motion = motion

    def _ask(self) -> bool:
        """Put the question that comes after this step; whether there is one."""
        self.asking = next((each for each in self._questions if each.asked_at == self.index), None)
        if self.asking is not None:
            self.narrator.ask(self.asking)
        return self.asking is not None

    def begin(self) -> None:
        """Take the whole of the room's screen; the notes take the presenter's."""
        own = self.parentWidget()
        here = own.screen() if own is not None else QGuiApplication.primaryScreen()
        room, presenter = screens_for(here, QGuiApplication.screens())
        self.setScreen(room)
        self.setGeometry(room.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self._idle.start()
        if presenter is not None:
            self.show_notes()
            assert self.notes is not None
            # Not where the system likes: on the room's screen they would hide the stage.
            self.notes.setScreen(presenter)
            rect = self.notes.frameGeometry()
            rect.moveCenter(presenter.availableGeometry().center())
            self.notes.move(rect.topLeft())

    # Sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Letters, strips and margins follow the screen."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self.height()
        margin = max(height // 100, theme.GRID)
        self._column.setContentsMargins(2 * margin, margin, 2 * margin, margin)
        self._column.setSpacing(margin // 2)
        small = self._points(height / _OF_HEIGHT)
        for widget in (self.title, self.where, self.timeline):
            widget.setFont(_sized(widget.font(), small * 0.72))
        self.stage.setFixedHeight(round(height * _STAGE))
        self._column.activate()
        self._fit_stage(small)
        self.narrator.set_room(height)
        self.overlay.setGeometry(self.rect())
        self.overlay.raise_()

    def _points(self, pixels: float) -> float:
        return max(pixels * 72 / self.logicalDpiY(), _SMALLEST)

    def _fit_stage(self, wanted: float) -> None:
        """As large as all of it fits, and larger than asked for where strips stay high."""
        sizes = [wanted * _OF_HEIGHT / _LARGEST]
        while sizes[-1] > _SMALLEST:
            sizes.append(max(sizes[-1] - 0.5, wanted if sizes[-1] > wanted else _SMALLEST))
        # Each try lays all steps out: what fits at a size fits at every smaller one.
        first = bisect_left(sizes, True, hi=len(sizes) - 1, key=partial(self._stands, wanted))
        self._set_points(sizes[first])

    def _stands(self, wanted: float, points: float) -> bool:
        """Whether the stage fits in letters of this size, with strips as high as they must be."""
        self._set_points(points)
        fits = self.stage.needed_height <= self.stage.height()
        return fits and (points <= wanted or self.stage.strips >= _STRIP)

    def _set_points(self, points: float) -> None:
        self.stage.setFont(_sized(self.stage.font(), points))

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, and what presenters' remotes send."""
        key = _KEY(event.key())
        if key in _FORWARD:
            self.go(self.index + 1)
        elif key in _BACK:
            self.go(self.index - 1)
        elif key in (_KEY.Key_Home, _KEY.Key_End):
            last = len(self._prepared.replay.steps) - 1 if self._prepared is not None else 0
            self.go(0 if key == _KEY.Key_Home else last)
        elif key in _BLACK:
            self.overlay.set_black(not self.overlay.black)
        elif key in _END:
            self.close()
        elif not self._other_key(key):
            super().keyPressEvent(event)

    def _other_key(self, key: Qt.Key) -> bool:
        if key == _KEY.Key_L:
            self.point(not self.pointing)
        elif key == _KEY.Key_S:
            self.toggle_notes()
        elif key == _KEY.Key_M:
            self.set_motion(not self.stage.motion)
            self.motion_changed.emit(self.stage.motion)
        else:
            return False
        return True

    def point(self, pointing: bool) -> None:
        """Show the pointer where the mouse is, or take it away."""
        self.pointing = pointing
        place = self.mapFromGlobal(self.cursor().pos()).toPointF() if pointing else None
        self.overlay.point_at(place)
        if pointing:
            self._hide_mouse()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer follows; a mouse that is moved can be seen for a while."""
        if self.pointing:
            self.overlay.point_at(event.position())
        else:
            self.unsetCursor()
            self._idle.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left goes on, right goes back."""
        steps = {Qt.MouseButton.LeftButton: 1, Qt.MouseButton.RightButton: -1}
        self.go(self.index + steps.get(event.button(), 0))

    def _hide_mouse(self) -> None:
        self.setCursor(Qt.CursorShape.BlankCursor)

    # Notes

    def toggle_notes(self) -> None:
        """Show the notes, or put them away."""
        if self.notes is not None and self.notes.isVisible():
            self.notes.hide()
        else:
            self.show_notes()

    def show_notes(self) -> None:
        """The notes, on the presenter's own screen where there is one."""
        if self.notes is None:
            self.notes = SpeakerNotes(self.parentWidget())
            self.notes.key_pressed.connect(self.keyPressEvent)
            if self._prepared is not None:
                self.notes.set_steps(self._prepared.replay.steps)
                self.notes.show_step(self.index)
        self.notes.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The notes go too."""
        if self.notes is not None:
            self.notes.close()
            self.notes.deleteLater()
            self.notes = None
        self._idle.stop()
        super().closeEvent(event)
        self.ended.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the words have their colours in them."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._prepared is not None:
            self.show_step(self.index)


def _sized(font: QFont, points: float) -> QFont:
    made = QFont(font)
    made.setPointSizeF(points)
    return made
