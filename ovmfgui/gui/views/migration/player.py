"""Buttons and timeline: first, back, play, forward, last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.gui.widgets.timeline import TimelineStep

_SPEEDS = (("slow", 6000), ("normal", 3000), ("fast", 1000), ("very fast", 250))
"""Milliseconds a step."""


class Player(QWidget):
    """Moves through the steps.

    Signals:
        moved: the index of the step that has been gone to.
    """

    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = Timeline(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_SPEEDS[1][1])
        self._timer.timeout.connect(self._tick)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(theme.GRID)
        for name, tip, slot in (
            ("first", "To the beginning (Home)", self.to_first),
            ("back", "A step back (←)", self.step_back),
            ("play", "Play", self.toggle),
            ("forward", "A step forward (→)", self.step_forward),
            ("last", "To the end (End)", self.to_last),
        ):
            row.addWidget(self._button(name, tip, slot))
        row.addWidget(self.timeline, 1)
        self._speed = QComboBox(self)
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip("How fast the steps follow each other while playing")
        for title, interval in _SPEEDS:
            self._speed.addItem(title, interval)
        self._speed.setCurrentIndex(1)
        self._speed.activated.connect(self._on_speed)
        row.addWidget(self._speed)
        self.timeline.moved.connect(self.moved)
        self._dress()

    def _button(self, name: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(slot)
        self._buttons[name] = button
        return button

    def _dress(self) -> None:
        for name, button in self._buttons.items():
            shown = "pause" if name == "play" and self.playing else name
            button.setIcon(icon(shown, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """The icons are drawn in the palette's colour."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    @property
    def current(self) -> int:
        """Index of the step shown."""
        return self.timeline.current

    @property
    def playing(self) -> bool:
        """Whether the steps follow each other by themselves."""
        return self._timer.isActive()

    def __len__(self) -> int:
        return len(self.timeline)

    def set_steps(self, steps: Iterable[TimelineStep], *, tell_ahead: bool = True) -> None:
        """Other steps, from the first one on; see ``Timeline``."""
        self.pause()
        self.timeline.set_steps(steps, tell_ahead=tell_ahead)

    def show_step(self, index: int) -> None:
        """Stand at a step, from the program's side."""
        self.timeline.show_step(index)

    def to_first(self) -> None:
        """Show the first step."""
        self.timeline.go(0)

    def to_last(self) -> None:
        """Show the last step."""
        self.timeline.go(len(self.timeline) - 1)

    def step_back(self) -> None:
        """Show the step before."""
        self.timeline.go(self.current - 1)

    def step_forward(self) -> None:
        """Show the next step."""
        self.timeline.go(self.current + 1)

    def toggle(self) -> None:
        """Play or pause; from the end playing begins anew."""
        if self.playing:
            self.pause()
            return
        if self.current == len(self.timeline) - 1:
            self.to_first()
        self._timer.start()
        self._tell_play("Pause")

    def pause(self) -> None:
        """Stay at the step shown."""
        self._timer.stop()
        self._tell_play("Play")

    def _tell_play(self, tip: str) -> None:
        self._buttons["play"].setToolTip(plain_tip(tip))
        self._buttons["play"].setAccessibleName(tip)
        self._dress()

    def _tick(self) -> None:
        self.step_forward()
        if self.current == len(self.timeline) - 1:
            self.pause()

    def _on_speed(self, index: int) -> None:
        self.set_interval(_SPEEDS[index][1])

    def set_interval(self, milliseconds: int) -> None:
        """How long a step is shown while playing."""
        self._timer.setInterval(milliseconds)
