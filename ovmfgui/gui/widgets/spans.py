"""Sorted runs of bytes, of which a painter needs those that are in sight."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class SpanList:
    """Spans that do not overlap, ascending."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for span in sorted(span for span in spans if span.size):
            if self._spans and span.start <= self._spans[-1].end:
                last = self._spans[-1]
                self._spans[-1] = Span.between(last.start, max(last.end, span.end))
            else:
                self._spans.append(span)
        self._starts = [span.start for span in self._spans]

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans)

    def within(self, window: Span) -> Iterator[Span]:
        """The parts of the spans that lie in ``window``."""
        first = max(bisect_right(self._starts, window.start) - 1, 0)
        for index in range(first, len(self._spans)):
            span = self._spans[index]
            if span.start >= window.end:
                return
            part = span.overlap(window)
            if part is not None:
                yield part

    def holds(self, offset: int) -> bool:
        """Whether one of the spans has the byte at ``offset``."""
        return self.meets(Span(offset, 1))

    def meets(self, window: Span) -> bool:
        """Whether one of the spans has a byte of ``window``."""
        index = bisect_left(self._starts, window.end) - 1
        return index >= 0 and self._end(index) > window.start

    def _end(self, index: int) -> int:
        return self._spans[index].end


class EqualSpans(SpanList):
    """Spans of one size by their starts, ascending; a hundred thousand are had at once."""

    def __init__(self, starts: Sequence[int], size: int) -> None:
        super().__init__()
        self._starts = [*starts]
        self._size = size

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Span]:
        return (Span(start, self._size) for start in self._starts)

    def within(self, window: Span) -> Iterator[Span]:
        """The parts of the spans that lie in ``window``; those that touch are one."""
        first = max(bisect_right(self._starts, window.start) - 1, 0)
        last = bisect_left(self._starts, window.end, first)
        return SpanList(Span(at, self._size) for at in self._starts[first:last]).within(window)

    def _end(self, index: int) -> int:
        return self._starts[index] + self._size


def as_list(spans: Iterable[Span]) -> SpanList:
    """The same list, or one of these spans."""
    return spans if isinstance(spans, SpanList) else SpanList(spans)
