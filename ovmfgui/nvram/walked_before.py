"""What a walk takes over from the one before it: an edit leaves most records as they are."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ovmfgui.nvram.record import Record

Key = tuple[bytes, str]
"""VendorGuid as it stands in the bytes, and the name."""


class Before(NamedTuple):
    """A walk that was made.

    Attributes:
        data: the bytes walked over.
        start: where they begin.
        end: where the store ended.
        records: as they were read, in list order.
        edges: where each of them begins, and where the last ends if the store's end is behind it.
        keys: of each that is live because it is the first of its key that is added; None for any
            other.
        stops: indices of those that the others of their key decide: they are read anew.
    """

    data: bytes
    start: int
    end: int
    records: tuple[Record, ...]
    edges: list[int]
    keys: list[Key | None]
    stops: list[int]

    def run(self, data: bytes, at: int, added: set[Key | None], most: int) -> range:
        """Which records from ``at`` on are what they were, however those before have changed.

        They stand in ``data`` byte for byte, and none of their keys was met as added by now: the
        first one counts. From now on their keys are met.

        Args:
            data: what is walked, up to the same end.
            at: where the walk is.
            added: the keys met as added.
            most: no more records than these.
        """
        first = bisect_left(self.edges, at)
        if first == len(self.edges) or self.edges[first] != at:
            return range(0)
        run = range(first, self._same_until(data, first))[:most]
        keys = self.keys[run.start : run.stop]
        if not added.isdisjoint(keys):
            return range(0)
        added.update(keys)
        added.discard(None)
        return run

    def _same_until(self, data: bytes, first: int) -> int:
        """Index of the edge up to which the bytes from that of ``first`` on are as they were."""
        low, high = first, len(self.edges) - 1
        stop = bisect_left(self.stops, first)
        if stop < len(self.stops):
            high = min(high, self.stops[stop])
        while low < high:
            middle = (low + high + 1) // 2
            begin, end = self.edges[low], self.edges[middle]
            if data.startswith(self.data[begin - self.start : end - self.start], begin):
                low = middle
            else:
                high = middle - 1
        return low


class Gathered:
    """The records of a walk under way, and what the next one can take over of it."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.added: set[Key | None] = set()
        self.open: list[int] = []
        """Indices of the records that the others of their key decide."""
        self._edges: list[int] = []
        self._keys: list[Key | None] = []

    def take(self, before: Before, run: range) -> int:
        """Take over records; where the walk goes on behind them."""
        self.records += before.records[run.start : run.stop]
        self._edges += before.edges[run.start : run.stop]
        self._keys += before.keys[run.start : run.stop]
        return before.edges[run.stop]

    def add(self, record: Record, key: Key | None, *, decided: bool) -> None:
        """Add a record that was read; ``key`` where it is the first that is added of it."""
        if not decided:
            self.open.append(len(self.records))
        self.records.append(record)
        self._edges.append(record.span.start)
        self._keys.append(key)

    def kept(
        self, data: bytes, start: int, end: int, at: int, records: tuple[Record, ...]
    ) -> Before:
        """This walk for the next one, which ended at ``at``; ``records`` with their last status."""
        edges = [*self._edges, at] if at < end else self._edges
        return Before(data[start:end], start, end, records, edges, self._keys, self.open)
