"""Which bytes of one content stand for which of another, where some were put in or taken out.

What is known of the structure comes first: pairs of runs that belong together. Between and inside
them bytes are held against bytes: what both begin and end with, then blocks that both have once.
The time is linear in the sizes but for those blocks, of which no more than ``MOST_FINE`` bytes are
looked at, and there are never more than ``MOST_STRETCHES`` stretches.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.difference import differing
from ovmfgui.progress import silent
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ovmfgui.progress import Report

MOST_STRETCHES = 8192
"""Beyond them the rest is one: nobody reads on there, and a list of more serves nobody."""

MOST_FINE = 2 << 20
"""Bytes that are looked into block by block, all in all."""

_BLOCK = 16
_LARGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of both contents, or of one alone.

    Attributes:
        first: bytes of the first content.
        second: bytes of the second: as many, held byte against byte, or none; ``first`` may be
            empty instead.
    """

    first: Span
    second: Span

    @property
    def paired(self) -> bool:
        """Whether both sides have it."""
        return bool(self.first.size and self.second.size)


def align(
    first: bytes,
    second: bytes,
    known: Iterable[tuple[Span, Span]] = (),
    report: Report = silent,
    *,
    most: int = MOST_STRETCHES,
) -> tuple[Stretch, ...]:
    """Stretches that put together, in order, are the whole of both contents.

    Args:
        first: a content.
        second: another one.
        known: runs that belong together, ascending on both sides, none overlapping another.
        report: told how many bytes of ``first`` are done.
        most: stretches, at least 3.
    """
    work = _Alignment(first, second)
    here, there = 0, 0
    for one, other in known:
        if one.start < here or other.start < there:
            # A damaged structure may tell the same bytes twice.
            continue
        work.gap(Span.between(here, one.start), Span.between(there, other.start))
        work.gap(one, other)
        here, there = one.end, other.end
        report(here, len(first), "aligning bytes")
    work.gap(Span.between(here, len(first)), Span.between(there, len(second)))
    return _capped(work.stretches, most)


class _Alignment:
    """Stretches that grow from the front."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._first, self._second = first, second
        self._fine = MOST_FINE
        self.stretches: list[Stretch] = []

    def gap(self, one: Span, other: Span) -> None:
        """Hold two runs against each other."""
        if one.size == other.size and not self._shifted(one, other):
            self._add(one, other)
            return
        same = _common_start(self._first, one, self._second, other)
        self._add(Span(one.start, same), Span(other.start, same))
        one, other = _without_start(one, same), _without_start(other, same)
        tail = _common_end(self._first, one, self._second, other)
        self._middle(_without_end(one, tail), _without_end(other, tail))
        self._add(Span(one.end - tail, tail), Span(other.end - tail, tail))

    def _shifted(self, one: Span, other: Span) -> bool:
        """Whether runs of one size may hold the same bytes at other places."""
        if one.size <= _BLOCK or 2 * one.size > self._fine:
            return False
        here, there = one.of(self._first), other.of(self._second)
        return sum(run.size for run in differing(here, there)) > one.size // 2

    def _middle(self, one: Span, other: Span) -> None:
        if not one.size or not other.size or one.size + other.size > self._fine:
            self.pair(one, other)
            return
        here, there = one.start, other.start
        self._fine -= one.size + other.size
        for block, like in _common_runs(one.of(self._first), other.of(self._second)):
            start, begin = one.start + block.start, other.start + like.start
            before, beside = Span.between(here, start), Span.between(there, begin)
            # What stands right before a block that both have may be the same too.
            more = _common_end(self._first, before, self._second, beside)
            self.pair(_without_end(before, more), _without_end(beside, more))
            here, there = start + block.size, begin + like.size
            self._add(Span.between(start - more, here), Span.between(begin - more, there))
        self.pair(Span.between(here, one.end), Span.between(there, other.end))

    def pair(self, one: Span, other: Span) -> None:
        """Byte against byte as far as both go; what is left is on one side alone."""
        both = min(one.size, other.size)
        self._add(Span(one.start, both), Span(other.start, both))
        self._add(_without_start(one, both), Span(other.start + both, 0))
        self._add(Span(one.end, 0), _without_start(other, both))

    def _add(self, one: Span, other: Span) -> None:
        if not one.size and not other.size:
            return
        new = Stretch(one, other)
        last = self.stretches[-1] if self.stretches else None
        if last is not None and _sides(last) == _sides(new):
            self.stretches[-1] = Stretch(
                Span.between(last.first.start, one.end), Span.between(last.second.start, other.end)
            )
        else:
            self.stretches.append(new)


def _sides(stretch: Stretch) -> tuple[bool, bool]:
    return stretch.first.size > 0, stretch.second.size > 0


def _without_start(span: Span, size: int) -> Span:
    return Span(span.start + size, span.size - size)


def _without_end(span: Span, size: int) -> Span:
    return Span(span.start, span.size - size)


def _common_start(first: bytes, one: Span, second: bytes, other: Span) -> int:
    """How many bytes both runs begin with."""
    most = min(one.size, other.size)
    for at in range(0, most, _LARGE):
        size = min(_LARGE, most - at)
        here = first[one.start + at : one.start + at + size]
        there = second[other.start + at : other.start + at + size]
        if here != there:
            return at + differing(here, there)[0].start
    return most


def _common_end(first: bytes, one: Span, second: bytes, other: Span) -> int:
    """How many bytes both runs end with."""
    most = min(one.size, other.size)
    for at in range(0, most, _LARGE):
        size = min(_LARGE, most - at)
        here = first[one.end - at - size : one.end - at]
        there = second[other.end - at - size : other.end - at]
        if here != there:
            return at + size - differing(here, there)[-1].end
    return most


def _common_runs(first: bytes, second: bytes) -> Iterator[tuple[Span, Span]]:
    """Runs that both have, ascending on both sides, grown from blocks that are there once."""
    where: dict[bytes, int] = {}
    for at in range(0, len(first) - _BLOCK + 1, _BLOCK):
        block = first[at : at + _BLOCK]
        # A block that is there twice, or of one byte, tells no place.
        where[block] = -1 if block in where or block == block[:1] * _BLOCK else at
    hits: list[tuple[Span, Span]] = []
    there, end = 0, len(second) - _BLOCK
    while there <= end:
        here = where.get(second[there : there + _BLOCK], -1)
        if here < 0:
            there += 1
            continue
        rest = Span.between(here, len(first)), Span.between(there, len(second))
        size = _common_start(first, rest[0], second, rest[1])
        hits.append((Span(here, size), Span(there, size)))
        there += size
    last = 0
    for number in ascending([here.start for here, _there in hits]):
        here_run, there_run = hits[number]
        late = max(last - here_run.start, 0)
        if late < here_run.size:
            last = here_run.end
            yield _without_start(here_run, late), _without_start(there_run, late)


def ascending(numbers: Sequence[int]) -> list[int]:
    """The indices of a longest ascending run of ``numbers``, leaving out as few as can be."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [index]
    chain: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


def _capped(stretches: list[Stretch], most: int) -> tuple[Stretch, ...]:
    """No more than ``most``: what is beyond becomes a pair, and what is left of either side."""
    if len(stretches) <= most:
        return tuple(stretches)
    work = _Alignment(b"", b"")
    work.stretches = stretches[: most - 2]
    rest = stretches[most - 2 :]
    one = Span.between(rest[0].first.start, rest[-1].first.end)
    other = Span.between(rest[0].second.start, rest[-1].second.end)
    work.pair(one, other)
    return tuple(work.stretches)
