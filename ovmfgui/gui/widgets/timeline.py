"""Steps on a line, to scrub through."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.drawing import declare_drawing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

_DOT, _CURRENT = 4.0, 7.0
_PAD = theme.GRID


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A step as the timeline shows it.

    Attributes:
        title: a few words.
        group: steps of one group stand on a common ground; a number each.
        label: the group's, below the line where there is room.
        ok: whether it went well.
    """

    title: str
    group: int
    label: str
    ok: bool = True


class Timeline(QAbstractSlider):
    """A dot a step: hollow while it is to come, crossed where it did not go well.

    Signals:
        moved: the index of the step that the user has gone to.
    """

    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[TimelineStep, ...] = ()
        self._current = 0
        self._tell_ahead, self._furthest = True, 0
        self._hovered: int | None = None
        self.setOrientation(Qt.Orientation.Horizontal)
        self.valueChanged.connect(self.go)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        declare_drawing(self)

    def sizeHint(self) -> QSize:
        """The line, and a line of labels."""
        return QSize(360, round(4 * _CURRENT + self.fontMetrics().height() + _PAD))

    @property
    def current(self) -> int:
        """Index of the step shown."""
        return self._current

    def __len__(self) -> int:
        return len(self._steps)

    def set_steps(self, steps: Iterable[TimelineStep], *, tell_ahead: bool = True) -> None:
        """Other steps, from the first one on.

        Args:
            steps: to be shown.
            tell_ahead: whether a step that nobody has been at yet shows how it goes; where
                questions are asked that would be the answer.
        """
        self._tell_ahead, self._furthest = tell_ahead, 0
        self.grow(steps)
        self.show_step(0)

    def grow(self, steps: Iterable[TimelineStep]) -> None:
        """The same steps and more; the one that is shown stays."""
        self._steps = tuple(steps)
        self._hovered = None
        blocked = self.blockSignals(True)
        self.setRange(0, max(len(self._steps) - 1, 0))
        self.setPageStep(1)
        self.blockSignals(blocked)
        self.update()

    def show_step(self, index: int) -> None:
        """Stand at a step, from the program's side; says nothing to anyone."""
        self._current = index
        self._furthest = max(self._furthest, index)
        blocked = self.blockSignals(True)
        self.setValue(index)
        self.blockSignals(blocked)
        if self._steps:
            step = self._steps[index]
            well = "" if step.ok else ", which did not go well"
            text = f"step {index} of {len(self._steps) - 1}: {step.title}{well}"
            self.setAccessibleDescription(text)
        self.update()

    def go(self, index: int) -> None:
        """The user goes to a step; beyond the ends nothing happens."""
        if 0 <= index < len(self._steps) and index != self._current:
            self.show_step(index)
            self.moved.emit(index)

    # Painting

    @property
    def _dot(self) -> float:
        """Radius of a step's dot: many steps have small ones, so that they stand apart."""
        room = self.width() - 4 * _CURRENT
        return min(_DOT, max(0.4 * room / max(len(self._steps) - 1, 1), 0.5))

    def _x(self, index: int) -> float:
        room = self.width() - 4 * _CURRENT
        return 2 * _CURRENT + room * index / max(len(self._steps) - 1, 1)

    def _y(self) -> float:
        return 2 * _CURRENT

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Grounds of the groups, the line, the dots, the labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._steps:
            self._paint_groups(painter)
            self._paint_dots(painter)
        painter.end()

    def _groups(self) -> list[tuple[str, int, int]]:
        numbered = groupby(enumerate(self._steps), key=lambda pair: pair[1].group)
        found = []
        for _group, members in numbered:
            inside = [index for index, _step in members]
            found.append((self._steps[inside[0]].label, inside[0], inside[-1]))
        return found

    def _paint_groups(self, painter: QPainter) -> None:
        palette, y = self.palette(), self._y()
        ground = contrast.mix(palette.text().color(), palette.window().color(), 0.09)
        painter.setPen(Qt.PenStyle.NoPen)
        crowded = self._dot < _DOT
        for _label, first, last in self._groups():
            if crowded and first == last:
                continue
            left, right = self._x(first) - _CURRENT, self._x(last) + _CURRENT
            painter.setBrush(ground)
            rect = QRectF(left, y - _CURRENT - 2, right - left, 2 * _CURRENT + 4)
            painter.drawRoundedRect(rect, _CURRENT + 2, _CURRENT + 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_labels(painter)

    def _paint_labels(self, painter: QPainter) -> None:
        """The current group's label first, then those that still fit, from the left."""
        palette, metrics = self.palette(), self.fontMetrics()
        groups = self._groups()
        here = next(i for i, group in enumerate(groups) if group[1] <= self._current <= group[2])
        baseline = self._y() + _CURRENT + _PAD + metrics.ascent()
        taken: list[tuple[float, float]] = []
        for index in sorted(range(len(groups)), key=lambda i: (i != here, i)):
            label, first, last = groups[index]
            wide = metrics.horizontalAdvance(label)
            left = (self._x(first) + self._x(last) - wide) / 2
            left = min(max(left, 0.0), self.width() - wide)
            if any(
                left < end + 2 * _PAD and start < left + wide + 2 * _PAD for start, end in taken
            ):
                continue
            taken.append((left, left + wide))
            ink = palette.color(QPalette.ColorRole.WindowText)
            painter.setPen(ink if index == here else theme.muted(palette))
            painter.drawText(QPointF(left, baseline), label)

    def _paint_dots(self, painter: QPainter) -> None:
        palette, y = self.palette(), self._y()
        accent, text, dot = theme.accent(palette), theme.muted(palette), self._dot
        bad = theme.severity_style(Severity.ERROR, palette).colour
        painter.setPen(QPen(text, 1.5))
        painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(len(self._steps) - 1), y))
        for index, step in enumerate(self._steps):
            centre = QPointF(self._x(index), y)
            well = step.ok or (index > self._furthest and not self._tell_ahead)
            colour = accent if well else bad
            current = index == self._current
            radius = _CURRENT if current else dot + (1.5 if index == self._hovered else 0)
            painter.setPen(QPen(colour, min(1.5, dot)))
            passed = index <= self._current
            painter.setBrush(colour if passed else palette.window().color())
            painter.drawEllipse(centre, radius, radius)
            if not well:
                arm = radius * 0.5
                painter.setPen(QPen(palette.base().color() if passed else bad, 1.5))
                for slope in (-1, 1):
                    painter.drawLine(
                        centre + QPointF(-arm, -arm * slope), centre + QPointF(arm, arm * slope)
                    )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 1))
            centre = QPointF(self._x(self._current), y)
            painter.drawEllipse(centre, _CURRENT + 3, _CURRENT + 3)

    # Mouse and keyboard

    def index_at(self, x: float) -> int:
        """The step nearest to ``x``."""
        room = self.width() - 4 * _CURRENT
        share = (x - 2 * _CURRENT) / room if room > 0 else 0.0
        return min(max(round(share * (len(self._steps) - 1)), 0), max(len(self._steps) - 1, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step nearest to the mouse."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.go(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub with the button held; light up what a click would go to."""
        index = self.index_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.go(index)
        if index != self._hovered:
            self._hovered = index
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A step a notch."""
        self.go(self._current + (1 if event.angleDelta().y() < 0 else -1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← and → a step, Home and End to the ends."""
        targets = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._steps) - 1,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self.go(target)

    def event(self, event: QEvent) -> bool:
        """Tooltips name the steps."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = ""
            if self._steps:
                index = self.index_at(event.pos().x())
                text = f"{index}. {self._steps[index].title}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
