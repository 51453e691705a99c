"""Runs of bytes that two images do not share, and the way from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.layout.comparison import Comparison


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of bytes that differ.

    Attributes:
        role: of both files, in words.
        spaces: of the file in A and in B.
        span: the bytes, at the same offset in both.
    """

    role: str
    spaces: tuple[int, int]
    span: Span


def runs(comparison: Comparison) -> Iterator[RunRow]:
    """The runs of all files, in the order of A's."""
    for row in comparison.files:
        for span in row.runs:
            yield RunRow(str(row.role).upper(), row.spaces, span)


def place_in_first(row: RunRow, comparison: Comparison) -> Place:
    """The bytes in A; where A ends before them, its last byte."""
    size = len(comparison.first.image.spaces[row.spaces[0]].data)
    start = min(row.span.start, size - 1)
    return Place(row.spaces[0], Span(start, max(1, min(row.span.end, size) - start)))


def next_run(runs: Sequence[RunRow], here: Place | None, direction: int) -> int | None:
    """The index of the run behind (1) or before (-1) a place in A, going round at the ends."""
    if not runs:
        return None
    if here is None:
        return 0 if direction > 0 else len(runs) - 1
    spot = (here.space, here.span.start)
    numbers = range(len(runs)) if direction > 0 else range(len(runs) - 1, -1, -1)
    for number in numbers:
        start = (runs[number].spaces[0], runs[number].span.start)
        if start > spot if direction > 0 else start < spot:
            return number
    return numbers[0]
