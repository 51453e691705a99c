"""Sections of an FFS file, encoded ones unpacked into spaces of their own."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_LABEL, MOST_SYMBOLS, MOST_UNPACKED
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.fields import Field, FieldsWhenAsked, fields_of
from ovmfgui.finding import Severity
from ovmfgui.flash.decompress import Unpacked, unpack_lzma
from ovmfgui.flash.dependency import dependency_text
from ovmfgui.flash.executable import describe_executable
from ovmfgui.flash.image import Space
from ovmfgui.flash.reading import Reading, branch, holding, leaf
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.structures import (
    CRC32,
    LZMA,
    LZMA_X86,
    SECTION_COMPRESSION,
    SECTION_DEPENDENCIES,
    SECTION_DISPOSABLE,
    SECTION_FREEFORM,
    SECTION_FV_IMAGE,
    SECTION_GUID_DEFINED,
    SECTION_PE32,
    SECTION_RAW,
    SECTION_TE,
    SECTION_TYPES,
    SECTION_UI,
    SECTION_VERSION,
    TIANO,
    CommonSectionHeader,
    CompressionHeader,
    FreeformSubtypeHeader,
    GuidDefinedHeader,
    SectionExtendedSize,
)
from ovmfgui.flash.tiano import TIANO_POSITION_BITS, UEFI_POSITION_BITS, unpack_tiano
from ovmfgui.guid import guid_name
from ovmfgui.span import Place, Span
from ovmfgui.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

_ALIGNMENT = 4
_HEADER_SIZE = CommonSectionHeader.sizeof()
# What Size says where the size stands behind the header (PI 3, EFI_COMMON_SECTION_HEADER2).
_EXTENDED = 0xFFFFFF
# How the region of a user interface section is named: this, then the name it carries.
UI_NAME = "name: "
# EFI_COMPRESSION_SECTION.CompressionType (PI 3, section 3.2.5.2).
_NOT_COMPRESSED, _STANDARD_COMPRESSION = 0, 1
# How the bodies of GUID-defined sections are unpacked: (data, where the body lies in it, most
# bytes, most symbols) -> what came out.
_ENCODINGS: dict[UUID | None, Callable[[bytes, Span, int, int], Unpacked]] = {
    LZMA: lambda data, body, limit, _: unpack_lzma(data, body, limit),
    LZMA_X86: lambda data, body, limit, _: unpack_lzma(data, body, limit, x86=True),
    TIANO: lambda data, body, limit, symbols: unpack_tiano(
        body.of(data), limit, symbols, position_bits=TIANO_POSITION_BITS
    ),
}


# What the section's type puts behind the common header.
OwnHeader = GuidDefinedHeader | CompressionHeader | FreeformSubtypeHeader
_OWN_HEADERS: dict[int, type[OwnHeader]] = {
    SECTION_GUID_DEFINED: GuidDefinedHeader,
    SECTION_COMPRESSION: CompressionHeader,
    SECTION_FREEFORM: FreeformSubtypeHeader,
}


@dataclass(frozen=True, slots=True)
class SectionHeader:
    """An EFI_COMMON_SECTION_HEADER with what the section's type adds; sizes in bytes.

    ``own_end`` is where the fields end; a GUID-defined section's header may go on behind them.
    """

    start: int
    type: int
    size: int
    header_size: int
    own: OwnHeader | None
    own_end: int

    @property
    def guid(self) -> UUID | None:
        """Of a GUID-defined section or of a subtype."""
        match self.own:
            case GuidDefinedHeader() as header:
                return header.SectionDefinitionGuid
            case FreeformSubtypeHeader() as header:
                return header.SubTypeGuid
        return None

    @property
    def span(self) -> Span:
        """Header and body, in the space that the file is read in."""
        return Span(self.start, self.size)

    @property
    def body(self) -> Span:
        """What follows the header."""
        return Span(self.start + self.header_size, self.size - self.header_size)

    @property
    def title(self) -> str:
        """What kind of section this is."""
        return SECTION_TYPES.get(self.type, f"section of type 0x{self.type:02X}")


def _section_header(data: bytes, offset: int, end: int) -> SectionHeader | None:
    """The section header at ``offset``; None where its size cannot be."""
    common = CommonSectionHeader.read(data, offset)
    if common is None:
        return None
    size, header_size = int.from_bytes(common.Size, "little"), _HEADER_SIZE
    if size == _EXTENDED:
        extended = SectionExtendedSize.read(data, offset + header_size)
        if extended is None:
            return None
        size = extended.ExtendedSize
        header_size += extended.sizeof()
    own: OwnHeader | None = None
    if (structure := _OWN_HEADERS.get(common.Type)) is not None:
        own = structure.read(data, offset + header_size)
        if own is None:
            return None
        header_size += own.sizeof()
    own_end = offset + header_size
    if isinstance(own, GuidDefinedHeader):
        header_size = own.DataOffset
    if not _HEADER_SIZE <= header_size <= size or offset + size > end:
        return None
    return SectionHeader(offset, common.Type, size, header_size, own, own_end)


def _fields(raw: bytes, start: int) -> tuple[Field, ...]:
    """A section header's fields, of its bytes."""
    common = CommonSectionHeader.read(raw)
    assert common is not None
    fields = fields_of(common, start, Type=SECTION_TYPES.get(common.Type, ""))
    at = _HEADER_SIZE
    if int.from_bytes(common.Size, "little") == _EXTENDED:
        extended = SectionExtendedSize.read(raw, at)
        assert extended is not None
        fields += fields_of(extended, start + at)
        at += extended.sizeof()
    if (structure := _OWN_HEADERS.get(common.Type)) is not None:
        own = structure.read(raw, at)
        assert own is not None
        fields += fields_of(own, start + at)
    return fields


