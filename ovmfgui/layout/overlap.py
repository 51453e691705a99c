"""Where the regions of two layouts run into one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.nvram.store import Store

VARIABLES, EVENT_LOG = "variable region", "event log"
WORKING, SPARE = "FTW working block", "FTW spare area"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Bytes that CODE takes for one region and the store for another.

    Attributes:
        expected: the region as CODE has it.
        provided: the region as the store has it.
        span: the bytes, from the start of the volume.
        live: how many of them belong to live variables.
    """

    expected: str
    provided: str
    span: Span
    live: int

    @property
    def text(self) -> str:
        """A sentence: which bytes of the volume, and what each side takes them for."""
        data = f", {self.live:,} of them live variables" if self.live else ""
        return (
            f"0x{self.span.start:X} to 0x{self.span.end - 1:X}: CODE's {self.expected} lies in the "
            f"store's {self.provided} ({self.span.size:,} bytes{data})"
        )


def regions(layout: Layout) -> Iterator[tuple[str, Span]]:
    """The regions of a layout as far as it is known, in ascending order."""
    if layout.variable_size is not None:
        yield VARIABLES, Span(0, layout.variable_size)
    if layout.event_log_offset is not None and layout.event_log_size is not None:
        yield EVENT_LOG, Span(layout.event_log_offset, layout.event_log_size)
    # Where a size has no witness, the region reaches to where the next one begins.
    working, spare = layout.ftw_working_offset, layout.ftw_spare_offset
    if working is not None:
        yield WORKING, _reaching(working, layout.ftw_working_size, spare)
    if spare is not None:
        yield SPARE, _reaching(spare, layout.ftw_spare_size, layout.fv_length)


def _reaching(start: int, size: int | None, end: int | None) -> Span:
    return Span(start, max(0, (end or start) - start) if size is None else size)


def overlaps(expected: Layout, provided: Layout, store: Store) -> tuple[Overlap, ...]:
    """The bytes on whose meaning two layouts of equal length do not agree."""
    found: list[Overlap] = []
    for name, span in regions(expected):
        for other, there in regions(provided):
            common = span.overlap(there)
            if name != other and common is not None:
                found.append(Overlap(name, other, common, _live_bytes(store, common)))
    return tuple(sorted(found, key=lambda each: each.span))


def _live_bytes(store: Store, span: Span) -> int:
    shared = (record.span.overlap(span) for record in store.live)
    return sum(each.size for each in shared if each is not None)
