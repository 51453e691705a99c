"""The firmware volume that holds the variable store: EFI_FIRMWARE_VOLUME_HEADER."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.structures import FV_ERASE_POLARITY, FV_WRITE_STATUS, NV_DATA
from ovmfgui.flash.volume_header import FIXED_SIZE, VolumeHeader, read_volume_header
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.fields import Field
    from ovmfgui.finding import Finding

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
    checksum_ok: bool
    revision: int
    block_map: tuple[tuple[int, int], ...]
    block_size: int
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]


def _length_problem(length: int, available: int) -> str | None:
    if length < _SMALLEST_VOLUME:
        return f"FvLength is 0x{length:X}, too small for a volume."
    if length > available:
        return (
            f"FvLength is 0x{length:X}, but the file holds 0x{available:X} bytes: it is cut off, "
            "and firmware will not find its FTW areas."
        )
    return None


def _header_problem(header: VolumeHeader) -> str | None:
    length, map_size = header.fixed.HeaderLength, header.map_end - header.start
    if length % 2:
        return f"HeaderLength is 0x{length:X}, which is odd: flash drivers reject the volume."
    if length == map_size or header.checksum_ok:
        return None
    return (
        f"HeaderLength is 0x{length:X}, while the header and its block map end at 0x{map_size:X}, "
        "and the checksum is wrong for it."
    )


def _end_problem(header: VolumeHeader) -> str | None:
    length, map_size = header.fixed.HeaderLength, header.map_end - header.start
    if length == map_size or not header.checksum_ok:
        return None
    return (
        f"HeaderLength is 0x{length:X}, while the header and its block map end at 0x{map_size:X}; "
        f"the checksum is right for it: firmware looks for the store at 0x{length:X}."
    )


def _map_problem(header: VolumeHeader) -> str | None:
    if not header.map_ended:
        return "The block map has no terminator."
    if not header.block_map:
        return "The block map is empty: firmware cannot tell the size of a flash block."
    if any(not entry.NumBlocks or not entry.Length for entry in header.block_map):
        return "The block map has an entry of zero blocks or of zero length."
    return None


def _cover_problem(header: VolumeHeader) -> str | None:
    entries, length, covered = len(header.block_map), header.fixed.FvLength, header.covered
    if entries > 1:
        return f"The block map has {entries} entries; the drivers of x86 firmware take one."
    if 0 < covered < length:
        return (
            f"The block map covers 0x{covered:X} bytes of the volume's 0x{length:X}: x86 firmware "
            "does not find the blocks behind them."
        )
    return None


def _judge(note: FindingCollector, header: VolumeHeader, available: int) -> None:
    fixed, start = header.fixed, header.start

    def span(offset: int, size: int) -> Span:
        return Span(start + offset, size)

    the_map = Span.between(start + FIXED_SIZE, header.map_end)
    checks: tuple[tuple[str, Callable[[], str | None], Span], ...] = (
        ("fv-length", lambda: _length_problem(fixed.FvLength, available), span(0x20, 8)),
        ("fv-header-length", lambda: _header_problem(header), span(0x30, 2)),
        ("fv-header-end", lambda: _end_problem(header), span(0x30, 2)),
        ("fv-block-map", lambda: _map_problem(header), the_map),
        ("fv-block-map-cover", lambda: _cover_problem(header), the_map),
    )
    for ident, check, where in checks:
        if (problem := check()) is not None:
            note.error(ident, problem, where)
    if not header.checksum_ok:
        note.error(
            "fv-checksum",
            "The volume header's checksum is wrong: x86 firmware erases the whole store at the "
            "next start, ARM firmware formats it anew. Repair it before starting the machine.",
            span(0x32, 2),
        )
    if fixed.Revision != REVISION:
        note.error(
            "fv-revision",
            f"The volume header's Revision is {fixed.Revision}; flash drivers accept 2 only.",
            span(0x37, 1),
        )
    if not fixed.Attributes & FV_WRITE_STATUS:
        note.error(
            "fv-write-status",
            "The volume's attributes lack EFI_FVB2_WRITE_STATUS: the variable and FTW drivers of "
            "x86 firmware pass the volume over. ARM firmware does not mind.",
            span(0x2C, 4),
        )
    if not fixed.Attributes & FV_ERASE_POLARITY:
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
    header = read_volume_header(data, start, len(data))
    if header is None or header.fixed.FileSystemGuid != NV_DATA:
        return None
    available, fixed = len(data) - start, header.fixed
    length = fixed.FvLength
    note = FindingCollector(space)
    _judge(note, header, available)
    return Volume(
        # A length that makes no sense must not hide what is there.
        span=Span(start, length if _SMALLEST_VOLUME <= length <= available else available),
        # Firmware goes on behind HeaderLength bytes, wherever the block map ends.
        header_span=Span.between(start, header.end if header.checksum_ok else header.map_end),
        fv_length=length,
        attributes=fixed.Attributes,
        checksum_ok=header.checksum_ok,
        revision=fixed.Revision,
        block_map=tuple((entry.NumBlocks, entry.Length) for entry in header.block_map),
        block_size=header.block_map[0].Length if header.block_map else 0,
        fields=header.fields(),
        findings=note.findings,
    )
