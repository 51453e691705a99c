"""Firmware volumes: finding them in a run of bytes, and reading one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ovmfgui.fields import Field, fields_of, read_fields
from ovmfgui.finding import Severity
from ovmfgui.flash.files import read_files
from ovmfgui.flash.reading import Reading, branch, leaf
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.structures import (
    FFS2,
    FFS3,
    FV_ERASE_POLARITY,
    FV_SIGNATURE,
    FV_SIGNATURE_OFFSET,
    NV_DATA,
    BlockMapEntry,
    FirmwareVolumeExtHeader,
    FirmwareVolumeHeader,
)
from ovmfgui.guid import guid_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_HEADER_SIZE = FirmwareVolumeHeader.sizeof()
_MAP_ENTRY_SIZE = BlockMapEntry.sizeof()
# HeaderLength is 16 bits wide; no real volume has more than a handful of block map entries.
_MAX_MAP_ENTRIES = 64
_ALIGNMENT = 8
_CHUNK = 1 << 16
_FILLED = (bytes(_CHUNK), b"\xff" * _CHUNK)


@dataclass(frozen=True, slots=True)
class VolumeHeader:
    """An EFI_FIRMWARE_VOLUME_HEADER that is one, with its block map.

    Attributes:
        span: the whole volume, cut at the end of the bytes where FvLength lies.
        header: its fixed part.
        block_map: (NumBlocks, Length) pairs.
        checksum_ok: whether the 16-bit words of the header add up to zero.
        truncated: whether FvLength reaches beyond the bytes.
    """

    span: Span
    header: FirmwareVolumeHeader
    block_map: tuple[tuple[int, int], ...]
    checksum_ok: bool
    truncated: bool

    @property
    def file_system(self) -> UUID:
        """FileSystemGuid: what the volume holds."""
        return self.header.FileSystemGuid

    @property
    def erased(self) -> int:
        """The value of an erased byte."""
        return 0xFF if self.header.Attributes & FV_ERASE_POLARITY else 0x00


def _block_map(data: bytes, start: int, end: int) -> tuple[tuple[int, int], ...] | None:
    """The block map between two offsets; None where it does not end with two zeros."""
    entries: list[tuple[int, int]] = []
    for offset in range(
        start, min(end, start + _MAX_MAP_ENTRIES * _MAP_ENTRY_SIZE), _MAP_ENTRY_SIZE
    ):
        entry = BlockMapEntry.read(data, offset)
        if entry is None:
            return None
        if entry.NumBlocks == 0 and entry.Length == 0:
            return tuple(entries)
        entries.append((entry.NumBlocks, entry.Length))
    return None


def _sum16(data: bytes) -> int:
    return sum(memoryview(data).cast("H")) & 0xFFFF if len(data) % 2 == 0 else -1


def header_at(data: bytes, offset: int, end: int) -> VolumeHeader | None:
    """The volume header at ``offset``, if there is one; the volume ends at ``end`` at the latest.

    A header counts when its checksum holds, or, with a wrong checksum, when its block map adds up
    to FvLength and its file system is a known one: a damaged volume shall still be shown.
    """
    if data[offset + FV_SIGNATURE_OFFSET : offset + FV_SIGNATURE_OFFSET + 4] != FV_SIGNATURE:
        return None
    header = FirmwareVolumeHeader.read(data, offset)
    if header is None:
        return None
    length, header_length = header.FvLength, header.HeaderLength
    header_end = offset + header_length
    if not _HEADER_SIZE <= header_length <= length or header_end > end:
        return None
    block_map = _block_map(data, offset + _HEADER_SIZE, header_end)
    checksum_ok = _sum16(data[offset:header_end]) == 0
    known = header.FileSystemGuid in (FFS2, FFS3, NV_DATA)
    adds_up = block_map is not None and sum(n * size for n, size in block_map) == length
    if not checksum_ok and not (known and adds_up):
        return None
    span = Span.between(offset, min(offset + length, end))
    return VolumeHeader(span, header, block_map or (), checksum_ok, offset + length > end)


def _next_signature(data: bytes, start: int, end: int) -> int:
    """Where the next volume signature stands, -1 where there is none.

    Passes over erased and zero stretches a chunk at a time: a search through the tens of megabytes
    with which ARM's images are filled up takes longer than everything else.
    """
    while start < end:
        if data.startswith(_FILLED, start) and start + _CHUNK <= end:
            start += _CHUNK
            continue
        found = data.find(FV_SIGNATURE, start, min(start + _CHUNK + len(FV_SIGNATURE) - 1, end))
        if found >= 0:
            return found
        start += _CHUNK
    return -1


def find_volumes(data: bytes, span: Span) -> Iterator[VolumeHeader]:
    """The volumes that lie side by side in a span; what is nested inside one is not looked at."""
    position = span.start
    while True:
        signature = _next_signature(data, position + FV_SIGNATURE_OFFSET, span.end)
        if signature < 0:
            return
        offset = signature - FV_SIGNATURE_OFFSET
        header = None
        if (offset - span.start) % _ALIGNMENT == 0:
            header = header_at(data, offset, span.end)
        if header is None:
            position = offset + 1
        else:
            yield header
            position = max(header.span.end, offset + 1)


def read_volumes(reading: Reading, span: Span, space: int, depth: int) -> tuple[Region, ...]:
    """Regions that tile ``span``: its volumes and what lies between them."""
    if not span.size:
        return ()
    if reading.exhausted(depth, space, span):
        return (leaf("unread", Kind.RAW, space, span),)
    regions: list[Region] = []
    position = span.start
    for header in find_volumes(reading.data(space), span):
        if header.span.start > position:
            regions.extend(reading.gap(space, Span.between(position, header.span.start)))
        regions.append(_read_volume(reading, header, space, depth))
        position = header.span.end
    if position < span.end:
        regions.extend(reading.gap(space, Span.between(position, span.end)))
    return tuple(regions)


def _read_volume(reading: Reading, volume: VolumeHeader, space: int, depth: int) -> Region:
    span = volume.span
    _note_damage(reading, volume, space)
    extended = _extended_header(reading.data(space), volume)
    guid, header_end, fields = extended or (
        None,
        span.start + volume.header.HeaderLength,
        (),
    )
    header_region = leaf(
        "volume header",
        Kind.HEADER,
        space,
        Span.between(span.start, min(header_end, span.end)),
        fields=(*header_fields(volume), *fields),
        detail="EFI_FIRMWARE_VOLUME_HEADER and its extended header"
        if extended
        else "EFI_FIRMWARE_VOLUME_HEADER",
    )
    body = Span.between(header_region.span.end, span.end)
    if volume.file_system in (FFS2, FFS3):
        parts = read_files(reading, body, space, volume.erased, depth + 1)
    else:
        parts = (reading.fill(space, body, volume.erased),) if body.size else ()
    non_volatile = volume.file_system == NV_DATA
    name = guid_name(guid) or (str(guid) if guid else "")
    if not name:
        name = "non-volatile storage" if non_volatile else "firmware volume"
    return branch(
        name,
        Kind.NV_VOLUME if non_volatile else Kind.VOLUME,
        space,
        span,
        (header_region, *parts),
        guid=guid or volume.file_system,
        fields=header_region.fields,
        detail=f"firmware volume, {guid_name(volume.file_system) or volume.file_system}",
    )


def _extended_header(
    data: bytes, volume: VolumeHeader
) -> tuple[UUID, int, tuple[Field, ...]] | None:
    """FvName, the offset where files begin behind it, and the fields; None where there is none."""
    distance = volume.header.ExtHeaderOffset
    if distance < volume.header.HeaderLength:
        return None
    offset = volume.span.start + distance
    found = read_fields(FirmwareVolumeExtHeader, data, offset)
    if found is None:
        return None
    values, fields = found
    end = offset + values.ExtHeaderSize
    if values.ExtHeaderSize < FirmwareVolumeExtHeader.sizeof() or end > volume.span.end:
        return None
    # Files are aligned to 8 bytes from the start of the volume (PI 3, section 3.2.3).
    end += (volume.span.start - end) % 8
    return values.FvName, min(end, volume.span.end), fields


def header_fields(volume: VolumeHeader) -> tuple[Field, ...]:
    """The header's fields and its block map's, with their bytes."""
    start = volume.span.start
    fields = fields_of(
        volume.header,
        start,
        FileSystemGuid=guid_name(volume.file_system),
        Checksum="holds" if volume.checksum_ok else "wrong",
        Attributes="an erased bit is 1" if volume.erased else "an erased bit is 0",
    )
    entries = [
        Field(
            f"BlockMap[{index}]",
            Span(start + _HEADER_SIZE + index * _MAP_ENTRY_SIZE, _MAP_ENTRY_SIZE),
            f"{count} × 0x{length:X}",
        )
        for index, (count, length) in enumerate(volume.block_map)
    ]
    return (*fields, *entries)


def _note_damage(reading: Reading, volume: VolumeHeader, space: int) -> None:
    place = Span(volume.span.start, min(volume.header.HeaderLength, volume.span.size))
    if not volume.checksum_ok:
        text = (
            f"The firmware volume at 0x{volume.span.start:X} has a wrong header checksum; "
            "firmware will not accept it as it is"
        )
        reading.note("fv-checksum", Severity.ERROR, text, space, place)
    if volume.truncated:
        text = (
            f"The firmware volume at 0x{volume.span.start:X} says it is "
            f"0x{volume.header.FvLength:X} bytes long, but only 0x{volume.span.size:X} are "
            "there: the file is cut off"
        )
        reading.note("fv-truncated", Severity.ERROR, text, space, place)
