"""How a flash map is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from ovmfgui.flash.region import Kind, Region
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.map_geometry import Wish, without_overlap
from ovmfgui.gui.widgets.map_model import filling, position_text
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.gui.widgets.map_geometry import Block, PartBox

_PAD = theme.GRID
_GAUGE = 4.0
_SMALLEST_MARK = 3.0


class MapPainter:
    """Draws with one palette and font; made anew when either changes."""

    def __init__(self, palette: QPalette, font: QFont) -> None:
        self.palette = palette
        self.font = font
        self.bold = QFont(font)
        self.bold.setBold(True)
        self.fixed = theme.fixed_font(font.pointSizeF() - 1)
        self.metrics = QFontMetricsF(font)
        self.fixed_metrics = QFontMetricsF(self.fixed)
        self._bold_metrics = QFontMetricsF(self.bold)
        self.base = palette.base().color()
        self.text = palette.text().color()
        self.muted = theme.muted(palette)
        self.accent = theme.accent(palette)
        # Where regions end is what a map is for, and some fills hardly differ from the ground.
        self.line = contrast.readable(contrast.mix(self.text, self.base, 0.30), self.base, 3.0)
        self._styles = {kind: theme.kind_style(kind, palette) for kind in Kind}

    @property
    def row(self) -> float:
        """The least height of a block in the lens: a line of text and the gauge."""
        return round(self.metrics.height() + _GAUGE + _PAD)

    # Blocks

    def scaled(self, painter: QPainter, box: PartBox, left: float, width: float) -> None:
        """A part with all that is large enough to be seen, to scale."""
        for region in box.seen(box.part.regions):
            self._nested(painter, box, region, left, width)
        painter.setPen(QPen(self.line, 1))
        for area in box.seen(box.part.areas):
            y = round(box.y(area.span.start)) - 0.5
            painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        painter.drawRect(QRectF(left + 0.5, box.top + 0.5, width - 1, box.height - 1))

    def _nested(
        self, painter: QPainter, box: PartBox, region: Region, left: float, width: float
    ) -> None:
        block = box.block(region)
        rect = QRectF(left, block.top, width, max(block.height, 0.5))
        self._styles[region.kind].paint(painter, rect)
        if block.height < _SMALLEST_MARK or region.kind is Kind.FILE:
            return
        for child in box.seen(region.children):
            if child.place.space == region.place.space:
                self._nested(painter, box, child, left, width)

    def area_labels(self, painter: QPainter, box: PartBox, left: float, width: float) -> None:
        """Names in the blocks of the overview that are high enough for them."""
        line = self.metrics.height()
        for area in box.seen(box.part.areas):
            block = box.block(area)
            if block.height < line + 2 * _PAD:
                continue
            lines = [(area.name, self.text)]
            if block.height >= 2 * line + 3 * _PAD:
                room = width - 4 * _PAD
                lines.append((self._second_line(area, size_text(area.span.size), room), self.muted))
            self._plate(painter, lines, left, block.top + block.height / 2, width)

    def _plate(
        self,
        painter: QPainter,
        lines: list[tuple[str, QColor]],
        left: float,
        middle: float,
        width: float,
    ) -> None:
        """Lines of text on a ground of their own, so that no pattern runs through them."""
        painter.setFont(self.font)
        line, room = self.metrics.height(), width - 4 * _PAD
        shown = [
            (self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), ink)
            for text, ink in lines
        ]
        wide = max(self.metrics.horizontalAdvance(text) for text, _ink in shown)
        plate = QRectF(left + _PAD, 0, wide + 2 * _PAD, line * len(shown) + _PAD)
        plate.moveTop(round(middle - plate.height() / 2))
        ground = QColor(self.base)
        ground.setAlphaF(0.94)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(plate, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, (text, ink) in enumerate(shown):
            painter.setPen(ink)
            y = plate.top() + _PAD / 2 + index * line + self.metrics.ascent()
            painter.drawText(QPointF(plate.left() + _PAD, y), text)

    def kind_ground(self, painter: QPainter, kind: Kind, rect: QRectF) -> None:
        """The fill of a kind."""
        self._styles[kind].paint(painter, rect)

    def caption(self, painter: QPainter, name: str, note: str, rect: QRectF) -> None:
        """A name, and below it a note, in the middle of a block that is high enough."""
        line = self.metrics.height()
        if rect.height() >= line + _PAD:
            lines = [(name, self.text)]
            if rect.height() >= 2 * line + 2 * _PAD:
                lines.append((note, self.muted))
            self._plate(painter, lines, rect.left(), rect.center().y(), rect.width())

    def plate(
        self, painter: QPainter, text: str, centre: QPointF, width: float, ink: QColor
    ) -> None:
        """A line of text around a point, on a ground of its own."""
        room = min(self.metrics.horizontalAdvance(text) + 4 * _PAD, width)
        self._plate(painter, [(text, ink)], centre.x() - room / 2, centre.y(), room)

    def lens_block(self, painter: QPainter, block: Block, left: float, width: float) -> None:
        """A region in the lens: name, size, and how full it is."""
        region = block.region
        top, bottom = round(block.top), round(block.bottom)
        rect = QRectF(left, top, width, bottom - top)
        style = self._styles[region.kind]
        style.paint(painter, rect)
        painter.setPen(QPen(self.line, 1))
        painter.drawLine(QPointF(left, bottom - 0.5), QPointF(left + width, bottom - 0.5))
        patterned = style.pattern is not Qt.BrushStyle.SolidPattern
        self._gauge(painter, region, QRectF(left, bottom - _GAUGE - 1, width, _GAUGE))
        self._words(painter, region, rect.adjusted(0, 0, 0, -_GAUGE), style.ink, patterned)

    def _gauge(self, painter: QPainter, region: Region, rect: QRectF) -> None:
        full = filling(region)
        if full is None:
            return
        if not full.free and not full.dead and not region.children:
            return
        ground = contrast.mix(self.base, self._styles[region.kind].fill, 0.7)
        painter.fillRect(rect, ground)
        live = rect.width() * full.live / full.size
        live = max(live, 1.5) if full.live else 0.0
        painter.fillRect(QRectF(rect.left(), rect.top(), live, rect.height()), self.text)
        dead = rect.width() * full.dead / full.size
        if dead:
            part = QRectF(rect.left() + live, rect.top(), max(dead, 1.5), rect.height())
            grey = contrast.mix(self.text, self.base, 0.45)
            painter.fillRect(part, contrast.readable(grey, ground, 3.0))

    def _words(
        self, painter: QPainter, region: Region, rect: QRectF, ink: QColor, patterned: bool
    ) -> None:
        size = size_text(region.span.size)
        line, room = self.metrics.height(), rect.width() - 4 * _PAD
        two = rect.height() >= 2 * line + 2 * _PAD
        top = rect.top() + (_PAD if two else (rect.height() - line) / 2)
        wide = self.metrics.horizontalAdvance(size)
        painter.setFont(self.font)
        beside = self.metrics.horizontalAdvance(region.name) + 3 * _PAD + wide <= room
        show_size = two or beside
        name = self.metrics.elidedText(region.name, Qt.TextElideMode.ElideRight, room)
        second = self._second_line(region, size, room) if two else ""
        if patterned:
            ink = self.text
            self._ground(painter, rect, top, name, second)
            if show_size and not two:
                self._ground_at(painter, rect.right() - 2 * _PAD - wide, top, wide)
        painter.setPen(ink)
        baseline = top + self.metrics.ascent()
        painter.drawText(QPointF(rect.left() + 2 * _PAD, baseline), name)
        painter.setPen(contrast.mix(ink, self.muted, 0.5) if patterned else ink)
        if two:
            painter.drawText(QPointF(rect.left() + 2 * _PAD, baseline + line), second)
        elif show_size:
            painter.drawText(QPointF(rect.right() - 2 * _PAD - wide, baseline), size)

    def _second_line(self, region: Region, size: str, room: float) -> str:
        """The size, and how full: in as many words as there is room for."""
        full = filling(region)
        if full is None:
            return size
        for text in (f"{size}, {full.text}", f"{size}, {full.short_text}"):
            if self.metrics.horizontalAdvance(text) <= room:
                return text
        return size

    def _ground(self, painter: QPainter, rect: QRectF, top: float, name: str, second: str) -> None:
        self._ground_at(painter, rect.left() + 2 * _PAD, top, self.metrics.horizontalAdvance(name))
        if second:
            wide = self.metrics.horizontalAdvance(second)
            below = top + self.metrics.height()
            self._ground_at(painter, rect.left() + 2 * _PAD, below, wide)

    def _ground_at(self, painter: QPainter, left: float, top: float, wide: float) -> None:
        ground = QColor(self.base)
        ground.setAlphaF(0.86)
        painter.fillRect(QRectF(left - 2, top, wide + 4, self.metrics.height()), ground)

    # Around the blocks

    def part_title(self, painter: QPainter, box: PartBox, width: float) -> None:
        """A part's title along its side, from below upwards, with a bracket."""
        painter.save()
        x = width - _PAD
        painter.setPen(QPen(self.line, 1))
        top, bottom = round(box.top) + 0.5, round(box.top + box.height) - 0.5
        painter.drawLine(QPointF(x, top + 1), QPointF(x, bottom - 1))
        for y in (top + 1, bottom - 1):
            painter.drawLine(QPointF(x, y), QPointF(x + _PAD, y))
        wide = self._bold_metrics.horizontalAdvance(box.part.title)
        if wide <= box.height:
            painter.setFont(self.bold)
            painter.setPen(self.text)
            painter.translate(x - _PAD, box.top + (box.height + wide) / 2)
            painter.rotate(-90)
            painter.drawText(QPointF(0, -self._bold_metrics.descent() / 2), box.part.title)
        painter.restore()

    def addresses(
        self, painter: QPainter, wishes: Iterable[Wish], right: float, room: float
    ) -> None:
        """Addresses that sit on their boundary, right-aligned at ``right``."""
        painter.setFont(self.fixed)
        metrics = self.fixed_metrics
        for wish in without_overlap(wishes, metrics.height()):
            y = round(wish.y) - 0.5
            painter.setPen(QPen(self.line, 1))
            painter.drawLine(QPointF(right - 2 * _PAD, y), QPointF(right, y))
            wide = min(metrics.horizontalAdvance(wish.text), room)
            painter.setPen(self.muted)
            where = QPointF(right - wide - 2 * _PAD, y - metrics.descent())
            painter.drawText(where, wish.text)

    def funnel(
        self,
        painter: QPainter,
        near: tuple[float, float, float],
        far: tuple[float, float, float],
        room: float,
        *,
        unpacked: bool,
    ) -> None:
        """From a block to the column that magnifies it; each end is (x, upper y, lower y).

        From the far end on it goes straight for ``room`` pixels: behind the addresses there.
        """
        (near_x, near_top, near_bottom), (far_x, far_top, far_bottom) = near, far
        end_x = far_x + room
        shape = QPolygonF(
            [
                QPointF(near_x, near_top),
                QPointF(far_x, far_top),
                QPointF(end_x, far_top),
                QPointF(end_x, far_bottom),
                QPointF(far_x, far_bottom),
                QPointF(near_x, near_bottom),
            ]
        )
        ground = QColor(self.accent)
        ground.setAlphaF(0.07)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = QColor(self.accent)
        edge.setAlphaF(0.55)
        style = Qt.PenStyle.DashLine if unpacked else Qt.PenStyle.SolidLine
        painter.setPen(QPen(edge, 1, style))
        painter.drawLine(shape.at(0), shape.at(1))
        painter.drawLine(shape.at(5), shape.at(4))

    def heading(self, painter: QPainter, left: float, width: float, title: str, below: str) -> None:
        """Two lines above a column."""
        painter.setFont(self.bold)
        painter.setPen(self.text)
        y = _PAD + self._bold_metrics.ascent()
        shown = self._bold_metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(left, y), shown)
        painter.setFont(self.font)
        painter.setPen(self.muted)
        y += self.metrics.height()
        shown = self.metrics.elidedText(below, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(left, y), shown)

    def outline(self, painter: QPainter, rect: QRectF, *, strong: bool) -> None:
        """Around what is selected, or with ``strong`` off under the mouse."""
        if rect.height() < _SMALLEST_MARK:
            middle = rect.center().y()
            rect = QRectF(rect.left(), middle - _SMALLEST_MARK / 2, rect.width(), _SMALLEST_MARK)
        pen = QPen(self.accent if strong else self.text, 2 if strong else 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(rect.adjusted(1, 1, -1, -1) if strong else rect.adjusted(0.5, 0.5, -1, -1))
        if strong:
            y = rect.center().y()
            tip = QPolygonF(
                [
                    QPointF(rect.left(), y),
                    QPointF(rect.left() - 6, y - 5),
                    QPointF(rect.left() - 6, y + 5),
                ]
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.accent)
            painter.drawPolygon(tip)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def scroll_mark(self, painter: QPainter, rect: QRectF, start: float, share: float) -> None:
        """How much of a column is in sight: ``start`` and ``share`` from 0 to 1."""
        mark = QRectF(
            rect.right() - 4, rect.top() + start * rect.height(), 3, share * rect.height()
        )
        ground = QColor(self.text)
        ground.setAlphaF(0.4)
        painter.fillRect(mark, ground)


def boundary_wishes(box: PartBox, *, first: bool) -> list[Wish]:
    """The addresses beside a part in the overview, the part's own ends first."""
    part = box.part
    lowest = part.regions[0]
    wishes = [Wish(box.top + box.height, position_text(lowest, 0), 0)]
    if first:
        line = position_text(lowest, part.size - 1)
        wishes.append(Wish(box.top, line, 0))
    tops = {region.span.start for region in box.seen(part.regions)}
    for area in box.seen(part.areas):
        if area.span.start:
            rank = 1 if area.span.start in tops else 2
            text = position_text(area, area.span.start)
            wishes.append(Wish(box.y(area.span.start), text, rank))
    return wishes
