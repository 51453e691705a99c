"""A flash map at one size: where its blocks are, what is under a point, and the picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ovmfgui.dataclass import dataclass, field
from ovmfgui.flash.region import Region, innermost
from ovmfgui.gui.widgets.map_geometry import Block, PartBox, Wish, block_at, magnified, to_scale
from ovmfgui.gui.widgets.map_model import position_text
from ovmfgui.gui.widgets.map_painting import MapPainter, boundary_wishes
from ovmfgui.gui.widgets.map_words import heading_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPainter

    from ovmfgui.gui.widgets.map_columns import Columns
    from ovmfgui.gui.widgets.map_walk import MapWalk

_REACH = 3.0
"""Pixels that a click may miss a region of the overview by."""


@dataclass(slots=True)
class Lens:
    """A column that magnifies what is inside its owner."""

    owner: Region
    items: tuple[Region, ...]
    blocks: tuple[Block, ...]
    scroll: float = 0.0

    @property
    def height(self) -> float:
        """Of all blocks together, in or out of sight."""
        return self.blocks[-1].bottom if self.blocks else 0.0

    def scrolled_to(self, scroll: float, window: float) -> None:
        """Scroll, within bounds; ``window`` is the height there is to show it in."""
        self.scroll = min(max(scroll, 0.0), max(self.height - window, 0.0))

    def reveal(self, block: Block, window: float) -> None:
        """Scroll as little as it takes for ``block`` to be in sight."""
        if block.top < self.scroll:
            self.scrolled_to(block.top, window)
        elif block.bottom > self.scroll + window:
            self.scrolled_to(min(block.bottom - window, block.top), window)


@dataclass(slots=True)
class MapScene:
    """Everything in its place, for one state of a walk and one size of the widget."""

    walk: MapWalk
    drawing: MapPainter
    columns: Columns
    boxes: tuple[PartBox, ...] = ()
    lenses: list[Lens] = field(default_factory=list)

    @classmethod
    def of(
        cls, walk: MapWalk, drawing: MapPainter, columns: Columns, before: MapScene | None
    ) -> MapScene:
        """The scene; columns that were there before keep their scrolling."""
        scroll = {id(lens.owner): lens.scroll for lens in before.lenses} if before else {}
        scene = cls(walk, drawing, columns, to_scale(walk.parts, columns.top, columns.height))
        for owner, items in walk.columns:
            lens = Lens(owner, items, magnified(items, columns.height, drawing.row))
            lens.scrolled_to(scroll.get(id(owner), 0.0), columns.height)
            scene.lenses.append(lens)
        return scene

    def reveal_selection(self) -> None:
        """Scroll the lens to what is selected."""
        steps = {id(step) for step in self.walk.path}
        for lens in self.lenses:
            for block in lens.blocks:
                if id(block.region) in steps:
                    lens.reveal(block, self.columns.height)

    # Points

    def lens_at(self, x: float) -> Lens | None:
        """The lens column at ``x``."""
        for lens, (left, width) in zip(self.lenses, self.columns.boxes[1:], strict=False):
            if left <= x < left + width:
                return lens
        return None

    def region_at(self, point: QPointF) -> Region | None:
        """The region drawn at a point."""
        left, width = self.columns.boxes[0]
        if left <= point.x() < left + width:
            return self._area_at(point.y())
        lens = self.lens_at(point.x())
        if lens is None or not self.columns.top <= point.y() < self.columns.bottom:
            return None
        block = block_at(lens.blocks, point.y() - self.columns.top + lens.scroll)
        return block.region if block is not None else None

    def _area_at(self, y: float) -> Region | None:
        for box in self.boxes:
            if box.top <= y <= box.top + box.height:
                found = block_at([box.block(area) for area in box.seen(box.part.areas)], y, _REACH)
                return found.region if found is not None else None
        return None

    def over_way_back(self, point: QPointF) -> bool:
        """Whether the point is on the heading that leads a step back."""
        left, width = self.columns.boxes[1]
        inside = left <= point.x() < left + width and point.y() < self.columns.top
        return inside and self.walk.deeper

    def center_of(self, region: Region) -> QPointF | None:
        """The middle of where a region is drawn; None where it is not."""
        for lens, (left, width) in zip(self.lenses, self.columns.boxes[1:], strict=False):
            for block in lens.blocks:
                if block.region is region:
                    y = (block.top + block.bottom) / 2 - lens.scroll + self.columns.top
                    return QPointF(left + width / 2, y)
        rect = self._overview_rect(region)
        return rect.center() if rect is not None else None

    def spots(self) -> Iterator[tuple[Region, QRectF]]:
        """What is drawn and where: the overview from the top down, then column by column."""
        for box in self.boxes:
            for area in reversed(box.part.areas):
                rect = self._overview_rect(area)
                if rect is not None:
                    yield area, rect
        top, bottom = self.columns.top, self.columns.bottom
        for lens, (left, width) in zip(self.lenses, self.columns.boxes[1:], strict=False):
            for block in reversed(lens.blocks):
                high = max(block.top - lens.scroll + top, top)
                low = min(block.bottom - lens.scroll + top, bottom)
                if low > high:
                    yield block.region, QRectF(left, high, width, low - high)

    def _overview_rect(self, region: Region | None) -> QRectF | None:
        left, width = self.columns.boxes[0]
        for box in self.boxes:
            if region is not None and box.part.space == region.place.space:
                block = box.block(region)
                return QRectF(left, block.top, width, block.height)
        return None

    def _seen_in_overview(self, path: tuple[Region, ...]) -> Region | None:
        """The innermost region of ``path`` that is drawn to scale: unpacked bodies are not."""
        spaces = self.walk.spaces
        return next((region for region in reversed(path) if region.place.space in spaces), None)

    # The picture

    def paint(self, painter: QPainter, hovered: Region | None) -> None:
        """Overview, funnels, lens columns; outlines on top of each."""
        if not self.boxes:
            return
        self._paint_overview(painter, hovered)
        for index in range(len(self.lenses)):
            self._paint_funnel(painter, index)
            self._paint_lens(painter, index, hovered)

    def _paint_overview(self, painter: QPainter, hovered: Region | None) -> None:
        drawing, columns = self.drawing, self.columns
        left, width = columns.boxes[0]
        drawing.heading(painter, left, width, "Flash", "to scale")
        wishes: list[Wish] = []
        for index, box in enumerate(self.boxes):
            drawing.scaled(painter, box, left, width)
            drawing.area_labels(painter, box, left, width)
            drawing.part_title(painter, box, columns.title)
            wishes.extend(boundary_wishes(box, first=index == 0))
        # The uppermost address hangs below its line; all others stand on theirs.
        hang = columns.top + drawing.fixed_metrics.height()
        wishes = [
            Wish(hang, wish.text, wish.rank) if wish.y <= columns.top + 1 else wish
            for wish in wishes
        ]
        drawing.addresses(painter, wishes, left, columns.gutter)
        chosen = self._overview_rect(self._seen_in_overview(self.walk.path))
        for rect, strong in ((self._overview_rect(hovered), False), (chosen, True)):
            if rect is not None:
                drawing.outline(painter, rect, strong=strong)

    def _paint_funnel(self, painter: QPainter, index: int) -> None:
        lens, columns = self.lenses[index], self.columns
        left, width = columns.boxes[index]
        rect = self._source_rect(index)
        if rect is None:
            return
        far = columns.boxes[index + 1][0] - columns.gutter
        bottom = columns.top + min(lens.height, columns.height)
        self.drawing.funnel(
            painter,
            (left + width, rect.top(), rect.bottom()),
            (far, columns.top, bottom),
            columns.gutter,
            unpacked=lens.items[0].place.space != lens.owner.place.space,
        )

    def _source_rect(self, index: int) -> QRectF | None:
        """Where the owner of a lens column is drawn in the column before it."""
        owner, columns = self.lenses[index].owner, self.columns
        if not index:
            way = innermost(self.walk.roots, owner.place)
            return self._overview_rect(self._seen_in_overview(way))
        left, width = columns.boxes[index]
        before = self.lenses[index - 1]
        for block in before.blocks:
            if block.region is owner:
                top = columns.top + block.top - before.scroll
                rect = QRectF(left, top, width, block.height)
                return rect.intersected(QRectF(left, columns.top, width, columns.height))
        return None

    def _paint_lens(self, painter: QPainter, index: int, hovered: Region | None) -> None:
        lens, columns, drawing = self.lenses[index], self.columns, self.drawing
        left, width = columns.boxes[index + 1]
        back = "‹ " if index == 0 and self.walk.deeper else ""
        below = heading_below(lens.owner, lens.items)
        drawing.heading(painter, left, width, back + lens.owner.name, below)
        window = QRectF(left - columns.gutter, columns.top, width + columns.gutter, columns.height)
        painter.save()
        painter.setClipRect(window.adjusted(0, -1, 1, 1))
        painter.translate(0, columns.top - lens.scroll)
        wishes: list[Wish] = []
        for block in lens.blocks:
            if block.bottom < lens.scroll or block.top > lens.scroll + columns.height:
                continue
            drawing.lens_block(painter, block, left, width)
            text = position_text(block.region, block.region.span.start)
            wishes.append(Wish(block.bottom, text, 0))
        drawing.addresses(painter, wishes, left, columns.gutter)
        self._outlines(painter, lens, left, width, hovered)
        painter.restore()
        drawn = QRectF(left, columns.top, width, min(lens.height, columns.height))
        painter.setPen(drawing.line)
        painter.drawRect(drawn.adjusted(0.5, 0.5, -0.5, -0.5))
        if lens.height > columns.height + 1:
            share = columns.height / lens.height
            drawing.scroll_mark(painter, drawn, lens.scroll / lens.height, share)

    def _outlines(
        self, painter: QPainter, lens: Lens, left: float, width: float, hovered: Region | None
    ) -> None:
        selected = self.walk.selected()
        chosen = [block for block in lens.blocks if selected(block.region)]
        if chosen:
            top = min(block.top for block in chosen)
            bottom = max(block.bottom for block in chosen)
            self.drawing.outline(painter, QRectF(left, top, width, bottom - top), strong=True)
        for block in lens.blocks:
            if block.region is hovered:
                rect = QRectF(left, block.top, width, block.height)
                self.drawing.outline(painter, rect, strong=False)
