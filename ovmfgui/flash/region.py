"""The tree that a flash map is drawn from."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from ovmfgui.fields import Field
    from ovmfgui.span import Place, Span


class Kind(StrEnum):
    """What a region is; the map colours and the commands name it by this."""

    VOLUME = "volume"
    NV_VOLUME = "nv-volume"
    HEADER = "header"
    FILE = "file"
    SECTION = "section"
    BODY = "body"
    DECOMPRESSED = "decompressed"
    PAD_FILE = "pad-file"
    PADDING = "padding"
    FREE = "free"
    RAW = "raw"
    RESET_VECTOR = "reset-vector"
    METADATA = "metadata"
    VARIABLE_REGION = "variable-region"
    STORE = "variable-store"
    VARIABLE = "variable"
    DEAD_VARIABLE = "dead-variable"
    EVENT_LOG = "event-log"
    FTW_WORKING = "ftw-working"
    FTW_SPARE = "ftw-spare"


@dataclass(frozen=True, slots=True)
class Region:
    """A run of bytes with one meaning.

    The children of a region that has any tile it without hole or overlap, in ascending order,
    unless they lie in another space (``Kind.DECOMPRESSED``): then they tile that space.

    Attributes:
        name: as the map labels it.
        kind: see ``Kind``.
        place: its bytes.
        address: guest-physical address of its first byte; None where the file alone does not
            determine it, and for everything inside a decompressed body.
        used: bytes inside that are not erased or free; None where that has no meaning.
        guid: the GUID that names it, where one does.
        fields: the decoded fields of its header.
        children: what it consists of.
        detail: one line on what this is or how it is (a section type, a checksum's state).
    """

    name: str
    kind: Kind
    place: Place
    address: int | None = None
    used: int | None = None
    guid: UUID | None = None
    fields: Sequence[Field] = ()
    children: tuple[Region, ...] = ()
    detail: str = ""

    @property
    def span(self) -> Span:
        """Its bytes in its own space."""
        return self.place.span

    def walk(self) -> Iterator[Region]:
        """The region and all below it, parents first."""
        waiting = [self]
        while waiting:
            region = waiting.pop()
            yield region
            waiting.extend(reversed(region.children))

    def at_address(self, address: int | None) -> Region:
        """The same tree with guest addresses, ``address`` being that of the first byte.

        Regions of another space than this one's keep no address.
        """
        # No function within: one that calls itself is a cycle, which would hold this tree.
        by = None if address is None else address - self.span.start
        return _shifted(self, self.place.space, by)


def _shifted(region: Region, space: int, by: int | None) -> Region:
    """A tree with each address ``by`` bytes from the offset; None for no addresses."""
    if region.place.space != space:
        return region
    here = None if by is None else region.span.start + by
    children = tuple([_shifted(child, space, by) for child in region.children])
    return replace(region, address=here, children=children)


def innermost(regions: tuple[Region, ...], place: Place) -> tuple[Region, ...]:
    """The path of regions, outermost first, down to the smallest that holds all of ``place``."""
    space, start, end = place.space, place.span.start, place.span.end
    beside = [region for region in regions if region.place.space == space]
    for region in beside:
        span = region.place.span
        if span.start <= start and end <= span.start + span.size:
            return (region, *innermost(region.children, place))
    # A space is tiled in one place: where some of it is, it is nowhere below the others.
    for region in () if beside else regions:
        if not region.children:
            continue
        deeper = innermost(region.children, place)
        if deeper:
            return (region, *deeper)
    return ()


def address_of(path: tuple[Region, ...], place: Place) -> int | None:
    """Guest-physical address of the first byte of ``place``; None where it has none.

    Args:
        path: the regions around it, as ``innermost`` finds them. An unpacked body has no address.
        place: the bytes.
    """
    if not path or path[-1].place.space != place.space or path[-1].address is None:
        return None
    return path[-1].address + place.span.start - path[-1].span.start


def of_kind(regions: tuple[Region, ...], *kinds: Kind) -> Iterator[Region]:
    """Every region of one of ``kinds`` in the trees, in reading order."""
    for root in regions:
        for region in root.walk():
            if region.kind in kinds:
                yield region
