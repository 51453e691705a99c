"""The walk along the records of a variable store, by the rules of VariableParsing.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.dataclass import replace
from ovmfgui.flash.fill import fill_of
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.record import Record, Status, decode_name
from ovmfgui.nvram.structures import (
    HEADER_ALIGNMENT,
    START_ID,
    START_ID_BYTES,
    STATE_ADDED,
    STATE_DELETED,
    STATE_ERASED,
    STATE_HEADER_VALID,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
    UNWRITTEN,
    AuthenticatedVariableHeader,
    RecordHeader,
    record_header,
)
from ovmfgui.nvram.walked_before import Before, Gathered, Key
from ovmfgui.span import Span

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.finding_collector import FindingCollector

# The largest real store (256 KiB) holds 4,369 empty records.
_SEARCHED = 0x100000
# VendorGuid ends a header of either kind. As bytes it is told apart without Python's UUID, whose
# hash and comparison take longer than all else about a record.
_GUID_SIZE = 16

_FIXED_STATUS = {
    STATE_SUPERSEDED: Status.SUPERSEDED,
    STATE_DELETED: Status.DELETED,
    STATE_ERASED: Status.TORN,
    STATE_HEADER_VALID: Status.TORN,
    # Which of these a record is depends on the others; see resolved().
    STATE_ADDED: Status.SHADOWED,
    STATE_IN_TRANSITION: Status.TRANSITION,
}
# Which of these the others of its key decide, and what they have decided already.
_RIVALS = (Status.LIVE, Status.SHADOWED, Status.TRANSITION)


class Walked(NamedTuple):
    """Records in list order.

    Attributes:
        records: with their final status.
        end: offset of the list's end, where firmware writes the next record.
        behind: where a search for what the walk does not reach starts: behind the last header.
    """

    records: tuple[Record, ...]
    end: int
    behind: int


# The last walk over headers of either kind: one store is kept.
_before: dict[bool, Before] = {}


class _List(NamedTuple):
    """What is walked: ``data`` up to ``end``, with headers of one kind; the keys met as added."""

    data: bytes
    end: int
    structure: type[RecordHeader]
    added: set[Key | None] | None = None


def align(offset: int) -> int:
    """HEADER_ALIGN: the next multiple of four."""
    return (offset + HEADER_ALIGNMENT - 1) & ~(HEADER_ALIGNMENT - 1)


def header_size(authenticated: bool) -> int:
    """Bytes of a record's header."""
    return record_header(authenticated).sizeof()


def _is_torn(header: RecordHeader) -> bool:
    """Firmware takes such a header's sizes as zero: its writing was cut off."""
    return header.State == STATE_ERASED or UNWRITTEN in (
        header.NameSize,
        header.DataSize,
        header.Attributes,
    )


def _status(header: RecordHeader, torn: bool, overruns: bool) -> Status:
    if overruns:
        return Status.INVALID
    if torn:
        # A header with sizes never written is passed over whatever its state byte says.
        return Status.TORN
    if header.NameSize < 2:
        return Status.INVALID
    return _FIXED_STATUS.get(header.State, Status.INVALID)


def record_at(data: bytes, at: int, end: int, authenticated: bool, header: RecordHeader) -> Record:
    """The record whose header stands at ``at``; ``header`` is what was read there."""
    return _record(_List(data, end, record_header(authenticated)), at, header)[0]


def _record(walk: _List, at: int, header: RecordHeader) -> tuple[Record, bool]:
    """The record at ``at``, and whether it runs past the end of the store."""
    torn = _is_torn(header)
    authenticated = header if isinstance(header, AuthenticatedVariableHeader) else None
    name_size, data_size = (0, 0) if torn else (header.NameSize, header.DataSize)
    name_start = at + walk.structure.sizeof()
    data_start = name_start + name_size
    overruns = data_start + data_size > walk.end
    name_span = Span(name_start, min(name_size, walk.end - name_start))
    data_start = min(data_start, walk.end)
    data_span = Span(data_start, min(data_size, walk.end - data_start))
    name = decode_name(name_span.of(walk.data))
    status = _status(header, torn, overruns)
    if status is Status.SHADOWED and walk.added is not None:
        key = (walk.data[name_start - _GUID_SIZE : name_start], name)
        if key not in walk.added:
            walk.added.add(key)
            status = Status.LIVE
    record = Record(
        span=Span.between(at, min(align(data_span.end), walk.end)),
        header_span=Span(at, walk.structure.sizeof()),
        name_span=name_span,
        data_span=data_span,
        state=header.State,
        status=status,
        attributes=header.Attributes,
        guid=header.VendorGuid,
        name=name,
        data=data_span.of(walk.data),
        timestamp=None if authenticated is None else authenticated.TimeStamp,
        monotonic_count=None if authenticated is None else authenticated.MonotonicCount,
        header=walk.data[at : at + walk.structure.sizeof()],
    )
    return record, overruns


