"""Two hosts side by side at one step, and the stream between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.stage_legend import StageLegend
from ovmfgui.gui.views.migration.stage_lens import blocks_of, laid_out
from ovmfgui.gui.views.migration.stage_lens_painting import paint_lens
from ovmfgui.gui.views.migration.stage_painting import Placed, StagePainter
from ovmfgui.gui.views.migration.stage_places import StagePlaces
from ovmfgui.gui.views.migration.stage_spoken import stage_rows, stream_rows
from ovmfgui.gui.views.migration.stage_stream import StreamPainter
from ovmfgui.gui.widgets.drawing import declare_drawing
from ovmfgui.gui.widgets.spoken import SpokenRow, tell_choice, tell_rows
from ovmfgui.migration.lesson.host_cast import HostCast, cast_of
from ovmfgui.migration.lesson.host_rows import Section, holds_code, sections_of
from ovmfgui.migration.lesson.pairing import pair_at
from ovmfgui.migration.simulation.states import FileRole
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from ovmfgui.gui.views.migration.stage_lens import Shown
    from ovmfgui.migration.lesson.host_rows import Row
    from ovmfgui.migration.recorded.segments import Charts
    from ovmfgui.migration.simulation.snapshot import ObjectKey
    from ovmfgui.migration.simulation.step import Step

_PAD = theme.GRID
_MOTION = 700
"""Milliseconds that a step's motion takes."""


