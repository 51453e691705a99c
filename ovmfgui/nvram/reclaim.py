"""Compaction as firmware does it: Reclaim of Variable.c, through a fault tolerant write."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.nvram.edit import FlashWrite
from ovmfgui.nvram.record import Record, Status
from ovmfgui.nvram.structures import (
    FTW_WORKING_HEADER_SIZE,
    FTW_WRITE_HEADER_SIZE,
    FTW_WRITE_RECORD_SIZE,
    START_ID_BYTES,
    STATE_ADDED,
    FtwWriteHeader,
    FtwWriteRecord,
)
from ovmfgui.nvram.walk import align

if TYPE_CHECKING:
    from ovmfgui.nvram.ftw import FtwArea
    from ovmfgui.nvram.store import Store
    from ovmfgui.nvram.volume import Volume
    from ovmfgui.span import Span

# CallerId of the variable driver's writes, as firmware leaves it in the working block.
_CALLER = UUID("fe5cea76-4f72-49e8-986f-2cd899dffe5d")
# First bytes of a write header and a record: bits cleared one after the other.
_HEADER_ALLOCATED, _WRITES_ALLOCATED, _WRITE_COMPLETE = 0xFE, 0xFC, 0xF8
_RECORD_NEW, _SPARE_COMPLETE, _DESTINATION_COMPLETE = 0xFF, 0xFD, 0xF9
_STATE_OFFSET = 2


def surviving(store: Store, without: Record | None = None) -> tuple[Record, ...]:
    """The records that a reclaim keeps, in its order.

    First those that are added, in list order; then those in transition whose variable has no added
    record. ``without`` is the variable that is being written at the same time.
    """
    added = [
        record
        for record in store.records
        if record.state == STATE_ADDED
        and record.status in (Status.LIVE, Status.SHADOWED)
        and (without is None or record.key != without.key)
    ]
    promoted = [
        record
        for record in store.live
        if record.state != STATE_ADDED and (without is None or record.key != without.key)
    ]
    return (*added, *promoted)


def _copied(data: bytes, record: Record) -> bytes:
    """A record with its padding, as added; one that was carved gets its start id back."""
    whole = bytearray(record.span.of(data))
    whole[: len(START_ID_BYTES)] = START_ID_BYTES
    whole[_STATE_OFFSET] = STATE_ADDED
    return bytes(whole)


def compacted_records(
    store: Store, data: bytes, *, without: Record | None = None, added: bytes = b""
) -> bytes:
    """The record list after a reclaim; ``added`` is a new record, its state 0x3F already."""
    records = b"".join(_copied(data, record) for record in surviving(store, without))
    return records + added + b"\xff" * (align(len(added)) - len(added))


def compacted_region(store: Store, region: Span, data: bytes, records: bytes) -> bytes:
    """The variable region that holds ``records`` and nothing else; its headers stay."""
    header = store.header_span
    first = align(region.start if header is None else header.end)
    head = data[region.start : first]
    return (head + records).ljust(region.size, b"\xff")


class _Ftw:
    """Where one FTW write of the variable region puts its parts."""

    def __init__(self, volume: Volume, region: Span, ftw: FtwArea, spare: Span) -> None:
        block = volume.block_size
        # Whole blocks go through the spare area, the volume header with them.
        self.target_start = region.start
        self.target_size = -(-region.size // block) * block
        self.spare = spare
        done = (
            ftw.writes[-1].span.end if ftw.writes else ftw.working.start + FTW_WORKING_HEADER_SIZE
        )
        self.header = done
        self.record = done + FTW_WRITE_HEADER_SIZE
        self.end = self.record + FTW_WRITE_RECORD_SIZE
        self.offset = volume.header_span.size
        self.length = region.size - volume.header_span.size

    @property
    def header_bytes(self) -> bytes:
        return FtwWriteHeader(
            State=_HEADER_ALLOCATED,
            ReservedByte=b"\xff" * 3,
            CallerId=_CALLER,
            Reserved=b"\xff" * 4,
            NumberOfWrites=1,
            PrivateDataSize=0,
        ).to_bytes()

    @property
    def record_bytes(self) -> bytes:
        return FtwWriteRecord(
            State=_RECORD_NEW,
            Reserved=b"\xff" * 7,
            Lba=0,
            Offset=self.offset,
            Length=self.length,
            RelativeOffset=self.target_start - self.spare.start,
        ).to_bytes()


def _ftw_plan(store: Store, data: bytes, volume: Volume, region: Span) -> _Ftw | None:
    """The FTW write of a reclaim; None where the working block or the spare cannot take it."""
    ftw = store.ftw
    if ftw is None or not ftw.header_ok or ftw.spare is None or not volume.block_size:
        return None
    if ftw.pending is not None:
        return None
    plan = _Ftw(volume, region, ftw, ftw.spare)
    if plan.end > ftw.working.end or plan.target_size > ftw.spare.size:
        return None
    # Room for the write has to be erased, and what shares the last block must not be another part.
    free = data[plan.header : plan.end]
    if free.strip(b"\xff") or plan.target_start + plan.target_size > ftw.working.start:
        return None
    return plan


def reclaim_writes(store: Store, data: bytes, records: bytes) -> list[FlashWrite]:
    """The writes that make ``records`` the whole record list.

    As in firmware through the FTW areas, so that the old or the new list can be had back after
    every single write. Where there is no sound working block with room for one more write, the
    variable region is written at once.
    """
    volume, region = store.volume, store.region
    if volume is None or region is None:
        return []
    fresh = compacted_region(store, region, data, records)
    plan = _ftw_plan(store, data, volume, region)
    if plan is None:
        return [FlashWrite(region.start, fresh, "compacted variable region")]
    size, start, spare = plan.target_size, plan.target_start, plan.spare.start
    target = fresh + data[region.end : start + size]
    erased = b"\xff" * size
    kept = data[spare : spare + size]
    return [
        FlashWrite(plan.header, plan.header_bytes, "FTW write header"),
        FlashWrite(plan.header, bytes([_WRITES_ALLOCATED]), "FTW write allocated"),
        FlashWrite(plan.record, plan.record_bytes, "FTW record"),
        FlashWrite(spare, erased, "erase spare area"),
        FlashWrite(spare, target, "compacted variable region to spare area"),
        FlashWrite(plan.record, bytes([_SPARE_COMPLETE]), "FTW record: spare complete"),
        FlashWrite(start, erased, "erase variable region"),
        FlashWrite(start, target, "compacted variable region"),
        FlashWrite(plan.record, bytes([_DESTINATION_COMPLETE]), "FTW record: target complete"),
        FlashWrite(plan.header, bytes([_WRITE_COMPLETE]), "FTW write complete"),
        FlashWrite(spare, erased, "erase spare area"),
        *([] if kept == erased else [FlashWrite(spare, kept, "spare area as it was")]),
    ]
