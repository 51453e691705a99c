"""What the bytes in a hex grid mean: runs that are filled softly and named on hover."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.flash.byte_meaning import Mark
    from ovmfgui.span import Span


class Marks:
    """Marks that do not overlap, ascending; finds those in sight without a walk over all."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.span.start)
        self._starts = [mark.span.start for mark in self._marks]

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._marks)

    def within(self, window: Span) -> Iterator[Mark]:
        """Those that have bytes in ``window``, ascending."""
        first = max(bisect_right(self._starts, window.start) - 1, 0)
        for index in range(first, len(self._marks)):
            mark = self._marks[index]
            if mark.span.start >= window.end:
                return
            if mark.span.end > window.start:
                yield mark

    def at(self, offset: int) -> Mark | None:
        """The one that has the byte at ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset not in self._marks[index].span:
            return None
        return self._marks[index]
