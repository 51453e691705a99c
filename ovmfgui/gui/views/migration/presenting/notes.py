"""The presenter's notes: all there is to a step, what comes next, and how long it has taken."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.text_page import TextPage
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from ovmfgui.migration.simulation.step import Step


KEYS = (
    ("→ Page Down Space", "next"),
    ("← Page Up", "back"),
    ("Home End", "first, last"),
    ("B or .", "black"),
    ("L", "pointer"),
    ("S", "notes"),
    ("M", "motion or none"),
    ("Esc F11", "end"),
)
"""What the presentation's keys do."""


def notes_html(steps: Sequence[Step], index: int, palette: QPalette) -> str:
    """Everything about a step, and the one after it."""
    step = steps[index]
    muted = theme.muted(palette).name()
    parts = [f"<h2>{escape(step.title)}</h2>", f"<p>{escape(step.text)}</p>"]
    if step.lesson:
        parts.append(f"<p><i>{escape(' '.join(step.lesson.split()))}</i></p>")
    if step.consequence:
        parts.append(f"<p>→ {escape(step.consequence)}</p>")
    changed = sum(each.size for each in step.changed)
    if changed:
        parts.append(f'<p style="color:{muted}">{size_text(changed)} changed.</p>')
    if step.qemu:
        parts.append(f"<pre>{escape(step.qemu)}</pre>")
    if index + 1 < len(steps):
        after = steps[index + 1]
        parts.append(f'<p style="color:{muted}">Next: <b>{escape(after.title)}</b></p>')
        parts.append(f'<p style="color:{muted}">{escape(after.text)}</p>')
    else:
        parts.append(f'<p style="color:{muted}">This is the last step.</p>')
    return "".join(parts)


class SpeakerNotes(QWidget):
    """A window of its own; its keys are the presentation's.

    Signals:
        key_pressed: a ``QKeyEvent`` for the presentation.
    """

    key_pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Speaker notes – ovmfgui")
        self.where = ElidedLabel("", self)
        self.clock = PlainLabel("0:00", self)
        self.text = TextPage(self)
        self._steps: Sequence[Step] = ()
        self._index = 0
        self._begun = QElapsedTimer()
        self._begun.start()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._build()

    def _build(self) -> None:
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text.setAccessibleName("Speaker notes")
        self.text.document().setDocumentMargin(4 * theme.GRID)
        large = self.font()
        large.setPointSizeF(large.pointSizeF() * 1.35)
        self.text.setFont(large)
        for label in (self.where, self.clock):
            label.setFont(large)
        self.where.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        top = QHBoxLayout()
        top.setContentsMargins(4 * theme.GRID, 2 * theme.GRID, 4 * theme.GRID, 2 * theme.GRID)
        top.addWidget(self.where, 1)
        top.addWidget(self.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        keys = WrappedLabel("  ·  ".join(f"{key} {what}" for key, what in KEYS), self)
        keys.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        keys.setMargin(3 * theme.GRID)
        column.addWidget(keys)
        self.resize(180 * theme.GRID, 130 * theme.GRID)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Another replay."""
        self._steps = steps
        self.show_step(0)

    def show_step(self, index: int) -> None:
        """The notes to a step."""
        self._index = index
        self.where.setText(f"Step {index} of {len(self._steps) - 1}")
        self.text.setHtml(notes_html(self._steps, index, self.palette()))

    def _tick(self) -> None:
        seconds = self._begun.elapsed() // 1000
        self.clock.setText(f"{seconds // 60}:{seconds % 60:02}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever has the keyboard here still presents."""
        self.key_pressed.emit(event)

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._steps:
            self.show_step(self._index)
