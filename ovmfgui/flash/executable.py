"""PE32 and TE images: just enough to say what runs on which processor, and where code lies."""

from __future__ import annotations

from typing import Annotated

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Architecture
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.structure import Bytes, Structure, UInt8, UInt16, UInt32, UInt64


class _CoffHeader(Structure):
    """IMAGE_FILE_HEADER behind the "PE\0\0" signature (Microsoft PE/COFF specification)."""

    Signature: Annotated[bytes, Bytes(4)]
    Machine: UInt16
    NumberOfSections: UInt16
    TimeDateStamp: UInt32
    PointerToSymbolTable: UInt32
    NumberOfSymbols: UInt32
    SizeOfOptionalHeader: UInt16
    Characteristics: UInt16


class _OptionalHeaderStart(Structure):
    Magic: UInt16
    MajorLinkerVersion: UInt8
    MinorLinkerVersion: UInt8
    SizeOfCode: UInt32
    SizeOfInitializedData: UInt32
    SizeOfUninitializedData: UInt32
    AddressOfEntryPoint: UInt32


class _ImageSectionHeader(Structure):
    Name: Annotated[bytes, Bytes(8)]
    VirtualSize: UInt32
    VirtualAddress: UInt32
    SizeOfRawData: UInt32
    PointerToRawData: UInt32
    PointerToRelocations: UInt32
    PointerToLinenumbers: UInt32
    NumberOfRelocations: UInt16
    NumberOfLinenumbers: UInt16
    Characteristics: UInt32


class _TeHeader(Structure):
    """EFI_TE_IMAGE_HEADER (PI specification, volume 1, section 15)."""

    Signature: Annotated[bytes, Bytes(2)]
    Machine: UInt16
    NumberOfSections: UInt8
    Subsystem: UInt8
    StrippedSize: UInt16
    AddressOfEntryPoint: UInt32
    BaseOfCode: UInt32
    ImageBase: UInt64
    DirectoryEntries: Annotated[bytes, Bytes(16)]


_EXECUTABLE = 0x20000000  # IMAGE_SCN_MEM_EXECUTE
_MAX_SECTIONS = 96  # what the PE loader of Windows accepts

# IMAGE_FILE_MACHINE_*; 0x1C2 is IMAGE_FILE_MACHINE_THUMB, as edk2 marks ARM builds.
MACHINES = {
    0x8664: Architecture.X64,
    0x014C: Architecture.IA32,
    0xAA64: Architecture.AARCH64,
    0x01C0: Architecture.ARM,
    0x01C2: Architecture.ARM,
    0x5064: Architecture.RISCV64,
    0x6264: Architecture.LOONGARCH64,
}


@dataclass(frozen=True, slots=True)
class Executable:
    """A PE32+ or TE image.

    Attributes:
        form: "PE32" or "TE".
        machine: the COFF machine type.
        entry_point: relative to the image's base.
        code: the raw bytes of its executable sections, as spans in the space of the image.
        span: the image's own bytes.
        in_place: whether its executable sections lie in memory as they lie in the file, so that a
            distance between two bytes of code is the same in both.
    """

    form: str
    machine: int
    entry_point: int
    code: tuple[Span, ...]
    span: Span
    in_place: bool

    @property
    def architecture(self) -> Architecture | None:
        """The processor; None for a machine type that edk2 does not build for."""
        return MACHINES.get(self.machine)


class _Head(NamedTuple):
    """What the headers of an executable tell besides its sections.

    Attributes:
        form: "PE32" or "TE".
        machine: the COFF machine type.
        entry_point: relative to the image's base.
        table: where the table of sections stands.
        sections: entries of that table.
        base: what offsets in it count from.
    """

    form: str
    machine: int
    entry_point: int
    table: int
    sections: int
    base: int


def _head(data: bytes, span: Span) -> _Head | None:
    start = span.start
    if data.startswith(b"VZ", start, span.end):
        return _te_head(data, span)
    if data.startswith(b"MZ", start, span.end):
        start += int.from_bytes(data[start + 0x3C : start + 0x40], "little")
    coff = _CoffHeader.read(data, start) if start < span.end else None
    if coff is None or coff.Signature != b"PE\0\0":
        return None
    optional = start + _CoffHeader.sizeof()
    more = _OptionalHeaderStart.read(data, optional)
    if more is None:
        return None
    table = optional + coff.SizeOfOptionalHeader
    entry_point = more.AddressOfEntryPoint
    return _Head("PE32", coff.Machine, entry_point, table, coff.NumberOfSections, span.start)


def _te_head(data: bytes, span: Span) -> _Head | None:
    header = _TeHeader.read(data, span.start)
    if header is None:
        return None
    size = _TeHeader.sizeof()
    # File offsets in a TE image still count the PE headers that were stripped.
    base = span.start + size - header.StrippedSize
    entry_point, table = header.AddressOfEntryPoint, span.start + size
    return _Head("TE", header.Machine, entry_point, table, header.NumberOfSections, base)


def read_executable(data: bytes, span: Span) -> Executable | None:
    """The executable that fills ``span`` of ``data``; None where there is none."""
    head = _head(data, span)
    if head is None:
        return None
    code, in_place = _code(data, span, head.table, head.sections, head.base)
    return Executable(head.form, head.machine, head.entry_point, code, span, in_place)


def _code(
    data: bytes, span: Span, table: int, count: int, base: int
) -> tuple[tuple[Span, ...], bool]:
    found: list[Span] = []
    in_place = True
    for index in range(min(count, _MAX_SECTIONS)):
        section = _ImageSectionHeader.read(data, table + index * _ImageSectionHeader.sizeof())
        if section is None:
            break
        start = base + section.PointerToRawData
        if not section.Characteristics & _EXECUTABLE or start < span.start:
            continue
        within = Span(start, section.SizeOfRawData).overlap(span)
        if within is not None:
            found.append(within)
            in_place &= section.VirtualAddress == section.PointerToRawData
    return tuple(found), in_place


def describe_executable(data: bytes, span: Span) -> tuple[str, Architecture | None]:
    """One line about an executable (form, processor, entry point), and that processor.

    It is None where there is no executable, and for a machine type that edk2 does not build for.
    """
    image = _head(data, span)
    if image is None:
        return "no readable executable", None
    architecture = MACHINES.get(image.machine)
    machine = architecture or f"machine 0x{image.machine:04X}"
    line = f"{image.form} image for {machine}, entry point 0x{image.entry_point:X}"
    return line, architecture
