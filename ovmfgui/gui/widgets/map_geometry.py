"""Where the blocks of a flash map stand: arithmetic in logical pixels, top downwards."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.widgets.map_model import touching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ovmfgui.flash.region import Region
    from ovmfgui.gui.widgets.map_model import Part

GAP = 12
"""Between two parts that do not touch in the guest's address space."""


@dataclass(frozen=True, slots=True)
class Block:
    """A region as drawn."""

    region: Region
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge, in pixels."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class PartBox:
    """A part as drawn: the highest offset on top."""

    part: Part
    top: float
    height: float

    def y(self, offset: int) -> float:
        """Where the lower edge of the byte at ``offset`` is."""
        return self.top + self.height * (1 - offset / self.part.size)

    def block(self, region: Region) -> Block:
        """One of the part's regions, to scale."""
        top = self.y(region.span.end)
        return Block(region, top, self.y(region.span.start) - top)

    def seen(self, regions: Sequence[Region]) -> Iterator[Region]:
        """Of regions in ascending order those that drawing can tell apart.

        Of what lies within half a pixel the first stands for the rest: a damaged image may have a
        hundred thousand volumes, and is drawn as quickly as any other.
        """
        step = self.part.size / max(self.height, 1.0) / 2
        index = 0
        while index < len(regions):
            region = regions[index]
            yield region
            index += 1
            if region.span.size < step:
                # The next that reaches beyond: a large one that begins in between is not left out.
                beyond = region.span.start + step
                index = bisect_right(regions, beyond, index, key=_end)


def _end(region: Region) -> int:
    return region.span.end


def to_scale(parts: Sequence[Part], top: float, height: float) -> tuple[PartBox, ...]:
    """All parts, highest on top, to one scale."""
    parts = [part for part in parts if part.size]
    total = sum(part.size for part in parts)
    if not total:
        return ()
    gaps = [0 if touching(up, low) else GAP for up, low in pairwise(parts)]
    scale = (height - sum(gaps)) / total
    boxes: list[PartBox] = []
    y = top
    for part, gap in zip(parts, [*gaps, 0], strict=True):
        boxes.append(PartBox(part, y, part.size * scale))
        y += part.size * scale + gap
    return tuple(boxes)


def magnified(regions: Sequence[Region], height: float, row: float) -> tuple[Block, ...]:
    """Regions one above the other, highest offset on top, each at least ``row`` high.

    What ``height`` has beyond that is shared out by size. Where there are too many the whole
    is higher than ``height``, and has to be scrolled.
    """
    if not regions:
        return ()
    extra = max(height - row * len(regions), 0.0)
    total = sum(region.span.size for region in regions) or 1
    blocks: list[Block] = []
    y = 0.0
    for region in reversed(regions):
        tall = row + extra * region.span.size / total
        blocks.append(Block(region, y, tall))
        y += tall
    return tuple(blocks)


def block_at(blocks: Iterable[Block], y: float, reach: float = 0.0) -> Block | None:
    """The block under ``y``; of several within ``reach`` pixels the lowest one in height."""
    near = [block for block in blocks if block.top - reach <= y < block.bottom + reach]
    exact = [block for block in near if block.top <= y < block.bottom]
    small = [block for block in near if block.height < 2 * reach]
    if small:
        return min(small, key=lambda block: abs((block.top + block.bottom) / 2 - y))
    return exact[0] if exact else None


@dataclass(frozen=True, slots=True)
class Wish:
    """A text that would like to stand at ``y``; the lowest ``rank`` is served first."""

    y: float
    text: str
    rank: int


def without_overlap(wishes: Iterable[Wish], line: float) -> list[Wish]:
    """Those that fit with ``line`` pixels between them, the important ones first."""
    placed: list[Wish] = []
    for wish in sorted(wishes, key=lambda w: (w.rank, w.y)):
        if all(abs(wish.y - other.y) >= line for other in placed):
            placed.append(wish)
    return placed
