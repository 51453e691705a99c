"""The runs of bytes in which two contents differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Equal bytes are passed over in large steps, and only small ones are looked into: most changes
# are a few bytes in megabytes.
_LARGE, _SMALL = 1 << 16, 1 << 10
_DIFFERING = re.compile(rb"[^\0]+", re.DOTALL)


def differing(before: bytes, after: bytes) -> list[Span]:
    """The runs of bytes that differ, ascending, those that only one of the two has among them."""
    if before == after:
        return []
    common, longer = sorted((len(before), len(after)))
    runs: list[Span] = []
    for start in _unequal(before, after, 0, common, _LARGE):
        for small in _unequal(before, after, start, min(start + _LARGE, common), _SMALL):
            end = min(small + _SMALL, common)
            runs.extend(_small_runs(before[small:end], after[small:end], small))
    if longer > common:
        runs.append(Span.between(common, longer))
    return _joined(runs)


def _unequal(before: bytes, after: bytes, start: int, end: int, step: int) -> Iterator[int]:
    """Where the steps from ``start`` up to ``end`` begin that are not all equal."""
    for position in range(start, end, step):
        stop = min(position + step, end)
        if before[position:stop] != after[position:stop]:
            yield position


def _small_runs(old: bytes, new: bytes, base: int) -> Iterator[Span]:
    # One XOR of the whole as numbers, and a pattern that looks for what is not zero: as quick as
    # NumPy on so few bytes, without the time that NumPy takes to load.
    difference = int.from_bytes(old, "big") ^ int.from_bytes(new, "big")
    for match in _DIFFERING.finditer(difference.to_bytes(len(old), "big")):
        start, end = match.span()
        yield Span(base + start, end - start)


def _joined(runs: list[Span]) -> list[Span]:
    """Runs that touch at a step's end are one."""
    joined: list[Span] = []
    for run in runs:
        if joined and joined[-1].end == run.start:
            joined[-1] = Span.between(joined[-1].start, run.end)
        else:
            joined.append(run)
    return joined
