"""Sorted runs of bytes, of which a painter needs those that are in sight."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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
        for span in self._spans[first:]:
            if span.start >= window.end:
                return
            part = span.overlap(window)
            if part is not None:
                yield part

    def holds(self, offset: int) -> bool:
        """Whether one of the spans has the byte at ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset in self._spans[index]


_CHUNK = 4096


def differing(before: bytes, after: bytes) -> list[Span]:
    """The runs of bytes in ``after`` that differ from ``before``, ascending.

    Bytes that ``before`` does not have count as differing.
    """
    runs: list[Span] = []
    common = min(len(before), len(after))
    if before[:common] != after[:common]:
        for start in range(0, common, _CHUNK):
            old, new = before[start : start + _CHUNK], after[start : start + _CHUNK]
            if old != new:
                runs.extend(_runs(old, new[: len(old)], start))
    if len(after) > common:
        runs.append(Span.between(common, len(after)))
    return list(SpanList(runs))


def _runs(before: bytes, after: bytes, base: int) -> Iterator[Span]:
    start: int | None = None
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if old != new and start is None:
            start = index
        elif old == new and start is not None:
            yield Span.between(base + start, base + index)
            start = None
    if start is not None:
        yield Span.between(base + start, base + len(after))
