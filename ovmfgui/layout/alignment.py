"""The bytes of two images held against each other where they belong together, moved or not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.byte_alignment import Stretch, align, ascending
from ovmfgui.flash.difference import differing
from ovmfgui.flash.region import Kind, Region
from ovmfgui.progress import silent
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from ovmfgui.layout.comparison import Comparison
    from ovmfgui.progress import Report

MOST_PLACES = 20_000
"""Of a file; where there are more, those that lie close together are told as one."""

_RECORDS = (Kind.VARIABLE, Kind.DEAD_VARIABLE)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where both sides are not the same; a side that has no bytes there has an empty span.

    Attributes:
        first: the bytes in A.
        second: the bytes in B.
    """

    first: Span
    second: Span

    @property
    def kind(self) -> str:
        """``differs``, ``only-first`` or ``only-second``."""
        if not self.second.size:
            return "only-first"
        return "differs" if self.first.size else "only-second"


@dataclass(frozen=True, slots=True)
class AlignedFile:
    """Two files of one role.

    Attributes:
        role: in words.
        spaces: of the file in A and in B.
        stretches: put together, in order, they are the whole of both.
        places: where they are not the same, ascending.
        changed: bytes of paired stretches that are not the same.
    """

    role: str
    spaces: tuple[int, int]
    stretches: tuple[Stretch, ...]
    places: tuple[Difference, ...]
    changed: int

    def alone(self, side: int) -> int:
        """Bytes that only one side has: 0 for A, 1 for B."""
        spans = ((each.first, each.second)[side] for each in self.stretches if not each.paired)
        return sum(span.size for span in spans)

    def across(self, side: int, offset: int) -> int | None:
        """Where the byte at ``offset`` of one side is on the other; None where it is not there."""
        spans = [(each.first, each.second)[side] for each in self.stretches]
        # Of an empty span and the one that begins there, the latter is meant.
        at = bisect_right(spans, offset, key=lambda span: span.start) - 1
        if at < 0 or offset not in spans[at] or not self.stretches[at].paired:
            return None
        other = (self.stretches[at].first, self.stretches[at].second)[1 - side]
        return other.start + offset - spans[at].start

    def place_at(self, side: int, offset: int) -> int:
        """The number of the last place that begins at ``offset`` or before; -1 for none."""
        starts = [(each.first, each.second)[side].start for each in self.places]
        return bisect_right(starts, offset) - 1


