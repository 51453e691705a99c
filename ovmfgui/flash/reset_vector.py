"""The end of an x86 CODE image: reset vector, OVMF's GUIDed table, SEV and TDX metadata.

OvmfPkg/ResetVector/Ia16/ResetVectorVtf0.nasm.inc lays the table out; it is read backwards from its
footer at 4 GiB - 0x30. Offsets here are relative to the start of the bytes whose end is at 4 GiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ovmfgui.budgets import MOST_RANGES
from ovmfgui.dataclass import dataclass
from ovmfgui.fields import Field, fields_of, read_fields
from ovmfgui.flash.region import Kind, Region
from ovmfgui.guid import guid_name
from ovmfgui.span import Place, Span
from ovmfgui.structure import Bytes, Guid, Structure, UInt16, UInt32, UInt64

if TYPE_CHECKING:
    from collections.abc import Iterator

RESET_VECTOR_SIZE = 16
TABLE_FOOTER = UUID("96b582de-1fb2-45f7-baea-a366c55a082d")
_FOOTER_END_DISTANCE = 0x20


class _TableEntryTail(Structure):
    Length: UInt16
    Guid: Guid


_TAIL_SIZE = _TableEntryTail.sizeof()

SEV_METADATA = UUID("dc886566-984a-4798-a75e-5585a7bf67cc")
TDX_METADATA = UUID("e47a6535-984a-4798-865e-4685a7bf8ec2")


class _BaseAndSize(Structure):
    Base: UInt32
    Size: UInt32


class _Address(Structure):
    Address: UInt32


class _Distance(Structure):
    DistanceFromEnd: UInt32


_ENTRY_DATA: dict[UUID, type[Structure]] = {
    UUID("00f771de-1a7e-4fcb-890e-68c77e2fb44e"): _Address,
    UUID("4c2eb361-7d9b-4cc3-8081-127c90d3d294"): _BaseAndSize,
    UUID("7255371f-3a3b-4b04-927b-1da6efa8d454"): _BaseAndSize,
    SEV_METADATA: _Distance,
    TDX_METADATA: _Distance,
    UUID("784fa70e-3176-4677-8a20-04b68699e374"): _Distance,
}


class _MetadataHeader(Structure):
    """OvmfPkg/ResetVector/X64/IntelTdxMetadata.nasm.inc and OvmfSevMetadata.asm."""

    Signature: Annotated[bytes, Bytes(4)]
    Length: UInt32
    Version: UInt32
    NumberOfEntries: UInt32


class _TdvfSection(Structure):
    DataOffset: UInt32
    RawDataSize: UInt32
    MemoryAddress: UInt64
    MemorySize: UInt64
    Type: UInt32
    Attributes: UInt32


class _SevRange(Structure):
    Base: UInt32
    Size: UInt32
    Type: UInt32


TDVF_TYPES = {0: "BFV (CODE)", 1: "CFV (VARS)", 2: "TD HOB", 3: "temporary memory"}
SEV_TYPES = {
    1: "unmeasured memory",
    2: "secrets page",
    3: "CPUID page",
    4: "SVSM calling area",
    0x10: "kernel hashes page",
}


@dataclass(frozen=True, slots=True)
class TableEntry:
    """An entry of the GUIDed table; ``span`` covers its data, length and GUID."""

    guid: UUID
    span: Span
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The GUID's name, else the GUID."""
        return guid_name(self.guid) or str(self.guid)


@dataclass(frozen=True, slots=True)
class MemoryRange:
    """A range of the metadata: guest memory, and for TDVF where in the unified image it is from.

    Attributes:
        technology: "TDX" or "SEV".
        type: the number of the range's type.
        purpose: what that number means.
        address: guest-physical.
        size: in bytes.
        raw_offset: offset in the unified image (VARS then CODE); None for SEV.
        raw_size: bytes there; None for SEV.
        span: the entry's own bytes.
        fields: of the entry.
    """

    technology: str
    type: int
    purpose: str
    address: int
    size: int
    raw_offset: int | None
    raw_size: int | None
    span: Span
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ResetVector:
    """What the last bytes below 4 GiB hold.

    Attributes:
        entries: of the GUIDed table.
        ranges: of guest memory that its metadata names.
        metadata: where that lies.
        vector: the last 16 bytes.
        unread: ranges that the metadata claims to have besides.
    """

    entries: tuple[TableEntry, ...]
    ranges: tuple[MemoryRange, ...]
    metadata: tuple[Span, ...]
    vector: Span
    unread: int = 0

    @property
    def unread_words(self) -> str:
        """What was not read of the metadata, in words; empty where all was."""
        if not self.unread:
            return ""
        return (
            f"its metadata claims {len(self.ranges) + self.unread:,} ranges of memory, and "
            f"{len(self.ranges)} were read"
        )