class Stage(QWidget):
    """Draws the snapshot as it is at one step of a replay.

    Attributes:
        motion: whether what a step changes moves when the step is gone to from the one before.

    Signals:
        chosen: ``Row``: the user wants to see the bytes of a file or a chip.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declare_drawing(self)
        self._steps: Sequence[Step] = ()
        self._charts: Charts = {}
        self._index = 0
        self._hosts: tuple[str, ...] = ()
        self._casts: dict[str, HostCast] = {}
        self._largest: dict[bool, int] = {}
        self._placed: list[Placed] = []
        self._sections: list[tuple[str, QRectF, Section]] = []
        self._hovered: ObjectKey | None = None
        self._chosen: ObjectKey | None = None
        self._drawing: StagePainter | None = None
        self._kinds: tuple[Kind, ...] = ()
        self._lens = False
        self._legend: StageLegend | None = None
        self._places = self._new_places()
        self.motion = False
        self._moving = QVariantAnimation(self)
        self._moving.setStartValue(0.0)
        self._moving.setEndValue(1.0)
        self._moving.setDuration(_MOTION)
        self._moving.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._moving.valueChanged.connect(self._on_moving)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Hosts")

    # What is shown

    def set_steps(self, steps: Sequence[Step], charts: Charts) -> None:
        """Another replay, from its first step."""
        self.grow(steps, charts)
        self._chosen = self._hovered = None
        self.show_step(0)

    def grow(self, steps: Sequence[Step], charts: Charts) -> None:
        """The same replay with more steps."""
        self._steps, self._charts = steps, charts
        names = [host.name for host in steps[0].snapshot.hosts] if steps else []
        self._casts = {name: cast_of(steps, name) for name in names}
        self._largest = {code: _largest(steps, code=code) for code in (True, False)}
        there = {segment.kind for segments in charts.values() for segment in segments}
        self._kinds = tuple(kind for kind in Kind if kind in there)
        self._lens = any(map(blocks_of, charts.values()))

    def show_step(self, index: int) -> None:
        """The snapshot after step ``index``."""
        forward = index == self._index + 1
        self._index = index
        self._hosts = pair_at(self._steps, index) if self._steps else ()
        self._lay_out()
        self._moving.stop()
        self._on_moving(1.0)
        if self.motion and forward:
            self._moving.start()
        self.setAccessibleDescription(self._in_words())
        tell_rows(self)

    def _on_moving(self, progress: float) -> None:
        self._pen().progress = progress
        self.update()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names of the hosts in sight, from the left."""
        return self._hosts

    @property
    def rows(self) -> tuple[Row, ...]:
        """The files and chips in sight, host by host, downwards."""
        return tuple(placed.row for placed in self._placed)

    def row_of(self, key: ObjectKey | None) -> Row | None:
        """The row of an object; None where it is not in sight."""
        return next((row for row in self.rows if row.key == key), None)

    def rect_of(self, key: ObjectKey | None) -> QRectF | None:
        """Where an object is drawn; None where it is not in sight."""
        return next((placed.rect for placed in self._placed if placed.row.key == key), None)

    def mark(self, key: ObjectKey | None) -> None:
        """Show which object's bytes are on display elsewhere."""
        if key != self._chosen:
            self._chosen = key
            tell_choice(self)
        self.update()

    def _in_words(self) -> str:
        """All of it in one run; a row each is in ``spoken_rows``."""
        return ". ".join(row.name.rstrip(".") for row in self.spoken_rows())

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """Host by host and row by row, then the stream, for a screen reader."""
        if not self._steps:
            return ()
        snapshot = self._steps[self._index].snapshot
        rects = {placed.row.key: placed.rect.toAlignedRect() for placed in self._placed}
        hosts = {name: snapshot.host(name) for name in self._hosts}
        titles = {name: host.title if host else name for name, host in hosts.items()}
        parts = [(titles[name], rect.toAlignedRect(), part) for name, rect, part in self._sections]
        rows = stage_rows(parts, rects, self._chosen, self.chosen.emit)
        spoken = (*rows, *stream_rows(snapshot.stream, titles, self.rect()))
        if self._legend is None:
            return spoken
        words = f"What is drawn: {self._legend.words}"
        return (*spoken, SpokenRow(words, self._legend_rect().toAlignedRect()))

    # Places

    @property
    def needed_height(self) -> int:
        """In a column of the present width, with letters of the present size."""
        return round(self._places.needed_height() + self._legend_rect().height())

    @property
    def strips(self) -> float:
        """How many lines of text a strip is high."""
        return self._places.strip / self._pen().line_height

    def sizeHint(self) -> QSize:
        """As high as the casts ask for."""
        return QSize(480, self.needed_height)

    def minimumSizeHint(self) -> QSize:
        """Narrower than this no strip can be read."""
        return QSize(420, self.needed_height)

    def _pen(self) -> StagePainter:
        if self._drawing is None:
            self._drawing = StagePainter(self.palette(), self.font())
        return self._drawing

    def _new_places(self) -> StagePlaces:
        """The hosts' places; the legend lies below them."""
        casts = [self._casts[name] for name in self._hosts]
        pen, width, height = self._pen(), self.width(), self.height()
        places = StagePlaces(pen, casts, width, height, lens=self._lens)
        self._legend = None
        if self._kinds:
            across = places.columns[0][1]
            words = {True: "CODE", False: "VARS"}
            scales = {
                words[code]: size / across for code, size in self._largest.items() if size > 1
            }
            self._legend = StageLegend(pen, self._kinds, scales, lens=self._lens)
            height -= round(self._legend_rect().height())
            places = StagePlaces(pen, casts, width, height, lens=self._lens)
        return places

    def _legend_rect(self) -> QRectF:
        """Where the legend is, at the stage's foot."""
        if self._legend is None:
            return QRectF()
        width = self.width() - 4 * _PAD
        height = self._legend.height(width)
        return QRectF(2 * _PAD, self.height() - height, width, height)

    def _lay_out(self) -> None:
        self._places = self._new_places()
        self._placed, self._sections = [], []
        for number, name in enumerate(self._hosts):
            sections = sections_of(self._steps[self._index], name, self._casts[name])
            for slot, section in zip(self._places.slots(number), sections, strict=False):
                self._sections.append((name, slot.rect, section))
                for row, place in zip(section.rows, slot.rows, strict=False):
                    self._placed.append(self._place(row, *place))
        self.updateGeometry()
        self.update()

    def _place(self, row: Row, rect: QRectF, strip: QRectF, lens: QRectF) -> Placed:
        share = row.contents.size / max(self._largest[row.code], 1)
        strip.setWidth(max(round(strip.width() * share), 4))
        parts: tuple[Shown, ...] = ()
        if row.store and lens.isValid():
            blocks = blocks_of(self._charts.get(row.contents, ()))
            parts = laid_out(blocks, lens.width(), self._pen().metrics)
        return Placed(row, rect, strip, lens, parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything is placed anew."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._drawing = None
            self._lay_out()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both hosts, and the stream where one is under way."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = self._pen()
        painter.fillRect(self.rect(), pen.base)
        if self._steps:
            self._paint_hosts(painter, pen)
            self._paint_stream(painter, pen)
        if self._legend is not None:
            self._legend.paint(painter, self._legend_rect())
        painter.end()

    def _paint_hosts(self, painter: QPainter, pen: StagePainter) -> None:
        snapshot = self._steps[self._index].snapshot
        for name, (left, width) in zip(self._hosts, self._places.columns, strict=False):
            host = snapshot.host(name)
            if host is not None:
                rect = QRectF(left, _PAD, width, 2 * pen.line_height)
                note = f"QEMU {host.qemu}" if host.qemu else "recorded"
                pen.host_title(painter, rect, host.title, note)
        for _name, rect, section in self._sections:
            pen.section(painter, rect, section)
            if section.lines:
                chips = [placed.rect for placed in self._placed if rect.contains(placed.rect)]
                below = QRectF(rect)
                below.setTop(max((chip.bottom() for chip in chips), default=rect.top()))
                pen.sentences(painter, below, section.lines)
        for placed in self._placed:
            key = placed.row.key
            pen.row(
                painter,
                placed,
                self._charts.get(placed.row.contents, ()),
                hovered=key == self._hovered,
                chosen=key == self._chosen,
            )
            if placed.parts:
                paint_lens(painter, pen, placed)

    def _paint_stream(self, painter: QPainter, pen: StagePainter) -> None:
        stream = self._steps[self._index].snapshot.stream
        if stream is None or {stream.source, stream.destination} != set(self._hosts):
            return
        left, width = self._places.columns[0]
        rect = QRectF(left + width, 0, self._places.gap, self.height())
        chips = [placed.rect for placed in self._placed if placed.row.words]
        if chips:
            top = min(chip.top() for chip in chips)
            rect = QRectF(rect.left(), top, rect.width(), max(c.bottom() for c in chips) - top)
        backwards = stream.source == self._hosts[-1]
        StreamPainter(pen).paint(painter, rect, stream, backwards=backwards)

    # Mouse and keyboard

    def placed_at(self, point: QPointF) -> Placed | None:
        """The file or chip drawn at a point."""
        return next((placed for placed in self._placed if placed.rect.contains(point)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what a click would open."""
        placed = self.placed_at(event.position())
        self._hover(placed.row.key if placed is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, key: ObjectKey | None) -> None:
        if key != self._hovered:
            self._hovered = key
            shape = Qt.CursorShape.ArrowCursor if key is None else Qt.CursorShape.PointingHandCursor
            self.setCursor(shape)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the bytes of a file or a chip."""
        placed = self.placed_at(event.position())
        if placed is not None and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(placed.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk through files and chips, and show their bytes."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        rows = self.rows
        if step is None or not rows:
            super().keyPressEvent(event)
            return
        keys = [row.key for row in rows]
        at = keys.index(self._chosen) + step if self._chosen in keys else 0
        self.chosen.emit(rows[min(max(at, 0), len(rows) - 1)])

    def event(self, event: QEvent) -> bool:
        """Tooltips: where an object lies, and what the step changed in it."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            placed = self.placed_at(QPointF(event.pos()))
            text = _tip(placed.row) if placed is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


def _largest(steps: Sequence[Step], *, code: bool) -> int:
    return max((size for step in steps for size in _sizes(step, code=code)), default=1)


def _sizes(step: Step, *, code: bool) -> Iterator[int]:
    for host in step.snapshot.hosts:
        for file in host.files:
            if (file.role in (FileRole.CODE, FileRole.UNIFIED)) is code:
                yield file.contents.size
        for guest in host.guests:
            yield from (chip.size for chip in guest.chips if holds_code(chip) is code)


def _tip(row: Row) -> str:
    lines = [row.label, row.path]
    if row.words:
        lines.append(row.words)
    if row.attention is not None:
        lines.append(f"last bus write at 0x{row.attention:X}")
    if row.fresh:
        lines.append("all of it is new at this step")
    elif row.changed:
        first = row.changed[0].start
        lines.append(f"{size_text(row.changed_size)} changed, from 0x{first:X} on")
    lines += [
        f"the CODE that was started expects a boundary at 0x{offset:X}" for offset in row.expected
    ]
    lines.append("Click to see its bytes")
    return "\n".join(lines)
