"""The rows of two contents side by side: what stands beside what, and where a byte is."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.byte_alignment import Stretch


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row.

    Attributes:
        sides: the bytes of the first and of the second content; empty where it has none here.
        place: where in the row the first byte stands, from 0 on.
    """

    sides: tuple[Span, Span]
    place: int

    @property
    def size(self) -> int:
        """Bytes of the side that has them."""
        return max(span.size for span in self.sides)


class PairRows:
    """Rows of ``per_row`` bytes; a stretch begins a row, at the place of its offset.

    Bytes that were not moved, or by whole rows, so stand where a plain grid would have them.
    """

    def __init__(self, stretches: Sequence[Stretch] = (), per_row: int = 16) -> None:
        self._stretches = stretches
        self._per_row = per_row
        self._places = [
            (each.first if each.first.size else each.second).start % per_row for each in stretches
        ]
        rows = (
            -(-(place + max(each.first.size, each.second.size)) // per_row)
            for place, each in zip(self._places, stretches, strict=True)
        )
        self._starts = [0, *accumulate(rows)]

    def __len__(self) -> int:
        return self._starts[-1]

    def row(self, number: int) -> PairRow:
        """A row, from 0 on."""
        index = bisect_right(self._starts, number) - 1
        stretch, place = self._stretches[index], self._places[index]
        begins = (number - self._starts[index]) * self._per_row - place
        first = max(begins, 0)
        end = begins + self._per_row
        sides = [
            Span.between(span.start + min(first, span.size), span.start + min(end, span.size))
            for span in (stretch.first, stretch.second)
        ]
        return PairRow((sides[0], sides[1]), place if begins < 0 else 0)

    def row_of(self, side: int, offset: int) -> int:
        """The row of a byte of one side, or of what stands where it would be."""
        index = self._index(side, offset)
        if index < 0:
            return 0
        stretch = self._stretches[index]
        inside = offset - (stretch.first, stretch.second)[side].start
        row = self._starts[index] + (self._places[index] + max(inside, 0)) // self._per_row
        return min(row, max(len(self) - 1, 0))

    def across(self, side: int, span: Span) -> Span:
        """The bytes of the other side beside ``span``; empty, at their place, where there are none.

        Of a span over several stretches those between its first and its last byte.
        """
        start = self._across(side, span.start, last=False)
        end = self._across(side, span.end - 1, last=True) if span.size else start
        return Span.between(start, max(start, end))

    def _across(self, side: int, offset: int, *, last: bool) -> int:
        index = self._index(side, offset)
        if index < 0:
            return 0
        stretch = self._stretches[index]
        ours, theirs = (stretch.first, stretch.second)[:: -1 if side else 1]
        inside = offset - ours.start + (1 if last else 0)
        return theirs.start + min(max(inside, 0), theirs.size)

    def _index(self, side: int, offset: int) -> int:
        """The stretch that has the byte; of an empty one and that behind it the latter."""
        starts = self._stretches
        return bisect_right(starts, offset, key=lambda e: (e.first, e.second)[side].start) - 1
