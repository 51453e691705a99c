"""How hosts, their files and chips, and the stream between them are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import contrast, theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.gui.views.migration.stage_lens import Shown
    from ovmfgui.migration.lesson.host_rows import Row, Section
    from ovmfgui.migration.recorded.segments import Segment

_PAD = theme.GRID
_TICK, _RIM = 4.0, 1.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A row where it is drawn: all of it, the strip alone, and the lens; empty where it has none.

    Attributes:
        parts: what is in the lens.
    """

    row: Row
    rect: QRectF
    strip: QRectF
    lens: QRectF
    parts: tuple[Shown, ...] = ()

    @property
    def below(self) -> float:
        """Where the words below strip and lens begin."""
        return (self.lens if self.parts else self.strip).bottom() + 3


class StagePainter:
    """Draws with one palette and font; made anew when either changes."""

    def __init__(self, palette: QPalette, font: QFont) -> None:
        self.font = font
        self.bold = QFont(font)
        self.bold.setBold(True)
        self.large = QFont(self.bold)
        self.large.setPointSizeF(font.pointSizeF() * 1.25)
        self.metrics = QFontMetricsF(font)
        self.base = palette.base().color()
        self.text = palette.text().color()
        self.muted = theme.muted(palette)
        self.accent = theme.accent(palette)
        self.line = theme.line(palette)
        self.edge = contrast.readable(contrast.mix(self.text, self.base, 0.30), self.base, 3.0)
        self.warm = theme.severity_style(Severity.WARNING, palette).colour
        self.bad = theme.severity_style(Severity.ERROR, palette).colour
        self._styles = {kind: theme.kind_style(kind, palette) for kind in Kind}
        self.progress = 1.0
        """How far the step's motion has got, 0 to 1; 1 stands still."""

    # Heights

    @property
    def line_height(self) -> float:
        """A line of text."""
        return round(self.metrics.height() + 2)

    def row_height(self, strip: float, words: float) -> float:
        """A file, or a chip with words of that height below its strip."""
        return self.line_height + words + strip + 1.5 * _PAD

    def tallest(self, texts: Iterable[str], width: float) -> float:
        """Height of the one that needs most, in bold letters: none of them is cut in any."""
        metrics, paper = QFontMetricsF(self.bold), QRectF(0, 0, width, 1 << 16)
        flags = Qt.TextFlag.TextWordWrap
        heights = (metrics.boundingRect(paper, flags, text).height() for text in texts if text)
        return math.ceil(max(heights, default=0.0))

    @property
    def lens_gap(self) -> float:
        """Between a strip and the enlarged one."""
        return round(max(2 * _PAD, self.line_height / 2))

    @property
    def lens_height(self) -> float:
        """Of an enlarged strip, which has a line of text in it."""
        return round(self.line_height + 2 * _PAD)

    def style(self, kind: Kind) -> theme.KindStyle:
        """How a kind of region looks."""
        return self._styles[kind]

    # Words

    def elided(self, painter: QPainter, rect: QRectF, text: str, ink: QColor) -> float:
        """A line of text in ``rect``, cut where it has to be; returns the width it took."""
        metrics = QFontMetricsF(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setPen(ink)
        painter.drawText(QPointF(rect.left(), rect.top() + self.metrics.ascent()), shown)
        return metrics.horizontalAdvance(shown)

    def pair(self, painter: QPainter, rect: QRectF, left: str, right: str) -> None:
        """A word at the left in bold, and what belongs to it muted behind."""
        painter.setFont(self.bold)
        taken = self.elided(painter, rect, left, self.text)
        painter.setFont(self.font)
        rest = rect.adjusted(taken + 2 * _PAD, 0, 0, 0)
        if rest.width() > 4 * _PAD:
            self.elided(painter, rest, right, self.muted)

    def host_title(self, painter: QPainter, rect: QRectF, title: str, note: str) -> None:
        """Draw a host's heading."""
        painter.setFont(self.large)
        taken = self.elided(painter, rect, title, self.text)
        painter.setFont(self.font)
        rest = rect.adjusted(taken + 2 * _PAD, 0, 0, 0)
        self.elided(painter, rest, note, self.muted)

    def section(self, painter: QPainter, rect: QRectF, section: Section) -> None:
        """A section's heading with a hairline over it."""
        painter.setPen(QPen(self.line, 1))
        y = round(rect.top()) + 0.5
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        where = rect.adjusted(0, _PAD, 0, 0)
        if section.headless and not section.absent:
            return
        if section.absent:
            painter.setFont(self.font)
            text = f"{section.title}, {section.note}" if section.note else section.title
            self.elided(painter, where, text, self.muted)
        else:
            self.pair(painter, where, section.title, section.note)

    def sentences(
        self,
        painter: QPainter,
        rect: QRectF,
        lines: Sequence[str],
        font: QFont | None = None,
        ink: QColor | None = None,
    ) -> None:
        """Text that breaks its lines."""
        painter.setFont(font or self.font)
        painter.setPen(ink or self.text)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        painter.drawText(rect, flags, "\n".join(lines))

    # Strips

    def row(
        self,
        painter: QPainter,
        placed: Placed,
        segments: Sequence[Segment],
        *,
        hovered: bool,
        chosen: bool,
    ) -> None:
        """A file or a chip: words, the strip, and what the step changed in it."""
        row, rect = placed.row, placed.rect
        if hovered or chosen:
            ground = QColor(self.accent)
            ground.setAlphaF(0.16 if chosen else 0.07)
            painter.fillRect(rect.adjusted(-_PAD, 0, _PAD, 0), ground)
        painter.setFont(self.bold if row.heads else self.font)
        taken = self.elided(painter, rect, row.label, self.text)
        painter.setFont(self.font)
        rest = rect.adjusted(taken + 2 * _PAD, 0, 0, 0)
        fitting = (n for n in row.notes if self.metrics.horizontalAdvance(n) <= rest.width())
        ink = self.warm if row.pending else self.muted
        taken = self.elided(painter, rest, next(fitting, row.notes[-1]), ink)
        self._strip(painter, placed, segments)
        if row.words:
            self._command(painter, placed, rest.adjusted(taken + 2 * _PAD, 0, 0, 0))

    def _command(self, painter: QPainter, placed: Placed, beside: QRectF) -> None:
        """A chip's command in words: below its strips, or beside its name for want of a place."""
        row, below = placed.row, QRectF(placed.rect)
        below.setTop(placed.below)
        if below.height() > self.line_height / 2:
            font, ink = (self.bold, self.warm) if row.busy else (self.font, self.muted)
            self.sentences(painter, below, (row.words,), font, ink)
        elif (wide := self.metrics.horizontalAdvance(row.words)) <= beside.width():
            beside.setLeft(beside.right() - wide)
            self.elided(painter, beside, row.words, self.muted)

    def _strip(self, painter: QPainter, placed: Placed, segments: Sequence[Segment]) -> None:
        strip, size = placed.strip, placed.row.contents.size
        scale = strip.width() / size if size else 0.0
        painter.fillRect(strip, self._styles[Kind.FREE].fill)
        fresh = placed.row.fresh
        painter.save()
        if fresh and self.progress < 1:
            # A copy, or a dump of the chip, is written from its beginning.
            written = QRectF(strip)
            written.setWidth(strip.width() * self.progress)
            painter.setClipRect(written)
        for segment in segments:
            left = strip.left() + segment.span.start * scale
            width = max(segment.span.size * scale, 0.5)
            style, part = self._styles[segment.kind], QRectF(left, strip.top(), width, 0)
            part.setBottom(strip.bottom())
            style.paint(painter, part)
            if width >= _TICK:
                # Some grounds differ by little: the edge shows where each ends.
                painter.setPen(QPen(style.edge, 1))
                painter.drawLine(part.topRight(), part.bottomRight())
        self._variables(painter, strip, segments, scale)
        painter.restore()
        painter.setPen(QPen(self.warm if fresh else self.edge, 2 if fresh else 1))
        painter.drawRect(strip.adjusted(0.5, 0.5, -0.5, -0.5))
        if not fresh:
            self._changes(painter, placed, scale)
        self._expectations(painter, placed, scale)

    def _variables(
        self, painter: QPainter, strip: QRectF, segments: Sequence[Segment], scale: float
    ) -> None:
        """Live variables once more where they are too small to scale: what there is must be seen.

        Those that lie side by side are one block.
        """
        least = max(_TICK, self.metrics.height() / 4)
        start = end = -1
        runs: list[tuple[int, int]] = []
        for segment in segments:
            if segment.kind is not Kind.VARIABLE:
                continue
            if segment.span.start != end:
                runs.append((start, end))
                start = segment.span.start
            end = segment.span.end
        runs.append((start, end))
        style = self._styles[Kind.VARIABLE]
        for start, end in runs:
            if 0 <= start < end and (end - start) * scale < least:
                left = strip.left() + start * scale
                style.paint(painter, QRectF(left, strip.top(), least, strip.height()))

    def _expectations(self, painter: QPainter, placed: Placed, scale: float) -> None:
        """Where CODE expects a boundary and finds none."""
        strip = placed.strip
        for offset in placed.row.expected:
            x = min(strip.left() + offset * scale, strip.right() + 2 * _PAD)
            above, below = QPointF(x, strip.top() - 4), QPointF(x, strip.bottom() + 4)
            for colour, wide in ((self.base, 2 + 2 * _RIM), (self.bad, 2)):
                painter.setPen(QPen(colour, wide))
                painter.drawLine(above, below)

    def _changes(self, painter: QPainter, placed: Placed, scale: float) -> None:
        strip, last = placed.strip, -1.0
        for span in placed.row.changed:
            left = strip.left() + span.start * scale
            width = max(span.size * scale, _TICK)
            if left + width <= last:
                continue
            left = min(left, strip.right() - width)
            last = left + width
            tick = QRectF(left, strip.top() - 3, width, strip.height() + 6)
            self.change(painter, tick)
            self._landing(painter, tick)

    def change(self, painter: QPainter, tick: QRectF) -> None:
        """The sign of bytes that a step has written."""
        # On a rim of the ground's colour it is seen on any fill.
        painter.fillRect(tick.adjusted(-_RIM, 0, _RIM, 0), self.base)
        painter.fillRect(tick, self.warm)

    def _landing(self, painter: QPainter, tick: QRectF) -> None:
        """A ring that closes in on the bytes that a step has written."""
        if self.progress >= 1:
            return
        away = (1 - self.progress) * tick.height() / 2
        ink = QColor(self.warm)
        ink.setAlphaF(self.progress)
        painter.setPen(QPen(ink, 2))
        painter.drawRect(tick.adjusted(-away, -away, away, away))
