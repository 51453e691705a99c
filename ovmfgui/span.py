"""Where bytes lie: half-open runs of bytes and the space they are counted in."""

from __future__ import annotations

from ovmfgui.dataclass import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The bytes ``start`` up to, not including, ``start + size``; both in bytes, never negative."""

    start: int
    size: int

    def __post_init__(self) -> None:
        if (self.start | self.size) < 0:  # one question: spans are made by the ten thousand
            msg = f"a span cannot be negative: start {self.start}, size {self.size}"
            raise ValueError(msg)

    @classmethod
    def between(cls, start: int, end: int) -> Span:
        """The bytes from ``start`` up to, not including, ``end``."""
        return cls(start, end - start)

    @property
    def end(self) -> int:
        """The first offset behind the span."""
        return self.start + self.size

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def covers(self, other: Span) -> bool:
        """Whether every byte of ``other`` lies inside."""
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: Span) -> Span | None:
        """The bytes that both have, None where they have none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span.between(start, end) if start < end else None

    def shifted(self, by: int) -> Span:
        """The span of the same size, ``by`` bytes further on."""
        return Span(self.start + by, self.size)

    def of(self, data: bytes) -> bytes:
        """These bytes of ``data``; shorter than ``size`` where ``data`` ends earlier."""
        return data[self.start : self.end]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span in one space of an opened image.

    ``space`` is an index into ``Image.spaces``: the files come first, in the order of
    ``Image.files``; behind them come the bodies that compressed sections unpack to, whose offsets
    are their own.
    """

    space: int
    span: Span
