"""FFS files of a firmware volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.fields import FieldsWhenAsked, fields_of
from ovmfgui.finding import Severity
from ovmfgui.flash.checksum import sum8
from ovmfgui.flash.fill import fill_of
from ovmfgui.flash.reading import Reading, branch, leaf
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.sections import UI_NAME, read_sections
from ovmfgui.flash.structures import (
    FFS_ATTRIB_CHECKSUM,
    FFS_ATTRIB_LARGE_FILE,
    FFS_FIXED_CHECKSUM,
    FILE_PAD,
    FILE_RAW,
    FILE_TYPES,
    FfsFileHeader,
    FfsFileHeader2,
)
from ovmfgui.guid import guid_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from ovmfgui.fields import Field

_HEADER_SIZE = FfsFileHeader.sizeof()
_ALIGNMENT = 8
# EFI_FILE_HEADER_VALID and EFI_FILE_DATA_VALID of the State byte (PI 3, section 3.2.3).
_STATE_HEADER_VALID, _STATE_DATA_VALID = 0x02, 0x04
# What ends a volume that the processor starts from (PI 3, section 3.2.1.1, Volume Top File).
_VOLUME_TOP_FILE = "1ba0062e-c779-4582-8566-336ae8f78f09"


@dataclass(frozen=True, slots=True)
class FileHeader:
    """An EFI_FFS_FILE_HEADER; ``size`` counts the whole file, header included, in bytes."""

    start: int
    header: FfsFileHeader
    header_size: int
    size: int

    @property
    def name(self) -> UUID:
        """The GUID that names the file."""
        return self.header.Name

    @property
    def type(self) -> int:
        """EFI_FV_FILETYPE, one byte (PI specification, volume 3, EFI_FFS_FILE_HEADER)."""
        return self.header.Type

    @property
    def span(self) -> Span:
        """Header and body, in the space that the volume is read in."""
        return Span(self.start, self.size)

    @property
    def body(self) -> Span:
        """What follows the header."""
        return Span(self.start + self.header_size, self.size - self.header_size)


def _file_header(data: bytes, offset: int, end: int) -> FileHeader | None:
    """The file header at ``offset``; None where its size cannot be."""
    header = FfsFileHeader.read(data, offset)
    if header is None:
        return None
    size = int.from_bytes(header.Size, "little")
    if header.Attributes & FFS_ATTRIB_LARGE_FILE:
        header = large = FfsFileHeader2.read(data, offset)
        if large is None or header is None:
            return None
        size = large.ExtendedSize
    if size < header.sizeof() or offset + size > end:
        return None
    return FileHeader(offset, header, header.sizeof(), size)


def _headers(data: bytes, span: Span, erased: int) -> Iterator[FileHeader]:
    """The headers one behind the other, until erased bytes, an impossible header or the end."""
    blank = bytes([erased]) * _HEADER_SIZE
    offset = span.start
    while offset + _HEADER_SIZE <= span.end:
        if data[offset : offset + _HEADER_SIZE] == blank:
            return
        header = _file_header(data, offset, span.end)
        if header is None:
            return
        yield header
        offset = header.span.end + (span.start - header.span.end) % _ALIGNMENT


def read_files(
    reading: Reading, span: Span, space: int, erased: int, depth: int
) -> tuple[Region, ...]:
    """Regions that tile the body of a volume: its files, the gaps between them, the free space.

    Args:
        reading: gathers findings and unpacked bodies.
        span: the body, from the first file on (aligned to 8 bytes).
        space: the space it lies in.
        erased: the value of an erased byte.
        depth: nesting so far.
    """
    data = reading.data(space)
    regions: list[Region] = []
    position = span.start
    for header in _headers(data, span, erased):
        if reading.exhausted(depth, space, header.span):
            break
        if header.start > position:
            regions.append(reading.fill(space, Span.between(position, header.start), erased))
        regions.append(_read_file(reading, header, space, erased, depth))
        position = header.span.end
    rest = Span.between(position, span.end)
    if rest.size:
        regions.append(_rest(reading, rest, space, erased))
    return tuple(regions)


def _rest(reading: Reading, rest: Span, space: int, erased: int) -> Region:
    region = reading.fill(space, rest, erased)
    if region.kind is Kind.RAW:
        text = (
            f"Behind the last file at 0x{rest.start:X} the volume holds {rest.size:,} bytes "
            "that are neither a file nor free space"
        )
        reading.note("volume-tail", Severity.WARNING, text, space, rest)
    return region


def _read_file(reading: Reading, header: FileHeader, space: int, erased: int, depth: int) -> Region:
    data = reading.data(space)
    damage = _damage(data, header, erased)
    for text in damage:
        reading.note("file-checksum", Severity.WARNING, text, space, header.span)
    header_region = leaf(
        "file header",
        Kind.HEADER,
        space,
        Span(header.start, header.header_size),
        fields=FieldsWhenAsked(
            _fields, data[header.start : header.start + header.header_size], header.start
        ),
        detail="EFI_FFS_FILE_HEADER",
    )
    if header.type == FILE_PAD:
        return _pad_file(reading, header, header_region, space, erased)
    if header.type == FILE_RAW:
        top = str(header.name) == _VOLUME_TOP_FILE
        kind = Kind.RESET_VECTOR if top else Kind.RAW
        parts: tuple[Region, ...] = (
            leaf("reset vector code" if top else "raw body", kind, space, header.body),
        )
    else:
        parts = read_sections(reading, header.body, space, depth + 1)
    return branch(
        _file_name(header, parts),
        Kind.FILE,
        space,
        header.span,
        (header_region, *parts),
        guid=header.name,
        fields=header_region.fields,
        detail=FILE_TYPES.get(header.type, f"file of type 0x{header.type:02X}"),
    )


def _file_name(header: FileHeader, parts: tuple[Region, ...]) -> str:
    """The UI name that the file carries, else the name of its GUID, else the GUID."""
    return _ui_name(parts) or guid_name(header.name) or str(header.name)


def _ui_name(parts: tuple[Region, ...]) -> str:
    """What a user interface section says, also one inside an encoded section.

    Volumes are not looked into: the names in there are those of their own files.
    """
    for part in parts:
        if part.kind is Kind.SECTION and part.name.startswith(UI_NAME):
            return part.name.removeprefix(UI_NAME)
        if part.kind in (Kind.SECTION, Kind.BODY, Kind.DECOMPRESSED):
            inner = _ui_name(part.children)
            if inner:
                return inner
    return ""


def _pad_file(
    reading: Reading, header: FileHeader, header_region: Region, space: int, erased: int
) -> Region:
    value = fill_of(reading.data(space), header.body)
    blank = value == erased or not header.body.size
    if not blank:
        text = (
            f"The pad file at 0x{header.start:X} is not empty: {header.body.size:,} bytes of data"
        )
        reading.note("pad-file-data", Severity.INFO, text, space, header.body)
    body = reading.fill(space, header.body, erased) if header.body.size else None
    return branch(
        "pad file",
        Kind.PAD_FILE,
        space,
        header.span,
        (header_region, body) if body else (header_region,),
        guid=header.name,
        fields=header_region.fields,
        detail="keeps the next file aligned" if blank else "holds data",
    )


def _damage(data: bytes, header: FileHeader, erased: int) -> list[str]:
    """What is wrong with a file's checksums and state, in words (PI 3, section 3.2.3)."""
    where = f"The file {header.name} at 0x{header.start:X}"
    found: list[str] = []
    raw = data[header.start : header.start + header.header_size]
    # State and the file's own checksum count as zero.
    if (sum8(raw) - header.header.State - header.header.FileChecksum) & 0xFF:
        found.append(f"{where} has a wrong header checksum")
    if header.header.Attributes & FFS_ATTRIB_CHECKSUM:
        if (sum8(header.body.of(data)) + header.header.FileChecksum) & 0xFF:
            found.append(f"{where} has a wrong checksum over its data")
    elif header.header.FileChecksum != FFS_FIXED_CHECKSUM:
        found.append(f"{where} has 0x{header.header.FileChecksum:02X} where 0xAA is due")
    state = header.header.State ^ erased
    if not state & _STATE_DATA_VALID or not state & _STATE_HEADER_VALID:
        found.append(f"{where} is marked as not completely written")
    return found


def _fields(raw: bytes, start: int) -> tuple[Field, ...]:
    """A file header's fields, of its bytes."""
    header = _file_header(raw, 0, 1 << 64)
    assert header is not None
    notes = {
        "Name": guid_name(header.name),
        "Type": FILE_TYPES.get(header.type, ""),
        "Size": f"0x{header.size:X} bytes",
    }
    return fields_of(header.header, start, **notes)
