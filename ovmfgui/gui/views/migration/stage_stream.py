"""How the stream between two hosts is drawn: an arrow, what it carries, how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPen, QPolygonF

from ovmfgui.gui.look import theme
from ovmfgui.migration.simulation.states import StreamState
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from ovmfgui.gui.views.migration.stage_painting import StagePainter
    from ovmfgui.migration.simulation.snapshot import Stream

_PAD = theme.GRID
_PARCELS = 4
_STREAM_WORDS = {
    StreamState.FLOWING: "flowing",
    StreamState.COMPLETE: "complete",
    StreamState.REFUSED: "refused",
    StreamState.CUT: "cut",
}


class StreamPainter:
    """Draws with the stage's colours and letters."""

    def __init__(self, pen: StagePainter) -> None:
        self._pen = pen

    def paint(self, painter: QPainter, rect: QRectF, stream: Stream, *, backwards: bool) -> None:
        """The arrow between the two guests, how it stands, and what it carries."""
        whole = stream.state in (StreamState.FLOWING, StreamState.COMPLETE)
        colour = self._pen.accent if whole else self._pen.bad
        lines = [(_STREAM_WORDS[stream.state], colour, True), *self._cargo(stream)]
        y = rect.center().y()
        self._arrow(painter, rect, y, colour, whole=whole, backwards=backwards)
        if whole:
            self._parcels(painter, rect, y, backwards=backwards)
        top = y + 3 * _PAD
        for text, ink, strong in lines:
            painter.setFont(self._pen.bold if strong else self._pen.font)
            metrics = QFontMetricsF(painter.font())
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.setPen(ink)
            wide = metrics.horizontalAdvance(shown)
            where = QPointF(rect.center().x() - wide / 2, top + metrics.ascent())
            painter.drawText(where, shown)
            top += self._pen.line_height
        painter.setFont(self._pen.bold)
        title = "stream"
        wide = QFontMetricsF(self._pen.bold).horizontalAdvance(title)
        painter.setPen(self._pen.text)
        painter.drawText(QPointF(rect.center().x() - wide / 2, y - 3 * _PAD), title)

    def _parcels(self, painter: QPainter, rect: QRectF, y: float, *, backwards: bool) -> None:
        """What goes over, on its way along the arrow."""
        if self._pen.progress >= 1:
            return
        side = self._pen.line_height / 2
        left, right = rect.left() + _PAD, rect.right() - _PAD - side
        for number in range(_PARCELS):
            part = self._pen.progress * (1 + _PARCELS / 8) - number / 8
            if 0 <= part <= 1:
                x = right - (right - left) * part if backwards else left + (right - left) * part
                painter.fillRect(QRectF(x, y - side / 2, side, side), self._pen.accent)

    def _cargo(self, stream: Stream) -> list[tuple[str, QColor, bool]]:
        lines = []
        for block in stream.blocks:
            name = block.name.rpartition(".")[2]
            sent = size_text(block.sent) if block.sent else "nothing"
            lines.append((f"{name} {sent}", self._pen.muted, False))
        if any(not chip.command.idle for chip in stream.chips):
            lines.append(("mid-command", self._pen.warm, True))
        elif stream.chips:
            lines.append(("chip states", self._pen.muted, False))
        return lines

    def _arrow(
        self,
        painter: QPainter,
        rect: QRectF,
        y: float,
        colour: QColor,
        *,
        whole: bool,
        backwards: bool,
    ) -> None:
        left, right = rect.left() + _PAD, rect.right() - _PAD
        tail, tip = (right, left) if backwards else (left, right)
        step = -1 if backwards else 1
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine if whole else Qt.PenStyle.DashLine))
        stop = tip - 8 * step if whole else (tail + tip) / 2 - 8 * step
        painter.drawLine(QPointF(tail, y), QPointF(stop, y))
        if whole:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(tip, y),
                        QPointF(tip - 10 * step, y - 6),
                        QPointF(tip - 10 * step, y + 6),
                    ]
                )
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(QPen(colour, 2.5))
            middle = (tail + tip) / 2
            for slope in (-1, 1):
                painter.drawLine(
                    QPointF(middle - 6, y - 6 * slope), QPointF(middle + 6, y + 6 * slope)
                )
