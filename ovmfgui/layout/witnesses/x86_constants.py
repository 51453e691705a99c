"""Addresses and sizes that x86 builds carry as immediates of their instructions.

The fixed PCDs of OvmfPkg (FvbServicesRuntimeDxe SetPcdFlashNvStorageBaseAddresses, the FTW drivers,
PlatformPei) end up as 32-bit immediates, also as the low half of 64-bit ones. Only the named
modules are searched: those that link OpenSSL hold every small constant by chance.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ovmfgui.layout.modules import FTW, PLATFORM, SIZES_IN_PEI, VARIABLE
from ovmfgui.layout.verdict import Evidence
from ovmfgui.layout.witnesses.templates import flash_drivers
from ovmfgui.nvram.structures import AUTHENTICATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
# What stands right in front of an immediate of 32 bits: opcode, ModRM, SIB, displacement.
_TAKES_IMMEDIATE = re.compile(
    rb"(?:[\xb8-\xbf]|\x68|[\x05\x0d\x15\x1d\x25\x2d\x35\x3d]"
    rb"|[\x81\xc7](?:[\xc0-\xff]|[\x00-\x03\x06-\x0b\x0e-\x3f]|[\x04\x0c\x14\x1c\x24\x2c\x34\x3c]."
    rb"|[\x40-\x43\x45-\x4b\x4d-\x7f].|[\x44\x4c\x54\x5c\x64\x6c\x74\x7c]..|[\x05\x80-\xbf].{4}))\Z",
    re.DOTALL,
)
# Blocks that an event log in front of the working block has at most.
_LONGEST_LOG = 16
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
    """Two flash addresses inside the store stand in the FTW and flash drivers.

    The lower is PcdFlashNvStorageFtwWorkingBase, the higher PcdFlashNvStorageFtwSpareBase. They
    stand in the code; where a compiler keeps read-only data in a section of its own, there.
    """
    if not _is_x86(code) or known.fv_length is None or not known.block_size:
        return
    base = code.flash_base(known.fv_length)
    found = _inside_store(code, known.fv_length, known.block_size, whole=False)
    if len(found) < 2:
        found = _inside_store(code, known.fv_length, known.block_size, whole=True)
    pair = _working_and_spare(code, known.fv_length, found)
    if pair is None:
        return
    for fact, value in zip(("ftw_working_offset", "ftw_spare_offset"), pair, strict=True):
        module, offset = found[value]
        source = f"address 0x{base + value:X} in {module.name}"
        yield Evidence(fact, value, source, module.place(offset, 4))


def _inside_store(
    code: CodeImage, length: int, block: int, *, whole: bool
) -> dict[int, tuple[Module, int]]:
    """Where the drivers hold addresses of blocks of the store, by their offset in it.

    A place where an instruction has its immediate counts before any other.
    """
    base = code.flash_base(length)
    found: dict[int, tuple[Module, int]] = {}
    for module in (*flash_drivers(code), *code.of(FTW)):
        spans = (module.span,) if whole else module.executable.code
        for value, offset in flash_addresses(module, spans):
            if not base < value < base + length or (value - base) % block:
                continue
            known = found.get(value - base)
            if known is None or (_is_immediate(module, offset) and not _is_immediate(*known)):
                found[value - base] = (module, offset)
    return found


def _is_immediate(module: Module, offset: int) -> bool:
    """Whether an instruction that takes an address has its immediate at ``offset``.

    Intel SDM volume 2: MOV r32/r64, imm (B8+r), PUSH imm32 (68), MOV r/m, imm32 (C7 /0), the ALU
    operations on EAX (05 to 3D) and on r/m (81).
    """
    before = module.data[max(module.span.start, offset - 9) : offset]
    if not before:
        return False
    return bool(_TAKES_IMMEDIATE.search(before))


def _working_and_spare(
    code: CodeImage, length: int, found: dict[int, tuple[Module, int]]
) -> tuple[int, int] | None:
    """Which of the addresses are those of working block and spare area; None where unclear.

    Other bytes look like addresses by chance. The two right ones have the working block's size
    between them and the spare area's behind them, and the FTW driver holds both sizes; or they are
    the only two that stand as an instruction's immediate; or there are no others.
    """
    fitting = [
        (working, spare)
        for working in sorted(found)
        for spare in sorted(found)
        if working < spare and _holds_sizes(code, spare - working, length - spare)
    ]
    if len(fitting) == 1:
        return fitting[0]
    immediate = [value for value, place in found.items() if _is_immediate(*place)]
    for chosen in (sorted(immediate), sorted(found)):
        if len(chosen) == 2:
            return chosen[0], chosen[1]
    return None


def _holds_sizes(code: CodeImage, working: int, spare: int) -> bool:
    return any(
        find_constant(module, working) is not None and find_constant(module, spare) is not None
        for module in code.of(FTW)
    )


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

    The variable region ends where the working block begins, or in front of an event log; the
    constant in the code tells which. A module that holds several by chance tells nothing, and
    where the size is told already only that one is looked for: PlatformPei of Debian 13's builds
    without SMM holds none of its own and 0x38000 by chance.
    """
    told = known.variable_size
    for module in code.of(SIZES_IN_PEI):
        found = _only_size(code, known, partial(find_constant, module))
        if found is not None and told in (None, found[0]):
            size, place = found
            yield Evidence("variable_size", size, f"size 0x{size:X} in {module.name}", place)


def hear_store_length(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """PcdFlashNvStorageVariableSize in the variable driver, HeaderLength taken from it.

    InitRealNonVolatileVariableStore loads HeaderLength, at 0x30 in the volume header, beside the
    constant. Alone the constant tells nothing here: the driver holds PcdVariableStoreSize too,
    which OvmfPkg sets to the same, and many more where OpenSSL is linked in.
    """
    for module in code.of(VARIABLE):
        found = _only_size(code, known, _beside_header_length(module))
        if found is not None:
            size, place = found
            source = f"size 0x{size:X} less HeaderLength in {module.name}"
            yield Evidence("variable_size", size, source, place)


def _only_size(
    code: CodeImage,
    known: Layout,
    find: Callable[[int], Place | None],
) -> tuple[int, Place] | None:
    """The one size of a variable region that is found, and where; None where none is or several.

    An event log of one block is tried first, as OvmfPkg's layouts have it; then longer ones.
    """
    working, block = known.ftw_working_offset, known.block_size
    if not _is_x86(code) or working is None or not block:
        return None
    for blocks in (range(2), range(2, _LONGEST_LOG + 1)):
        sizes = (working - count * block for count in blocks)
        places = {size: place for size in sizes if size > 0 and (place := find(size)) is not None}
        if places:
            return next(iter(places.items())) if len(places) == 1 else None
    return None


def _beside_header_length(module: Module) -> Callable[[int], Place | None]:
    """Tells where a constant stands a few bytes from a load of two bytes at 0x30."""
    # Where such a constant can lie: the load is found once for all sizes that are looked for.
    around = [
        (max(load.end() - 4 - _BESIDE, span.start), min(load.start() + _BESIDE + 4, span.end))
        for span in module.executable.code
        for load in _LOADS_HEADER_LENGTH.finditer(module.data, span.start, span.end)
    ]

    def find(size: int) -> Place | None:
        wanted = size.to_bytes(4, "little")
        for start, end in around:
            if (position := module.data.find(wanted, start, end)) >= 0:
                return module.place(position, 4)
        return None

    return find


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
