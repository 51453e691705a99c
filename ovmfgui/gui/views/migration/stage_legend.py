"""What the colours and signs on the stage mean, and how long a strip's lengths are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPen

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtGui import QPainter

    from ovmfgui.flash.region import Kind
    from ovmfgui.gui.views.migration.stage_painting import StagePainter

_PAD = theme.GRID
_SHARE, _LEAST = 0.8, 9.0
"""Of the stage's letters are the legend's, and no smaller than so many points."""
_OF_STRIP = 8
"""A length that is shown is about this part of a strip."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign and its words.

    Attributes:
        words: what it means.
        wide: the sign's width.
        draw: draws the sign in a rectangle.
    """

    words: str
    wide: float
    draw: Callable[[QPainter, QRectF], None]


class StageLegend:
    """In as many lines as the width asks for.

    Args:
        pen: whose colours and letters.
        kinds: that are drawn somewhere.
        scales: for CODE and VARS, as far as there are such strips, the bytes of a pixel.
        lens: whether a store is drawn once more, not to scale.
    """

    def __init__(
        self, pen: StagePainter, kinds: Iterable[Kind], scales: Mapping[str, float], *, lens: bool
    ) -> None:
        self._pen = pen
        self._font = QFont(pen.font)
        points = pen.font.pointSizeF()
        self._font.setPointSizeF(max(_SHARE * points, min(points, _LEAST)))
        self._metrics = QFontMetricsF(self._font)
        self._side = round(self._metrics.height() * 0.8)
        self.entries = (
            *(self._scale(name, scale) for name, scale in scales.items()),
            *(self._kind(kind) for kind in kinds),
            *self._signs(lens=lens),
        )

    @property
    def words(self) -> str:
        """All of it in one line."""
        return ", ".join(entry.words for entry in self.entries)

    # Entries

    def _kind(self, kind: Kind) -> Entry:
        style = self._pen.style(kind)

        def draw(painter: QPainter, box: QRectF) -> None:
            style.paint(painter, box)
            painter.setPen(QPen(style.edge, 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

        return Entry(style.label, self._side, draw)

    def _scale(self, name: str, bytes_a_pixel: float) -> Entry:
        size = 1
        while 2 * size <= bytes_a_pixel * self._room / _OF_STRIP:
            size *= 2

        def draw(painter: QPainter, box: QRectF) -> None:
            painter.setPen(QPen(self._pen.text, 1.5))
            y = box.center().y()
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            for x in (box.left(), box.right()):
                painter.drawLine(QPointF(x, box.top() + 2), QPointF(x, box.bottom() - 2))

        return Entry(f"{size_text(size)} of {name}", size / bytes_a_pixel, draw)

    @property
    def _room(self) -> float:
        return 40.0 * self._side

    def _signs(self, *, lens: bool) -> Sequence[Entry]:
        pen, side = self._pen, self._side

        def changed(painter: QPainter, box: QRectF) -> None:
            pen.change(painter, QRectF(box.center().x() - 2, box.top(), 4, box.height()))

        def fresh(painter: QPainter, box: QRectF) -> None:
            painter.setPen(QPen(pen.warm, 2))
            painter.drawRect(box.adjusted(1, 2, -1, -2))

        def missing(painter: QPainter, box: QRectF) -> None:
            painter.setPen(QPen(pen.bad, 2))
            x = box.center().x()
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

        def enlarged(painter: QPainter, box: QRectF) -> None:
            painter.setPen(QPen(pen.edge, 1))
            middle, third = box.center().x(), box.width() / 6
            for sign in (-1, 1):
                painter.drawLine(
                    QPointF(middle + sign * third, box.top()),
                    QPointF(middle + sign * 3 * third, box.bottom()),
                )

        found = [
            Entry("changed now", side, changed),
            Entry("all of it new", 1.5 * side, fresh),
            Entry("boundary that CODE expects", side, missing),
        ]
        if lens:
            found.append(Entry("not to scale", 1.5 * side, enlarged))
        return found

    # Places

    def _lines(self, width: float) -> list[list[tuple[float, Entry]]]:
        lines: list[list[tuple[float, Entry]]] = [[]]
        x = 0.0
        for entry in self.entries:
            wide = entry.wide + _PAD + self._metrics.horizontalAdvance(entry.words)
            if lines[-1] and x + wide > width:
                lines.append([])
                x = 0.0
            lines[-1].append((x, entry))
            x += wide + 2 * _PAD + self._side / 2
        return lines

    @property
    def _line_height(self) -> float:
        return round(self._metrics.height() + _PAD)

    def height(self, width: float) -> float:
        """With a hairline above it."""
        return len(self._lines(width)) * self._line_height + 2 * _PAD

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Draw all of it in a place of its own height."""
        painter.setPen(QPen(self._pen.line, 1))
        painter.drawLine(place.topLeft(), place.topRight())
        painter.setFont(self._font)
        top = place.top() + 1.5 * _PAD
        for line in self._lines(place.width()):
            for x, entry in line:
                box = QRectF(place.left() + x, top, entry.wide, self._metrics.height())
                box.adjust(0, 1, 0, -1)
                entry.draw(painter, box)
                painter.setPen(self._pen.text)
                left = box.right() + _PAD
                painter.drawText(QPointF(left, top + self._metrics.ascent()), entry.words)
            top += self._line_height