def _headers(data: bytes, span: Span) -> Iterator[SectionHeader]:
    offset = span.start
    while offset + _HEADER_SIZE <= span.end:
        header = _section_header(data, offset, span.end)
        if header is None:
            return
        yield header
        offset = header.span.end + (span.start - header.span.end) % _ALIGNMENT


def read_sections(reading: Reading, span: Span, space: int, depth: int) -> tuple[Region, ...]:
    """Regions that tile a run of sections, with the padding between them."""
    data = reading.data(space)
    regions: list[Region] = []
    position = span.start
    for header in _headers(data, span):
        if reading.exhausted(depth, space, header.span):
            break
        if header.start > position:
            regions.append(reading.fill(space, Span.between(position, header.start)))
        regions.append(_read_section(reading, header, space, depth))
        position = header.span.end
    rest = Span.between(position, span.end)
    if rest.size:
        regions.append(reading.fill(space, rest))
        if rest.size >= _HEADER_SIZE and regions[-1].kind is Kind.RAW:
            text = f"0x{rest.size:X} bytes at 0x{rest.start:X} should be sections but are none"
            reading.note("not-a-section", Severity.WARNING, text, space, rest)
    return tuple(regions)


def _read_section(reading: Reading, header: SectionHeader, space: int, depth: int) -> Region:
    data = reading.data(space)
    fields = FieldsWhenAsked(_fields, data[header.start : header.own_end], header.start)
    header_region = leaf(
        "section header",
        Kind.HEADER,
        space,
        Span(header.start, header.header_size),
        fields=fields,
        detail="EFI_COMMON_SECTION_HEADER",
    )
    name, detail = _describe(reading, data, header)
    body = _read_body(reading, header, space, depth)
    return branch(
        name,
        Kind.SECTION,
        space,
        header.span,
        (header_region, *body),
        guid=header.guid,
        fields=fields,
        detail=detail,
    )


def _describe(reading: Reading, data: bytes, header: SectionHeader) -> tuple[str, str]:
    """A section's name in the map, and one line about it."""
    match header.type:
        case value if value == SECTION_UI:
            return UI_NAME + _ucs2(header.body.of(data)), "the file's name for people"
        case value if value == SECTION_VERSION:
            return "version " + _ucs2(header.body.of(data)[2:]), "the file's version"
        case value if value in (SECTION_PE32, SECTION_TE):
            line, architecture = describe_executable(data, header.body)
            if architecture is not None:
                reading.executables[architecture] = reading.executables.get(architecture, 0) + 1
            return header.title, line
        case value if value == SECTION_GUID_DEFINED:
            return guid_name(header.guid) or str(header.guid), "GUID-defined section"
        case value if value in SECTION_DEPENDENCIES:
            return header.title, dependency_text(header.body.of(data))
    return header.title, guid_name(header.guid)


def _ucs2(data: bytes) -> str:
    """A text as a label shows it: the bytes of a longer one are there to be looked at."""
    text = data.decode("utf-16-le", errors="replace").partition("\0")[0]
    return shortened(text, MOST_LABEL)


