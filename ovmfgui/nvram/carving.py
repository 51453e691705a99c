"""Records that stand whole behind a broken one, where firmware's own walk does not get to.

After a header whose sizes lie, or bytes that are no header, the search goes on at the next header
that is plausible in every field. What it finds firmware does not see: it is carved, not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_RECORDS, MOST_TRIES
from ovmfgui.dataclass import replace
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.record import Attributes, Record, Status, decode_name, name_of_record
from ovmfgui.nvram.structures import (
    HEADER_ALIGNMENT,
    START_ID_BYTES,
    STATE_ADDED,
    STATE_DELETED,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
    RecordHeader,
    record_header,
)
from ovmfgui.nvram.walk import align, header_size, record_at, resolved
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# States of a record that was written to its end.
_WHOLE = (STATE_ADDED, STATE_IN_TRANSITION, STATE_SUPERSEDED, STATE_DELETED)
_LIVE = (STATE_ADDED, STATE_IN_TRANSITION)
# The longest names that programs give are some 100 bytes.
_MOST_NAME = 1024
_KNOWN_ATTRIBUTES = 0xFF


class Gap(NamedTuple):
    """Bytes between records that are no record.

    Attributes:
        span: where.
        name: of the record whose header seems to have stood there; empty where none can be told.
        erased: whether nothing is left of the header that stood there: its block was erased.
    """

    span: Span
    name: str
    erased: bool = False


class Carved(NamedTuple):
    """What was found behind a break.

    Attributes:
        records: in their order, all that were written to their end; states unresolved.
        gaps: what lies between them, bytes that are erased or that belong to no record.
        ended: offset at which the search ended early, after as many records, or places that begin
            like one and are none, as are looked at; None where it went to the end.
    """

    records: tuple[Record, ...]
    gaps: tuple[Gap, ...]
    ended: int | None = None


NOTHING = Carved((), ())


class _Search(NamedTuple):
    """What is searched: ``data`` up to ``end``, for headers of one kind."""

    data: bytes
    end: int
    authenticated: bool

    def header(self, at: int) -> RecordHeader | None:
        """The header at ``at``; None where it does not fit."""
        if at + header_size(self.authenticated) > self.end:
            return None
        return record_header(self.authenticated).read(self.data, at)

    def name(self, at: int, header: RecordHeader) -> str:
        """The name behind a header; empty where it is no sound one."""
        size = header.NameSize
        start = at + header_size(self.authenticated)
        if size % 2 or not 4 <= size <= _MOST_NAME or start + size > self.end:
            return ""
        raw = self.data[start : start + size]
        name = decode_name(raw)
        sound = raw[-2:] == b"\0\0" and all(c >= " " for c in name)
        return name if sound else ""

    def plausible(self, at: int, header: RecordHeader) -> bool:
        """Whether every field but the start id is that of a finished record."""
        attributes = header.Attributes
        after_name = at + header_size(self.authenticated) + header.NameSize
        return (
            header.State in _WHOLE
            and not attributes & ~_KNOWN_ATTRIBUTES
            and bool(attributes & Attributes.NV)
            and after_name + header.DataSize <= self.end
            and bool(self.name(at, header))
        )


def _next_header(search: _Search, at: int) -> tuple[int | None, int]:
    """The first plausible header from ``at`` on, if there is one, and how far was searched."""
    found = at - 1
    for _ in range(MOST_TRIES):
        found = search.data.find(START_ID_BYTES, found + 1, search.end)
        if found < 0:
            return None, search.end
        if found % HEADER_ALIGNMENT:
            continue
        header = search.header(found)
        if header is not None and search.plausible(found, header):
            return found, found
    return None, found


def _gap(search: _Search, start: int, end: int) -> Gap:
    header = search.header(start)
    span = Span.between(start, end)
    if not search.data[start : min(end, start + header_size(search.authenticated))].strip(b"\xff"):
        return Gap(span, "", erased=True)
    if header is None or header.State in (STATE_SUPERSEDED, STATE_DELETED):
        return Gap(span, "")
    return Gap(span, search.name(start, header))


def carve(data: bytes, start: int, end: int, authenticated: bool) -> Carved:
    """Search for records from ``start``, where the walk broke off.

    Args:
        data: the file.
        start: of the header that broke the walk, or of what is no header.
        end: of the store; never past the end of ``data``.
        authenticated: whether headers are AUTHENTICATED_VARIABLE_HEADER.
    """
    search = _Search(data, end, authenticated)
    records: list[Record] = []
    gaps: list[Gap] = []
    at, ended = align(start), None
    while at < end:
        if len(records) >= MOST_RECORDS:
            ended = at
            break
        header = search.header(at)
        # A header whose start id alone is damaged still tells all of its record.
        if header is None or not search.plausible(at, header):
            found, searched = _next_header(search, at + HEADER_ALIGNMENT)
            if found is None:
                ended = searched if searched < end else None
                break
            gaps.append(_gap(search, at, found))
            at, header = found, search.header(found)
            assert header is not None
        record = record_at(data, at, end, authenticated, header)
        records.append(record)
        at = align(record.data_span.end)
    if records and at < end and data[at:end].strip(b"\xff"):
        gaps.append(_gap(search, at, end))
    return Carved(tuple(records), tuple(gaps), ended)


def out_of_reach(listed: tuple[Record, ...], carved: Carved) -> tuple[Record, ...]:
    """The carved records that would be live if the list went on to them; marked as carved."""
    if not carved.records:
        return ()
    seen = {record.key for record in listed if record.status is Status.LIVE}
    return tuple(
        replace(record, status=Status.CARVED)
        for record in resolved(carved.records)
        if record.status is Status.LIVE and record.key not in seen
    )


def broken_names(listed: tuple[Record, ...], carved: Carved) -> Iterator[tuple[int, str]]:
    """Offset and name of each record that was live and is broken; the name may be empty."""
    for record in listed:
        if record.status is Status.INVALID and record.state in _LIVE:
            yield record.span.start, name_of_record(record)
    known = {record.span.start for record in listed} if carved.gaps else set()
    for gap in carved.gaps:
        if (gap.name or gap.erased) and gap.span.start not in known:
            yield gap.span.start, gap.name
