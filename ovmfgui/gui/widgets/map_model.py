"""What a flash map shows: parts in address order, what lies inside a region, how full it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.span import Place

_FREE = Kind.FREE
_BARE = (Kind.HEADER, _FREE)
"""Kinds beside which a single other child is what its parent is about."""

_ALIGNMENT = 16
"""Free bytes up to here are what aligning the next file leaves over; the lens passes over them."""

_NEARLY_ALL = 0.97
_NEVER_FILLED = (Kind.HEADER, Kind.FREE, Kind.PADDING, Kind.PAD_FILE, Kind.VARIABLE)
"""Kinds of which "how full" says nothing."""

_CONTENTS = (
    Kind.FILE,
    Kind.SECTION,
    Kind.BODY,
    Kind.DECOMPRESSED,
    Kind.RAW,
    Kind.METADATA,
    Kind.RESET_VECTOR,
)
"""Kinds of which "how full" is worth a word only where there is room left."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or another run of bytes with a map of its own.

    Attributes:
        title: what it is in a word ("CODE").
        name: the file's name, for the tooltip.
        size: in bytes.
        regions: they tile the part, ascending.
    """

    title: str
    name: str
    size: int
    regions: tuple[Region, ...]

    @property
    def address(self) -> int | None:
        """Guest address of its first byte; None where it has none."""
        return self.regions[0].address if self.regions else None

    @property
    def space(self) -> int:
        """The space that its offsets are counted in."""
        return self.regions[0].place.space if self.regions else -1

    @property
    def areas(self) -> tuple[Region, ...]:
        """What the overview names: the top-level regions, a store's volume by its areas."""
        found: list[Region] = []
        for region in self.regions:
            if region.kind is Kind.NV_VOLUME and region.children:
                found.extend(region.children)
            else:
                found.append(region)
        return tuple(found)


def stacked(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts from the highest address down; without addresses the last one is on top."""
    parts = tuple(parts)
    if any(part.address is None for part in parts):
        return tuple(reversed(parts))
    return tuple(sorted(parts, key=lambda part: part.address or 0, reverse=True))


def touching(upper: Part, lower: Part) -> bool:
    """Whether ``upper`` begins where ``lower`` ends."""
    if upper.address is None or lower.address is None:
        return False
    return lower.address + lower.size == upper.address


def inside(region: Region) -> tuple[Region, ...]:
    """What a step into ``region`` shows, ascending.

    Wrappers are stepped through: where one child beside headers and free space is all there is,
    its own children stand in its place, down to a file or to where another space begins.
    """
    items = [child for child in region.children if child.kind is not _FREE or _is_wide(child)]
    if len(items) == 1 and items[0].kind is Kind.DECOMPRESSED:
        return inside(items[0])
    while True:
        wrappers = (item for item in items if item.kind not in _BARE)
        only = next(wrappers, None)
        if only is None or next(wrappers, None) is not None:
            break
        if not _is_wrapper(only):
            break
        index = items.index(only)
        items[index : index + 1] = only.children
    return tuple([item for item in items if item.kind is not _FREE or _is_wide(item)])


def _is_wrapper(region: Region) -> bool:
    if region.kind is Kind.FILE or not region.children:
        return False
    return region.children[0].kind is not Kind.DECOMPRESSED


def _is_wide(region: Region) -> bool:
    """Whether free space is more than what alignment leaves."""
    return region.place.span.size >= _ALIGNMENT


def trail_to(path: Sequence[Region]) -> tuple[Region, ...]:
    """The steps from the outermost region of ``path`` to the innermost, each inside the last."""
    if not path:
        return ()
    wanted = {id(region) for region in path}
    trail = [path[0]]
    while True:
        step = next((item for item in inside(trail[-1]) if id(item) in wanted), None)
        if step is None:
            return tuple(trail)
        trail.append(step)


def crowded(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The trail to what most deserves a closer look: the variable region, or else the volumes."""
    for region in regions:
        if region.kind is Kind.NV_VOLUME:
            return with_preview((region,))
    volumes = [region for region in regions if region.children]
    return with_preview((max(volumes, key=lambda r: r.span.size),)) if volumes else ()


def with_preview(trail: tuple[Region, ...]) -> tuple[Region, ...]:
    """A trail of one step gets a second: the variable region, or the largest item inside."""
    if len(trail) != 1:
        return trail
    items = [item for item in inside(trail[0]) if inside(item)]
    if not items:
        return trail
    favourite = max(items, key=_promise)
    return (trail[0], favourite)


def _promise(region: Region) -> tuple[bool, bool, int]:
    kind = region.kind
    return kind is Kind.VARIABLE_REGION, kind is not Kind.PAD_FILE, region.span.size


@dataclass(frozen=True, slots=True)
class Filling:
    """How full a region is, in bytes; ``dead`` is what a reclaim would free."""

    live: int
    dead: int
    size: int

    @property
    def free(self) -> int:
        """Bytes that are erased or unused."""
        return self.size - self.live - self.dead

    @property
    def text(self) -> str:
        """In a few words."""
        if self.dead:
            return f"{percent(self.live, self.size)} live, {percent(self.dead, self.size)} dead"
        return self.short_text

    @property
    def short_text(self) -> str:
        """How full it is, in two words."""
        return f"{percent(self.live + self.dead, self.size)} used"


def filling(region: Region) -> Filling | None:
    """How full ``region`` is; None where that has no meaning."""
    if region.used is None or not region.span.size or region.kind in _NEVER_FILLED:
        return None
    dead = 0
    if region.kind in (Kind.VARIABLE_REGION, Kind.STORE):
        dead = sum(r.span.size for r in region.walk() if r.kind is Kind.DEAD_VARIABLE)
    if region.kind in _CONTENTS and region.used >= _NEARLY_ALL * region.span.size:
        return None
    return Filling(max(region.used - dead, 0), dead, region.span.size)


def percent(part: int, whole: int) -> str:
    """A share in whole percent; small ones are not rounded away."""
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1 %"
    return f"{share:.0f} %" if share <= 99 or part == whole else "99 %"


def position_text(region: Region, offset: int) -> str:
    """An offset of ``region``'s space as the map writes it: guest address, or + and the offset."""
    if region.address is not None:
        return f"0x{region.address + offset - region.span.start:08X}"
    return f"+0x{offset:X}"


def covers(outer: Place, inner: Place) -> bool:
    """Whether ``inner`` lies in ``outer``."""
    return outer.space == inner.space and outer.span.covers(inner.span)