def _read_body(
    reading: Reading, header: SectionHeader, space: int, depth: int
) -> tuple[Region, ...]:
    body = header.body
    if not body.size:
        return ()
    match header.type:
        case value if value == SECTION_FV_IMAGE:
            return reading.read_volumes(reading, body, space, depth + 1)
        case value if value == SECTION_DISPOSABLE:
            return read_sections(reading, body, space, depth + 1)
        case value if value in (SECTION_GUID_DEFINED, SECTION_COMPRESSION):
            return _read_encapsulated(reading, header, space, depth)
        case value if value in (SECTION_RAW, SECTION_FREEFORM):
            return (leaf("raw body", Kind.BODY, space, body),)
    return (leaf(f"{header.title} body", Kind.BODY, space, body),)


def _read_encapsulated(
    reading: Reading, header: SectionHeader, space: int, depth: int
) -> tuple[Region, ...]:
    """The body of a section that holds other sections, encoded or as they are."""
    body = header.body
    limit, symbols = MOST_UNPACKED - reading.unpacked, MOST_SYMBOLS - reading.symbols
    if header.guid in _ENCODINGS:
        unpacked = _ENCODINGS[header.guid](reading.data(space), body, limit, symbols)
        return (_unpacked_body(reading, unpacked, header, space, depth),)
    data = body.of(reading.data(space))
    if isinstance(header.own, CompressionHeader):
        if header.own.CompressionType == _NOT_COMPRESSED:
            return read_sections(reading, body, space, depth + 1)
        if header.own.CompressionType == _STANDARD_COMPRESSION:
            unpacked = _unpack_standard(data, limit, symbols)
            return (_unpacked_body(reading, unpacked, header, space, depth),)
    if header.guid == CRC32:
        stored = reading.data(space)[header.body.start - 4 : header.body.start]
        if zlib.crc32(data) != int.from_bytes(stored, "little"):
            text = f"The section at 0x{header.start:X} has a wrong CRC-32"
            reading.note("section-crc", Severity.WARNING, text, space, header.span)
        return read_sections(reading, body, space, depth + 1)
    text = f"The section at 0x{header.start:X} is encoded in a way that is not known here"
    reading.note("unknown-encoding", Severity.INFO, text, space, header.span)
    return (leaf("encoded body", Kind.BODY, space, body),)


def _unpack_standard(data: bytes, limit: int, symbols: int) -> Unpacked:
    """Unpack "standard compression": UEFI's variant, or Tiano's, which nothing tells apart.

    The right one yields sections. The other is read only where the first does not; both count.
    """
    tried: list[Unpacked] = []
    for bits in (UEFI_POSITION_BITS, TIANO_POSITION_BITS):
        made, read = sum(t.made for t in tried), sum(t.symbols for t in tried)
        unpacked = unpack_tiano(data, limit - made, symbols - read, position_bits=bits)
        tried.append(unpacked)
        first = _section_header(unpacked.data, 0, len(unpacked.data))
        if not unpacked.problem and first is not None and first.type in SECTION_TYPES:
            break
    else:
        unpacked = next((each for each in tried if not each.problem), tried[0])
    made, read = sum(t.made for t in tried), sum(t.symbols for t in tried)
    return replace(unpacked, made=made, symbols=read)


def _unpacked_body(
    reading: Reading, unpacked: Unpacked, header: SectionHeader, space: int, depth: int
) -> Region:
    body = leaf("compressed body", Kind.BODY, space, header.body)
    if unpacked.problem:
        text = (
            f"The compressed section at 0x{header.start:X} cannot be unpacked: {unpacked.problem}"
        )
        reading.note("not-unpacked", Severity.ERROR, text, space, header.span)
    reading.unpacked += unpacked.made
    reading.symbols += unpacked.symbols
    if not unpacked.data:
        return body
    inner = len(reading.spaces)
    name = f"unpacked from 0x{header.start:X} of {reading.spaces[space].name}"
    reading.spaces.append(Space(name, unpacked.data, Place(space, header.span)))
    whole = Span(0, len(unpacked.data))
    parts = read_sections(reading, whole, inner, depth + 1)
    region = branch(
        "unpacked contents",
        Kind.DECOMPRESSED,
        inner,
        whole,
        parts,
        detail=f"{whole.size:,} bytes from {header.body.size:,}, with offsets of their own",
    )
    return holding(body, (region,))
