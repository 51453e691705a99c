"""The firmware volume that holds the variable store: EFI_FIRMWARE_VOLUME_HEADER."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ovmfgui.fields import fields_of, read_fields
from ovmfgui.flash.structures import (
    FV_ERASE_POLARITY,
    FV_SIGNATURE,
    FV_WRITE_STATUS,
    NV_DATA,
    BlockMapEntry,
    FirmwareVolumeHeader,
)
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.fields import Field
    from ovmfgui.finding import Finding

_FIXED = FirmwareVolumeHeader.sizeof()
_ENTRY = BlockMapEntry.sizeof()
# Real maps have one entry and the terminator.
_MAX_ENTRIES = 64
# A volume header, one map entry, the terminator.
SMALLEST_HEADER = _FIXED + 2 * _ENTRY
# One block of the smallest kind.
_SMALLEST_VOLUME = 0x1000
# PI specification volume 3: EFI_FVH_REVISION; flash drivers accept no other.
REVISION = 2


@dataclass(frozen=True, slots=True)
class Volume:
    """EFI_FIRMWARE_VOLUME_HEADER of the NvData volume, and where the volume lies.

    Attributes:
        span: the whole volume, as far as the file has it.
        header_span: HeaderLength bytes, the store follows; to the block map's end where that length
            makes no sense.
        fv_length: FvLength as stored, in bytes.
        attributes: as stored.
        header_length: HeaderLength as stored.
        checksum_ok: whether the header's 16-bit words sum to zero.
        revision: as stored; 2 in every real volume.
        block_map: pairs of NumBlocks and Length, without the terminator.
        block_size: Length of the first entry; 0 where there is none.
        fields: of the header and its map.
        findings: what a flash driver would object to.
    """

    span: Span
    header_span: Span
    fv_length: int
    attributes: int
    header_length: int
    checksum_ok: bool
    revision: int
    block_map: tuple[tuple[int, int], ...]
    block_size: int
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]


def checksum16(data: bytes) -> int:
    """The sum of all 16-bit little-endian words modulo 0x10000; an odd last byte is left out."""
    words: tuple[int, ...] = struct.unpack_from(f"<{len(data) // 2}H", data)
    return sum(words) & 0xFFFF


def _block_map(data: bytes, offset: int, end: int) -> tuple[tuple[tuple[int, int], ...], int, bool]:
    """The entries, the offset behind the map, and whether the terminator was there."""
    entries: list[tuple[int, int]] = []
    while offset + _ENTRY <= end and len(entries) < _MAX_ENTRIES:
        blocks, length = struct.unpack_from("<II", data, offset)
        offset += _ENTRY
        if not blocks and not length:
            return tuple(entries), offset, True
        entries.append((blocks, length))
    return tuple(entries), offset, False


def _map_fields(data: bytes, offset: int, entries: int) -> tuple[Field, ...]:
    fields: list[Field] = []
    for index in range(entries):
        at = offset + index * _ENTRY
        if (entry := BlockMapEntry.read(data, at)) is not None:
            fields.extend(fields_of(entry, at))
    return tuple(fields)


def _length_problem(header: FirmwareVolumeHeader, available: int) -> str | None:
    length = header.FvLength
    if length < _SMALLEST_VOLUME:
        return f"FvLength is 0x{length:X}, too small for a volume."
    if length > available:
        return (
            f"FvLength is 0x{length:X}, but the file holds 0x{available:X} bytes: it is cut off, "
            "and firmware will not find its FTW areas."
        )
    return None


def _header_problem(header: FirmwareVolumeHeader, map_size: int, checksum_ok: bool) -> str | None:
    length = header.HeaderLength
    if length % 2:
        return f"HeaderLength is 0x{length:X}, which is odd: flash drivers reject the volume."
    if length == map_size or checksum_ok:
        return None
    return (
        f"HeaderLength is 0x{length:X}, while the header and its block map end at 0x{map_size:X}, "
        "and the checksum is wrong for it."
    )


def _end_problem(header: FirmwareVolumeHeader, map_size: int, checksum_ok: bool) -> str | None:
    length = header.HeaderLength
    if length == map_size or not checksum_ok:
        return None
    return (
        f"HeaderLength is 0x{length:X}, while the header and its block map end at 0x{map_size:X}; "
        f"the checksum is right for it: firmware looks for the store at 0x{length:X}."
    )


def _map_problem(entries: tuple[tuple[int, int], ...], ended: bool) -> str | None:
    if not ended:
        return "The block map has no terminator."
    if not entries:
        return "The block map is empty: firmware cannot tell the size of a flash block."
    if any(not blocks or not length for blocks, length in entries):
        return "The block map has an entry of zero blocks or of zero length."
    return None


def _cover_problem(entries: tuple[tuple[int, int], ...], length: int) -> str | None:
    if len(entries) > 1:
        return f"The block map has {len(entries)} entries; the drivers of x86 firmware take one."
    covered = sum(blocks * size for blocks, size in entries)
    if 0 < covered < length:
        return (
            f"The block map covers 0x{covered:X} bytes of the volume's 0x{length:X}: x86 firmware "
            "does not find the blocks behind them."
        )
    return None


def _judge(
    note: FindingCollector,
    header: FirmwareVolumeHeader,
    start: int,
    available: int,
    block_map: tuple[tuple[tuple[int, int], ...], int, bool],
    checksum_ok: bool,
) -> None:
    entries, map_end, ended = block_map

    def span(offset: int, size: int) -> Span:
        return Span(start + offset, size)

    the_map, map_size = Span.between(start + _FIXED, map_end), map_end - start
    checks: tuple[tuple[str, Callable[[], str | None], Span], ...] = (
        ("fv-length", lambda: _length_problem(header, available), span(0x20, 8)),
        ("fv-header-length", lambda: _header_problem(header, map_size, checksum_ok), span(0x30, 2)),
        ("fv-header-end", lambda: _end_problem(header, map_size, checksum_ok), span(0x30, 2)),
        ("fv-block-map", lambda: _map_problem(entries, ended), the_map),
        ("fv-block-map-cover", lambda: _cover_problem(entries, header.FvLength), the_map),
    )
    for ident, check, where in checks:
        if (problem := check()) is not None:
            note.error(ident, problem, where)
    if not checksum_ok:
        note.error(
            "fv-checksum",
            "The volume header's checksum is wrong: x86 firmware erases the whole store at the "
            "next start, ARM firmware formats it anew. Repair it before starting the machine.",
            span(0x32, 2),
        )
    if header.Revision != REVISION:
        note.error(
            "fv-revision",
            f"The volume header's Revision is {header.Revision}; flash drivers accept 2 only.",
            span(0x37, 1),
        )
    if not header.Attributes & FV_WRITE_STATUS:
        note.error(
            "fv-write-status",
            "The volume's attributes lack EFI_FVB2_WRITE_STATUS: the variable and FTW drivers of "
            "x86 firmware pass the volume over. ARM firmware does not mind.",
            span(0x2C, 4),
        )
    if not header.Attributes & FV_ERASE_POLARITY:
        note.warning(
            "fv-erase-polarity",
            "The volume's attributes say that erased flash reads 0; QEMU's flash reads 0xFF.",
            span(0x2C, 4),
        )


def read_volume(data: bytes, start: int = 0, *, space: int = 0) -> Volume | None:
    """Read the NvData volume at ``start`` of ``data``.

    Returns:
        The volume, whatever is wrong with it; None where there is no volume header or where it is
        that of another file system.
    """
    read = read_fields(FirmwareVolumeHeader, data, start)
    if read is None:
        return None
    header, fields = read
    if header.Signature != FV_SIGNATURE or header.FileSystemGuid != NV_DATA:
        return None
    available = len(data) - start
    header_length, fv_length = header.HeaderLength, header.FvLength
    plausible = _FIXED <= header_length <= min(fv_length, available)
    map_limit = start + max(header_length if plausible else 0, SMALLEST_HEADER)
    block_map = _block_map(data, start + _FIXED, min(len(data), map_limit))
    entries, map_end, _ended = block_map
    # Firmware sums up HeaderLength bytes and goes on behind them, wherever the block map ends.
    usable = plausible and header_length % 2 == 0
    checksum_ok = usable and not checksum16(data[start : start + header_length])
    header_end = start + header_length if checksum_ok else map_end
    note = FindingCollector(space)
    _judge(note, header, start, available, block_map, checksum_ok)
    return Volume(
        # A length that makes no sense must not hide what is there.
        span=Span(start, fv_length if _SMALLEST_VOLUME <= fv_length <= available else available),
        header_span=Span.between(start, header_end),
        fv_length=fv_length,
        attributes=header.Attributes,
        header_length=header_length,
        checksum_ok=checksum_ok,
        revision=header.Revision,
        block_map=entries,
        block_size=entries[0][1] if entries else 0,
        fields=fields + _map_fields(data, start + _FIXED, (map_end - start - _FIXED) // _ENTRY),
        findings=note.findings,
    )