def read_reset_vector(data: bytes) -> ResetVector | None:
    """Read the end of an image that ends at 4 GiB; None where it is too short."""
    if len(data) < 0x40:
        return None
    entries = tuple(_entries(data))
    ranges: list[MemoryRange] = []
    metadata: list[Span] = []
    claimed = 0
    for entry in entries:
        if entry.guid in (SEV_METADATA, TDX_METADATA) and entry.fields:
            start = len(data) - entry.fields[0].value
            found = _ranges(data, start, "TDX" if entry.guid == TDX_METADATA else "SEV")
            if found is not None:
                metadata.append(found[0])
                ranges.extend(found[1])
                claimed += found[2]
    vector = Span(len(data) - RESET_VECTOR_SIZE, RESET_VECTOR_SIZE)
    unread = claimed - len(ranges)
    return ResetVector(entries, tuple(ranges), tuple(metadata), vector, unread)


def _entries(data: bytes) -> Iterator[TableEntry]:
    """The footer, then the entries, from the end of the image down."""
    end = len(data) - _FOOTER_END_DISTANCE
    footer = read_fields(_TableEntryTail, data, end - _TAIL_SIZE)
    if footer is None or footer[0].Guid != TABLE_FOOTER:
        return
    first = end - footer[0].Length
    yield TableEntry(TABLE_FOOTER, Span(end - _TAIL_SIZE, _TAIL_SIZE), footer[1])
    end -= _TAIL_SIZE
    # Its length has 16 bits and an entry 18 bytes: some 3,600 at most.
    while True:
        tail = read_fields(_TableEntryTail, data, end - _TAIL_SIZE)
        if end - _TAIL_SIZE < max(first, 0) or tail is None:
            return
        length = tail[0].Length
        if length < _TAIL_SIZE or end - length < max(first, 0):
            return
        span = Span.between(end - length, end)
        yield TableEntry(tail[0].Guid, span, (*_entry_data(data, span, tail[0].Guid), *tail[1]))
        end -= length


def _entry_data(data: bytes, span: Span, guid: UUID) -> tuple[Field, ...]:
    structure = _ENTRY_DATA.get(guid)
    if structure is None or structure.sizeof() > span.size - _TAIL_SIZE:
        return ()
    found = read_fields(structure, data, span.start)
    return found[1] if found else ()


def _ranges(data: bytes, start: int, technology: str) -> tuple[Span, list[MemoryRange], int] | None:
    """Where metadata lies, the ranges that were read of it, and how many it claims to have."""
    header = _MetadataHeader.read(data, start)
    if header is None or header.Signature != {"TDX": b"TDVF", "SEV": b"ASEV"}[technology]:
        return None
    structure: type[_TdvfSection | _SevRange] = _TdvfSection if technology == "TDX" else _SevRange
    found: list[MemoryRange] = []
    offset = start + _MetadataHeader.sizeof()
    for _count in range(min(header.NumberOfEntries, MOST_RANGES)):
        values = structure.read(data, offset)
        if values is None:
            break
        found.append(_range(technology, values, offset))
        offset += structure.sizeof()
    return Span.between(start, offset), found, header.NumberOfEntries


def _range(technology: str, read: _TdvfSection | _SevRange, offset: int) -> MemoryRange:
    types = TDVF_TYPES if isinstance(read, _TdvfSection) else SEV_TYPES
    purpose = types.get(read.Type, f"type {read.Type}")
    address, size, raw_offset, raw_size = (
        (read.MemoryAddress, read.MemorySize, read.DataOffset, read.RawDataSize)
        if isinstance(read, _TdvfSection)
        else (read.Base, read.Size, None, None)
    )
    return MemoryRange(
        technology,
        read.Type,
        purpose,
        address,
        size,
        raw_offset,
        raw_size,
        Span(offset, read.sizeof()),
        fields_of(read, offset, Type=purpose),
    )


def reset_vector_regions(found: ResetVector, space: int) -> tuple[Region, ...]:
    """Leaves for the table's entries, the metadata and the vector itself, in ascending order."""

    def piece(name: str, kind: Kind, span: Span, fields: tuple[Field, ...], detail: str) -> Region:
        return Region(name, kind, Place(space, span), used=span.size, fields=fields, detail=detail)

    pieces = [
        piece("reset vector", Kind.RESET_VECTOR, found.vector, (), "where the processor starts")
    ]
    for entry in found.entries:
        detail = "entry of OVMF's GUIDed table"
        pieces.append(piece(entry.name, Kind.METADATA, entry.span, entry.fields, detail))
    for span in found.metadata:
        inside = [r for r in found.ranges if span.covers(r.span)]
        name = f"{inside[0].technology} metadata" if inside else "metadata"
        fields = tuple(field for r in inside for field in r.fields)
        detail = "; ".join(f"{r.purpose} 0x{r.address:X}+0x{r.size:X}" for r in inside)
        pieces.append(piece(f"{name} ranges", Kind.METADATA, span, fields, detail))
    return tuple(sorted(pieces, key=lambda region: region.span))