def _note_overrun(note: FindingCollector, header: RecordHeader, at: int, end: int) -> None:
    span = Span(at, min(header.sizeof(), end - at))
    claims = (
        f"claims 0x{header.NameSize:X} bytes of name and 0x{header.DataSize:X} of data, past "
        f"the store's end at 0x{end:X}"
    )
    if header.State in (STATE_ADDED, STATE_IN_TRANSITION):
        note.error(
            "record-overruns",
            f"The record at 0x{at:X} {claims}: firmware reads beyond the store, and either stops "
            "or can set no variable any more.",
            span,
        )
        return
    # ARM firmware of today, which walks dead records as well, takes the store as corrupt.
    note.error(
        "dead-record-overruns",
        f"The deleted record at 0x{at:X} {claims}: the list ends with it, and firmware compacts "
        "the store at its next start.",
        span,
    )


def walk_records(
    data: bytes, start: int, end: int, authenticated: bool, note: FindingCollector
) -> Walked:
    """Walk the list from ``start``; the first header without the start id ends it.

    Args:
        data: the file.
        start: of the first header.
        end: of the store; never past the end of ``data``.
        authenticated: whether headers are AUTHENTICATED_VARIABLE_HEADER.
        note: takes what is wrong with the walk itself; the records' own faults are judged apart.

    """
    gathered = Gathered()
    walk = _List(data, end, record_header(authenticated), gathered.added)
    records = gathered.records
    before = _before.get(authenticated)
    if before is not None and before.end != end:
        before = None
    at = behind = start
    while at + walk.structure.sizeof() <= end and len(records) < MOST_RECORDS:
        if not data.startswith(START_ID_BYTES, at):
            break
        most = MOST_RECORDS - len(records)
        if before is not None and (run := before.run(data, at, gathered.added, most)):
            at = behind = gathered.take(before, run)
            continue
        header = walk.structure.read(data, at)
        if header is None or header.StartId != START_ID:
            break
        record, overruns = _record(walk, at, header)
        key = (record.header[-_GUID_SIZE:], record.name) if record.status is Status.LIVE else None
        gathered.add(record, key, decided=key is not None or record.status not in _RIVALS)
        at = behind = align(record.data_span.end)
        if overruns:
            at, behind = end, align(record.header_span.end)
            _note_overrun(note, header, record.span.start, end)
    at = min(at, end)
    goes_on = at < end and data.startswith(START_ID_BYTES, at)
    if len(records) >= MOST_RECORDS and goes_on:
        note.error("too-many-records", f"More than {MOST_RECORDS} records: reading stopped.")
    elif goes_on:
        note.error(
            "header-cut-off",
            f"A record starts at 0x{at:X}, too near the store's end for its header: ARM firmware "
            "takes the store as corrupt and formats it.",
            Span.between(at, end),
        )
    final = tuple(records)
    if gathered.open:
        final = resolved(final)
    _before[authenticated] = gathered.kept(data, start, end, at, final)
    return Walked(final, at, min(behind, end))


def resolved(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Decide which record of each key is live: the first 0x3F, else the last 0x3E."""
    rivals = {r.name for r in records if r.status in (Status.SHADOWED, Status.TRANSITION)}
    if not rivals:
        return records
    live: dict[tuple[UUID, str], int] = {}
    for index, record in enumerate(records):
        if record.name not in rivals or record.status not in _RIVALS:
            continue
        known = live.get(record.key)
        # A later record takes over from one in transition, never from one that is added.
        if known is None or records[known].status is Status.TRANSITION:
            live[record.key] = index
    chosen = set(live.values())
    return tuple(
        replace(record, status=Status.LIVE)
        if index in chosen and record.status is not Status.LIVE
        else record
        for index, record in enumerate(records)
    )


def note_tail(data: bytes, at: int, end: int, note: FindingCollector) -> None:
    """Note what lies behind the list's end, which firmware takes to be erased."""
    searched = min(end, at + _SEARCHED)
    if fill_of(data, Span.between(at, max(at, searched))) == 0xFF:
        return
    tail = data[at:searched]
    stripped = tail.lstrip(b"\xff")
    if not stripped:
        return
    first = searched - len(stripped)
    last = at + len(tail.rstrip(b"\xff"))
    note.warning(
        "tail-not-erased",
        f"Behind the record list, from 0x{first:X} to 0x{last:X}, flash is not erased: firmware "
        "compacts the store at its next start.",
        Span.between(first, last),
    )
