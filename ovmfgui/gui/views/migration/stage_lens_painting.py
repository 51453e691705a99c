"""How a store is drawn once more below its chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ovmfgui.gui.views.migration.stage_painting import Placed, StagePainter


def paint_lens(painter: QPainter, pen: StagePainter, placed: Placed) -> None:
    """Draw the parts of a chip's store, joined with their places on the strip."""
    row, strip, lens = placed.row, placed.strip, placed.lens
    scale = strip.width() / row.contents.size
    painter.setFont(pen.font)
    for each in placed.parts:
        style = pen.style(each.block.kind)
        rect = QRectF(lens.left() + each.left, lens.top(), each.width, lens.height())
        style.paint(painter, rect)
        edge = strip.left() + each.block.span.end * scale
        painter.setPen(QPen(pen.edge, 1))
        painter.drawLine(QPointF(edge, strip.bottom()), QPointF(rect.right(), lens.top()))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        if each.label:
            wide = pen.metrics.horizontalAdvance(each.label)
            left = rect.center().x() - wide / 2
            # Letters stand on the plain ground, not on the pattern.
            ground = QRectF(left - 2, rect.top() + 2, wide + 4, rect.height() - 4)
            painter.fillRect(ground, style.fill)
            painter.setPen(style.ink)
            baseline = rect.center().y() + (pen.metrics.ascent() - pen.metrics.descent()) / 2
            painter.drawText(QPointF(left, baseline), each.label)
    changed = () if row.fresh else row.changed
    for each in placed.parts:
        if any(each.block.span.overlap(span) for span in changed):
            rect = QRectF(lens.left() + each.left, lens.top(), each.width, lens.height())
            painter.setPen(QPen(pen.warm, 3))
            painter.drawRect(rect.adjusted(1.5, 1.5, -1.5, -1.5))
