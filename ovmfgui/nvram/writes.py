"""The flash writes of SetVariable, step by step (MdeModulePkg Variable.c, UpdateVariable)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ovmfgui.nvram.edit import FlashWrite
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Record, Status, encode_name
from ovmfgui.nvram.structures import (
    MASK_DELETED,
    MASK_IN_TRANSITION,
    START_ID,
    STATE_ADDED,
    STATE_ERASED,
    STATE_HEADER_VALID,
    STATE_IN_TRANSITION,
    AuthenticatedVariableHeader,
    RecordHeader,
    VariableHeader,
)
from ovmfgui.nvram.walk import align
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

# State and Attributes of VARIABLE_HEADER, TimeStamp of AUTHENTICATED_VARIABLE_HEADER.
_STATE_OFFSET, _ATTRIBUTES_OFFSET, _TIMESTAMP_OFFSET = 0x02, 0x04, 0x10


class Generation(Enum):
    """How firmware appends a record.

    ``NEW``, edk2-stable202402 and later: header, name and data in one write, then the state.
    ``OLD``: the header, its state 0x7F, name and data, the state.
    """

    NEW = "new"
    OLD = "old"


def record_bytes(
    name: str,
    guid: UUID,
    data: bytes,
    attributes: int,
    timestamp: bytes | None,
    *,
    state: int = STATE_ERASED,
) -> bytes:
    """A record without padding; ``timestamp`` is None in a store without authentication."""
    raw_name = encode_name(name)
    header: RecordHeader
    if timestamp is None:
        header = VariableHeader(
            StartId=START_ID,
            State=state,
            Reserved=0,
            Attributes=attributes,
            NameSize=len(raw_name),
            DataSize=len(data),
            VendorGuid=guid,
        )
    else:
        header = AuthenticatedVariableHeader(
            StartId=START_ID,
            State=state,
            Reserved=0,
            Attributes=attributes,
            MonotonicCount=0,
            TimeStamp=timestamp,
            PubKeyIndex=0,
            NameSize=len(raw_name),
            DataSize=len(data),
            VendorGuid=guid,
        )
    return header.to_bytes() + raw_name + data


def added_record(raw: bytes, header: int, at: int, end: int, key: tuple[UUID, str]) -> Record:
    """The record that ``raw`` is once it has been appended and marked as added.

    Args:
        raw: as ``record_bytes`` gives it.
        header: bytes of its header.
        at: offset that it is appended at.
        end: of the store.
        key: GUID and name in it.
    """
    authenticated = header == AuthenticatedVariableHeader.sizeof()
    guid, name = key
    name_size = len(encode_name(name))
    data_start = at + header + name_size
    return Record(
        span=Span.between(at, min(align(at + len(raw)), end)),
        header_span=Span(at, header),
        name_span=Span(at + header, name_size),
        data_span=Span.between(data_start, at + len(raw)),
        state=STATE_ADDED,
        status=Status.LIVE,
        attributes=int.from_bytes(raw[_ATTRIBUTES_OFFSET : _ATTRIBUTES_OFFSET + 4], "little"),
        guid=guid,
        name=name,
        data=raw[header + name_size :],
        timestamp=raw[_TIMESTAMP_OFFSET : _TIMESTAMP_OFFSET + 16] if authenticated else None,
        monotonic_count=0 if authenticated else None,
        header=raw[:_STATE_OFFSET] + bytes([STATE_ADDED]) + raw[_STATE_OFFSET + 1 : header],
    )


def _by_block(offset: int, data: bytes, block_size: int, what: str) -> list[FlashWrite]:
    """A write that crosses a block's end becomes one write a block."""
    writes: list[FlashWrite] = []
    while data:
        room = block_size - offset % block_size if block_size else len(data)
        writes.append(FlashWrite(offset, data[:room], what))
        offset, data = offset + room, data[room:]
    return writes


def append_writes(
    offset: int, record: bytes, header: int, block_size: int, generation: Generation, name: str
) -> list[FlashWrite]:
    """The writes that append ``record``, whose header has ``header`` bytes, at ``offset``."""
    shown = visible_name(name)
    added = FlashWrite(offset + _STATE_OFFSET, bytes([STATE_ADDED]), f"{shown}: added")
    if generation is Generation.NEW:
        whole = _by_block(offset, record, block_size, f"{shown}: header, name and data")
        return [*whole, added]
    valid = FlashWrite(
        offset + _STATE_OFFSET, bytes([STATE_HEADER_VALID]), f"{shown}: header valid"
    )
    return [
        *_by_block(offset, record[:header], block_size, f"{shown}: header"),
        valid,
        *_by_block(offset + header, record[header:], block_size, f"{shown}: name and data"),
        added,
    ]


def state_write(record: Record, state: int, what: str) -> FlashWrite:
    """The write of a record's state byte."""
    offset = record.header_span.start + _STATE_OFFSET
    return FlashWrite(offset, bytes([state]), f"{visible_name(record.name)}: {what}")


def twin_of(transitions: Iterable[Record], current: Record) -> Record | None:
    """The record in transition that firmware retires along with ``current``, None without one.

    FindVariableEx remembers the last one in state 0x3E before the first in state 0x3F.

    Args:
        transitions: the records in state 0x3E that are not live, in list order.
        current: the live record.
    """
    if current.state != STATE_ADDED:
        return None
    twins = [
        record
        for record in transitions
        if record.key == current.key and record.span.start < current.span.start
    ]
    return twins[-1] if twins else None


def retire_writes(twin: Record | None, current: Record, state: int) -> list[FlashWrite]:
    """The writes that delete ``current``, whose state byte is ``state`` by now, its twin first."""
    writes = [] if twin is None else [state_write(twin, twin.state & MASK_DELETED, "old value out")]
    what = "deleted" if state == STATE_ADDED else "old value out"
    return [*writes, state_write(current, state & MASK_DELETED, what)]


def delete_writes(twin: Record | None, current: Record) -> list[FlashWrite]:
    """The writes of a deletion."""
    return retire_writes(twin, current, current.state)


def update_writes(
    twin: Record | None, current: Record, appended: list[FlashWrite]
) -> list[FlashWrite]:
    """The writes of an update: the old value in transition, the new one, the old value out."""
    marked = state_write(current, current.state & MASK_IN_TRANSITION, "old value in transition")
    return [marked, *appended, *retire_writes(twin, current, STATE_IN_TRANSITION)]
