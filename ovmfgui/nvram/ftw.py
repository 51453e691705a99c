"""Fault tolerant write (FTW): the working block's queue of writes and the spare area.

Firmware compacts a full variable region through these (MdeModulePkg/Universal/
FaultTolerantWriteDxe): the new contents go to the spare area, then to the target, and the queue
tells after a power cut how far it got.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Literal

from ovmfgui.budgets import MOST_WRITES
from ovmfgui.fields import read_fields
from ovmfgui.flash.structures import FTW_WORKING_SIGNATURE
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.nvram.structures import (
    FTW_COMPLETE,
    FTW_DESTINATION_COMPLETE,
    FTW_HEADER_ALLOCATED,
    FTW_SPARE_COMPLETE,
    FTW_WORKING_HEADER_SIZE,
    FTW_WORKING_VALID,
    FTW_WRITE_HEADER_SIZE,
    FTW_WRITE_RECORD_SIZE,
    FtwWorkingHeader,
    FtwWriteHeader,
    FtwWriteRecord,
)
from ovmfgui.span import Span

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.fields import Field
    from ovmfgui.finding import Finding

Pending = Literal["record-only", "spare-complete"]

# The working block starts on a block boundary; no real block is smaller.
_STEP = 0x1000
# Where no volume header says how far to look: every known layout ends within 1 MiB.
SEARCH_LIMIT = 0x100000


class FtwRecord(NamedTuple):
    """EFI_FAULT_TOLERANT_WRITE_RECORD: one target of a write.

    Attributes:
        span: its 40 bytes.
        spare_complete: the new contents lie complete in the spare area.
        destination_complete: they have reached the target.
        lba: the target's first block, counted from the volume's start.
        offset: of the changed bytes within that block.
        length: of the changed bytes.
        relative_offset: of the target from the spare area, in bytes.
    """

    span: Span
    spare_complete: bool
    destination_complete: bool
    lba: int
    offset: int
    length: int
    relative_offset: int
    fields: tuple[Field, ...]


class FtwWrite(NamedTuple):
    """EFI_FAULT_TOLERANT_WRITE_HEADER: one write and its records."""

    span: Span
    complete: bool
    caller: UUID
    number_of_writes: int
    records: tuple[FtwRecord, ...]
    fields: tuple[Field, ...]


class FtwArea(NamedTuple):
    """The FTW working block and the spare area behind it.

    Attributes:
        working: from the signature: 32 bytes of header and WriteQueueSize; one flash block where
            that size makes no sense.
        spare: from the working block's end to the volume's end; None where nothing is left.
        header_ok: signature, checksum, state and size are as firmware demands.
        write_queue_size: as stored, in bytes.
        writes: the queue, oldest first.
        pending: how far an unfinished write got; None where all are finished.
        fields: of the working block's header.
        findings: what is wrong or unfinished.
    """

    working: Span
    spare: Span | None
    header_ok: bool
    write_queue_size: int
    writes: tuple[FtwWrite, ...]
    pending: Pending | None
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]


def working_header_crc(header: bytes) -> int:
    """CRC-32 of the 32 header bytes with Crc and the state byte as erased."""
    return zlib.crc32(header[:16] + b"\xff" * 8 + header[24:FTW_WORKING_HEADER_SIZE])


def working_block_header(size: int) -> bytes:
    """The header of a fresh working block of ``size`` bytes."""
    blank = FtwWorkingHeader(
        Signature=FTW_WORKING_SIGNATURE,
        Crc=0xFFFFFFFF,
        WorkingBlockState=0xFF,
        Reserved=b"\xff" * 3,
        WriteQueueSize=size - FTW_WORKING_HEADER_SIZE,
    ).to_bytes()
    crc = working_header_crc(blank).to_bytes(4, "little")
    return blank[:16] + crc + bytes([FTW_WORKING_VALID]) + blank[21:]


def find_working_block(data: bytes, start: int, end: int, least_spare: int) -> int | None:
    """Offset of the working block's signature on a 4 KiB boundary, None where there is none.

    While firmware renews the working block a copy of it lies in the spare area; a block with
    less than ``least_spare`` bytes behind it is such a copy and does not count.
    """
    signature = FTW_WORKING_SIGNATURE.bytes_le
    first = -(-start // _STEP) * _STEP
    boundaries = range(
        first, min(end - least_spare, len(data) - FTW_WORKING_HEADER_SIZE + 1), _STEP
    )
    return next((at for at in boundaries if data.startswith(signature, at)), None)


def _records(data: bytes, offset: int, end: int, count: int, private: int) -> tuple[FtwRecord, ...]:
    records: list[FtwRecord] = []
    for _ in range(min(count, MOST_WRITES)):
        if offset + FTW_WRITE_RECORD_SIZE + private > end:
            break
        read = read_fields(FtwWriteRecord, data, offset)
        if read is None:
            break
        values, fields = read
        state = values.State
        records.append(
            FtwRecord(
                span=Span(offset, FTW_WRITE_RECORD_SIZE),
                spare_complete=not state & FTW_SPARE_COMPLETE,
                destination_complete=not state & FTW_DESTINATION_COMPLETE,
                lba=values.Lba,
                offset=values.Offset,
                length=values.Length,
                relative_offset=values.RelativeOffset,
                fields=fields,
            )
        )
        offset += FTW_WRITE_RECORD_SIZE + private
    return tuple(records)


def _queue(data: bytes, start: int, end: int, note: FindingCollector) -> tuple[FtwWrite, ...]:
    """The writes of the queue; firmware steps over complete ones and stops at the first other."""
    writes: list[FtwWrite] = []
    cut = False
    while start + FTW_WRITE_HEADER_SIZE <= end and len(writes) < MOST_WRITES:
        read = read_fields(FtwWriteHeader, data, start)
        if read is None:
            break
        values, fields = read
        state = values.State
        if state & FTW_HEADER_ALLOCATED:
            break
        count, private = values.NumberOfWrites, values.PrivateDataSize
        total = FTW_WRITE_HEADER_SIZE + count * (FTW_WRITE_RECORD_SIZE + private)
        if start + total > end:
            note.warning(
                "ftw-write-overruns",
                f"The FTW write at 0x{start:X} claims {count} records of {private} private bytes, "
                "more than its working block holds; firmware starts a new working block.",
                Span(start, FTW_WRITE_HEADER_SIZE),
            )
        records = _records(data, start + FTW_WRITE_HEADER_SIZE, end, count, private)
        # One that overruns is of no account to firmware, however many records it claims.
        cut |= count > MOST_WRITES and start + total <= end
        complete = not state & FTW_COMPLETE
        size = min(total, end - start)
        writes.append(
            FtwWrite(Span(start, size), complete, values.CallerId, count, records, fields)
        )
        if not complete or start + total > end:
            break
        start += total
    if len(writes) >= MOST_WRITES or cut:
        note.error(
            "ftw-too-many",
            f"The FTW working block has more than the {MOST_WRITES:,} writes and records that are "
            "looked at: whether one is half done is not known.",
            writes[-1].span,
        )
    return tuple(writes)


def _pending(writes: tuple[FtwWrite, ...]) -> Pending | None:
    if not writes or writes[-1].complete:
        return None
    unfinished = [r for r in writes[-1].records if not r.destination_complete]
    if unfinished:
        return "spare-complete" if unfinished[0].spare_complete else "record-only"
    return None if writes[-1].records else "record-only"


def _note_pending(
    note: FindingCollector, pending: Pending | None, writes: tuple[FtwWrite, ...]
) -> None:
    if pending == "record-only":
        note.warning(
            "ftw-record-only",
            "An FTW write was recorded and its spare copy never finished; firmware drops it at the "
            "next start and keeps every variable as it stands here.",
            writes[-1].span,
        )
    elif pending == "spare-complete":
        note.error(
            "ftw-spare-complete",
            "An FTW write is half done: its new contents are complete in the spare area and will "
            "overwrite the variable region at the next start. Recover before anything else.",
            writes[-1].span,
        )


def read_ftw(
    data: bytes, start: int, end: int, *, block_size: int, least_spare: int, space: int = 0
) -> FtwArea | None:
    """Find and read the FTW areas of a volume.

    Args:
        data: the file.
        start: where to search from: the end of the variable region.
        end: of the volume, or as far as to search.
        block_size: of the flash, for a working block whose own size makes no sense.
        least_spare: bytes that a spare area has at least, that of the variable region.
        space: that findings are placed in.
    """
    at = find_working_block(data, start, end, least_spare)
    read = None if at is None else read_fields(FtwWorkingHeader, data, at)
    if at is None or read is None:
        return None
    values, fields = read
    size = FTW_WORKING_HEADER_SIZE + values.WriteQueueSize
    plausible = size <= end - at and size % _STEP == 0
    crc_ok = working_header_crc(data[at : at + FTW_WORKING_HEADER_SIZE]) == values.Crc
    state_ok = values.WorkingBlockState == FTW_WORKING_VALID
    note = FindingCollector(space)
    header_ok = plausible and crc_ok and state_ok
    if not header_ok:
        wrong = [
            what
            for what, good in (("size", plausible), ("checksum", crc_ok), ("state", state_ok))
            if not good
        ]
        note.warning(
            "ftw-header",
            f"The FTW working block's header has a wrong {' and '.join(wrong)}; firmware looks for "
            "a copy in the spare area, else starts a new working block.",
            Span(at, FTW_WORKING_HEADER_SIZE),
        )
    if not plausible:
        size = min(max(block_size, _STEP), end - at)
    writes = _queue(data, at + FTW_WORKING_HEADER_SIZE, at + size, note) if header_ok else ()
    pending = _pending(writes)
    _note_pending(note, pending, writes)
    return FtwArea(
        working=Span(at, size),
        spare=Span.between(at + size, end) if at + size < end else None,
        header_ok=header_ok,
        write_queue_size=values.WriteQueueSize,
        writes=writes,
        pending=pending,
        fields=fields,
        findings=note.findings,
    )