def aligned_files(comparison: Comparison, report: Report = silent) -> tuple[AlignedFile, ...]:
    """Every two files of one role, aligned."""
    found = []
    for row in comparison.files:
        sides = (comparison.first, comparison.second)
        first, second = (
            side.image.spaces[space].data for side, space in zip(sides, row.spaces, strict=True)
        )
        trees = [
            tuple(region for region in side.map if region.place.space == space)
            for side, space in zip(sides, row.spaces, strict=True)
        ]
        known = _known(trees[0], trees[1], (first, second))
        stretches = align(first, second, known, report)
        places, changed = _places(stretches, first, second, report)
        found.append(
            AlignedFile(str(row.role).upper(), row.spaces, stretches, tuple(places), changed)
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place among those of all files.

    Attributes:
        file: whose place it is.
        place: both sides of it.
    """

    file: AlignedFile
    place: Difference

    def in_first(self, comparison: Comparison) -> Place:
        """The bytes in A; where A has none, the byte that stands there."""
        space = self.file.spaces[0]
        last = max(len(comparison.first.image.spaces[space].data) - 1, 0)
        span = self.place.first
        return Place(space, Span(min(span.start, last), max(span.size, 1)))


def place_rows(files: Sequence[AlignedFile]) -> tuple[PlaceRow, ...]:
    """The places of all files, in the order of A's."""
    return tuple(PlaceRow(file, place) for file in files for place in file.places)


def next_row(rows: Sequence[PlaceRow], here: Place | None, direction: int) -> int | None:
    """The number of the place behind (1) or before (-1) bytes of A, going round at the ends."""
    if not rows:
        return None
    if here is None:
        return 0 if direction > 0 else len(rows) - 1
    spot = (here.space, here.span.start)

    def start(row: PlaceRow) -> tuple[int, int]:
        return row.file.spaces[0], row.place.first.start

    if direction > 0:
        return bisect_right(rows, spot, key=start) % len(rows)
    return (bisect_left(rows, spot, key=start) - 1) % len(rows)


# What belongs together


def _known(
    left: Sequence[Region], right: Sequence[Region], contents: tuple[bytes, bytes]
) -> Iterator[tuple[Span, Span]]:
    """Leaves of both trees that belong together, ascending on both sides."""
    for one, other in _matches(left, right, contents):
        inside = [
            [child for child in region.children if child.place.space == region.place.space]
            for region in (one, other)
        ]
        if all(inside):
            yield from _known(inside[0], inside[1], contents)
            continue
        heads = _head(one), _head(other)
        if heads[0] and heads[0] == heads[1]:
            yield Span(one.span.start, heads[0]), Span(other.span.start, heads[1])
            spans = [
                Span.between(region.span.start + head, region.span.end)
                for region, head in zip((one, other), heads, strict=True)
            ]
            yield spans[0], spans[1]
        else:
            yield one.span, other.span


def _head(region: Region) -> int:
    """Bytes of a record's header; 0 for what is no record."""
    if region.kind not in _RECORDS or not region.fields:
        return 0
    size = region.fields[-1].span.end - region.span.start
    return size if 0 < size <= region.span.size else 0


def _key(region: Region) -> Hashable:
    # A record that firmware has replaced is the same record: its State alone is another one.
    kind = "record" if region.kind in _RECORDS else region.kind
    return kind, region.guid, region.name


def _matches(
    left: Sequence[Region], right: Sequence[Region], contents: tuple[bytes, bytes]
) -> list[tuple[Region, Region]]:
    """Siblings that are called the same, in an order that both sides have."""
    pairs: list[tuple[int, int]] = []
    sides = [_by_key(regions) for regions in (left, right)]
    for key, ours in sides[0].items():
        theirs = sides[1].get(key, [])
        if len(ours) == len(theirs) == 1:
            pairs.append((ours[0], theirs[0]))
        elif theirs:
            pairs.extend(_of_many(left, ours, right, theirs, contents))
    pairs.sort()
    return [(left[pairs[at][0]], right[pairs[at][1]]) for at in ascending([b for _a, b in pairs])]


def _by_key(regions: Sequence[Region]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for number, region in enumerate(regions):
        found.setdefault(_key(region), []).append(number)
    return found


def _of_many(
    left: Sequence[Region],
    ours: list[int],
    right: Sequence[Region],
    theirs: list[int],
    contents: tuple[bytes, bytes],
) -> Iterator[tuple[int, int]]:
    """Of several with one name those with the same bytes, then the others as they come."""
    waiting: dict[bytes, list[int]] = {}
    for number in reversed(theirs):
        waiting.setdefault(_body(right[number], contents[1]), []).append(number)
    rest: list[int] = []
    taken: set[int] = set()
    for number in ours:
        alike = waiting.get(_body(left[number], contents[0]))
        if alike:
            taken.add(alike[-1])
            yield number, alike.pop()
        else:
            rest.append(number)
    yield from zip(rest, [number for number in theirs if number not in taken], strict=False)


def _body(region: Region, data: bytes) -> bytes:
    """What tells a region from others of its name: a record's value without its header."""
    return data[region.span.start + _head(region) : region.span.end]


# Where they are not the same


def _places(
    stretches: Sequence[Stretch], first: bytes, second: bytes, report: Report
) -> tuple[list[Difference], int]:
    found: list[Difference] = []
    changed = 0
    for each in stretches:
        report(each.first.end, len(first), "holding bytes against bytes")
        if not each.paired:
            found.append(Difference(each.first, each.second))
            continue
        for run in differing(each.first.of(first), each.second.of(second)):
            changed += run.size
            found.append(Difference(run.shifted(each.first.start), run.shifted(each.second.start)))
    return _joined(found, MOST_PLACES), changed


def _joined(places: list[Difference], most: int) -> list[Difference]:
    """Places with little between them as one, where there are too many."""
    apart = 8
    while len(places) > most:
        groups: list[list[Difference]] = []
        for place in places:
            last = groups[-1][-1] if groups else None
            near = last is not None and place.first.start - last.first.end < apart
            if near:
                groups[-1].append(place)
            else:
                groups.append([place])
        places = [
            Difference(
                Span.between(group[0].first.start, group[-1].first.end),
                Span.between(group[0].second.start, group[-1].second.end),
            )
            for group in groups
        ]
        apart *= 2
    return places
