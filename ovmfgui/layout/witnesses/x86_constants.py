"""Addresses and sizes that x86 builds carry as immediates of their instructions.

The fixed PCDs of OvmfPkg (FvbServicesRuntimeDxe SetPcdFlashNvStorageBaseAddresses, the FTW drivers,
PlatformPei) end up as 32-bit immediates, also as the low half of 64-bit ones. Only the named
modules are searched: those that link OpenSSL hold every small constant by chance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.layout.modules import FTW, PLATFORM, SIZES_IN_PEI, VARIABLE
from ovmfgui.layout.verdict import Evidence
from ovmfgui.layout.witnesses.templates import flash_drivers
from ovmfgui.nvram.structures import AUTHENTICATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage, Module
    from ovmfgui.span import Place, Span

# A flash address below 4 GiB that is a multiple of 4 KiB, little-endian, at any offset.
_FLASH_ADDRESS = re.compile(
    rb"(?=(\x00[\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0][\x00-\xff]\xff))",
    re.DOTALL,
)
# MOVZX r32, word ptr [register + 0x30]: the second form has a SIB byte, as RSP and R12 need.
_LOADS_HEADER_LENGTH = re.compile(
    rb"\x0f\xb7(?:[\x40-\x43\x45-\x4b\x4d-\x53\x55-\x5b\x5d-\x63\x65-\x6b\x6d-\x73\x75-\x7b\x7d-\x7f]"
    rb"|[\x44\x4c\x54\x5c\x64\x6c\x74\x7c].)\x30",
    re.DOTALL,
)
# Bytes between the two: a prefix and the opcode, at most.
_BESIDE = 8


def _is_x86(code: CodeImage) -> bool:
    return code.architecture is not None and code.architecture.is_x86


def flash_addresses(module: Module, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """(value, offset in the module's space) of what may be a flash address in these spans."""
    for span in spans:
        for match in _FLASH_ADDRESS.finditer(module.data, span.start, span.end):
            yield int.from_bytes(match.group(1), "little"), match.start()


def find_constant(module: Module, value: int) -> Place | None:
    """The first place in the module's code where a 32-bit constant stands."""
    wanted = value.to_bytes(4, "little")
    for span in module.executable.code:
        position = module.data.find(wanted, span.start, span.end)
        if position >= 0:
            return module.place(position, 4)
    return None


def hear_flash_base(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """FD base + FvLength + CODE = 4 GiB: the base stands in the flash driver's code."""
    if not _is_x86(code) or known.fv_length is None:
        return
    base = code.flash_base(known.fv_length)
    for module in flash_drivers(code):
        place = find_constant(module, base) if 0 <= base < 1 << 32 else None
        if place is not None:
            source = f"store address 0x{base:X} in {module.name} + FvLength + CODE = 4 GiB"
            yield Evidence("fv_length", known.fv_length, source, place)


def hear_ftw_addresses(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """Exactly two flash addresses inside the store stand in the FTW and flash drivers.

    The lower is PcdFlashNvStorageFtwWorkingBase, the higher PcdFlashNvStorageFtwSpareBase. They
    stand in the code; where a compiler keeps read-only data in a section of its own, there.
    """
    if not _is_x86(code) or known.fv_length is None or not known.block_size:
        return
    base = code.flash_base(known.fv_length)
    found = _inside_store(code, known.fv_length, known.block_size, whole=False)
    if not found:
        found = _inside_store(code, known.fv_length, known.block_size, whole=True)
    if len(found) != 2:
        return
    working, spare = sorted(found)
    for fact, value in (("ftw_working_offset", working), ("ftw_spare_offset", spare)):
        module, offset = found[value]
        source = f"address 0x{base + value:X} in {module.name}"
        yield Evidence(fact, value, source, module.place(offset, 4))


def _inside_store(
    code: CodeImage, length: int, block: int, *, whole: bool
) -> dict[int, tuple[Module, int]]:
    """Where the drivers hold addresses of blocks of the store, by their offset in it."""
    base = code.flash_base(length)
    found: dict[int, tuple[Module, int]] = {}
    for module in (*flash_drivers(code), *code.of(FTW)):
        spans = (module.span,) if whole else module.executable.code
        for value, offset in flash_addresses(module, spans):
            if base < value < base + length and (value - base) % block == 0:
                found.setdefault(value - base, (module, offset))
    return found


def hear_ftw_sizes(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """The sizes of working block and spare area in the FTW drivers' code."""
    working, spare, length = known.ftw_working_offset, known.ftw_spare_offset, known.fv_length
    if not _is_x86(code) or working is None or spare is None or length is None:
        return
    for module in code.of(FTW):
        sizes = (("ftw_working_size", spare - working), ("ftw_spare_size", length - spare))
        for fact, size in sizes:
            place = find_constant(module, size)
            if place is not None:
                yield Evidence(fact, size, f"size 0x{size:X} in {module.name}", place)


def hear_variable_size(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """PcdFlashNvStorageVariableSize in PlatformPei or PeiVariable.

    The variable region ends where the working block begins, or one block earlier where the layout
    has an event log; the constant in the code tells which. A module that holds both by chance tells
    nothing.
    """
    working, block = known.ftw_working_offset, known.block_size
    if not _is_x86(code) or working is None or not block:
        return
    for module in code.of(SIZES_IN_PEI):
        places = {
            size: place
            for size in (working - block, working)
            if size > 0 and (place := find_constant(module, size)) is not None
        }
        if len(places) == 1:
            ((size, place),) = places.items()
            yield Evidence("variable_size", size, f"size 0x{size:X} in {module.name}", place)


def hear_store_length(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """PcdFlashNvStorageVariableSize in the variable driver, HeaderLength taken from it.

    InitRealNonVolatileVariableStore loads HeaderLength, at 0x30 in the volume header, beside the
    constant. Alone the constant tells nothing here: the driver holds PcdVariableStoreSize too,
    which OvmfPkg sets to the same, and many more where OpenSSL is linked in.
    """
    working, block = known.ftw_working_offset, known.block_size
    if not _is_x86(code) or working is None or not block:
        return
    for module in code.of(VARIABLE):
        places = {
            size: place
            for size in (working - block, working)
            if size > 0 and (place := _beside_header_length(module, size)) is not None
        }
        if len(places) == 1:
            ((size, place),) = places.items()
            source = f"size 0x{size:X} less HeaderLength in {module.name}"
            yield Evidence("variable_size", size, source, place)


def _beside_header_length(module: Module, size: int) -> Place | None:
    """Where the constant stands a few bytes from a load of two bytes at 0x30."""
    wanted = re.compile(re.escape(size.to_bytes(4, "little")))
    for span in module.executable.code:
        for match in wanted.finditer(module.data, span.start, span.end):
            start, end = max(match.start() - _BESIDE, span.start), match.end() + _BESIDE
            if _LOADS_HEADER_LENGTH.search(module.data, start, min(end, span.end)):
                return module.place(match.start(), 4)
    return None


def hear_store_guid(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """PlatformPei accepts a store with authenticated variables only (PlatformValidateNvVarStore).

    The variable driver links both GUIDs in every build, so it tells nothing.
    """
    for module in code.of(PLATFORM):
        span = module.span
        position = module.data.find(AUTHENTICATED.bytes_le, span.start, span.end)
        if position >= 0:
            source = f"the only store GUID in {module.name}"
            yield Evidence("store_guid", AUTHENTICATED, source, module.place(position, 16))
