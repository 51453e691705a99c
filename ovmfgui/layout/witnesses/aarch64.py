"""Immediates of AArch64 instructions in the flash driver and the FTW driver.

Encodings are those of the Arm Architecture Reference Manual (A64 instruction set).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.flash.image import Architecture
from ovmfgui.flash.placement import BOARDS
from ovmfgui.layout.modules import FTW_DXE, NOR_FLASH_DRIVERS
from ovmfgui.layout.verdict import Evidence
from ovmfgui.nvram.structures import AUTHENTICATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage, Module

# How many instructions apart the load of a header field and its comparison may stand.
_REACH = 12
# Offsets of FvLength and HeaderLength in EFI_FIRMWARE_VOLUME_HEADER.
_FV_LENGTH, _HEADER_LENGTH = 0x20, 0x30


class Instruction(NamedTuple):
    """An instruction word and its offset in the module's space."""

    offset: int
    word: int


def _instructions(module: Module) -> Iterator[list[Instruction]]:
    """The instructions of each executable section, in order."""
    for span in module.executable.code:
        size = span.size // 4 * 4
        words = struct.unpack_from(f"<{size // 4}I", module.data, span.start)
        yield [Instruction(span.start + 4 * index, word) for index, word in enumerate(words)]


def is_load(word: int, offset: int, size: int) -> bool:
    """Whether the word is LDR (size 8) or LDRH (size 2) with this unsigned byte offset."""
    if size == 8:
        return word & 0xFFC00000 == 0xF9400000 and (word >> 10 & 0xFFF) * 8 == offset
    return word & 0xFFC00000 == 0x79400000 and (word >> 10 & 0xFFF) * 2 == offset


def compared(word: int) -> int | None:
    """The immediate of CMP (SUBS to the zero register), None for any other instruction."""
    if word & 0x7F80001F != 0x7100001F:
        return None
    return (word >> 10 & 0xFFF) << (12 if word >> 22 & 1 else 0)


def moved(word: int) -> int | None:
    """The immediate of MOVZ, None for any other instruction."""
    if word & 0x7F800000 != 0x52800000:
        return None
    return (word >> 5 & 0xFFFF) << (16 * (word >> 21 & 3))


def _near(code: list[Instruction], index: int) -> Iterator[Instruction]:
    yield from code[max(0, index - _REACH) : index + _REACH]


def _flash_driver(code: CodeImage) -> Iterator[Module]:
    if code.architecture is Architecture.AARCH64:
        yield from code.having(*NOR_FLASH_DRIVERS)


def hear_fv_length(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """ValidateFvHeader loads FvLength and compares it with the sum of the three regions."""
    for module in _flash_driver(code):
        for section in _instructions(module):
            for index, here in enumerate(section):
                if not is_load(here.word, _FV_LENGTH, 8):
                    continue
                for after in section[index : index + _REACH]:
                    value = compared(after.word) or moved(after.word)
                    if value and value % 0x1000 == 0:
                        source = f"comparison of FvLength in {module.name}"
                        yield Evidence("fv_length", value, source, module.place(after.offset, 4))
                        break


def hear_variable_size(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """ValidateFvHeader subtracts HeaderLength from PcdFlashNvStorageVariableSize."""
    for module in _flash_driver(code):
        seen: set[int] = set()
        for section in _instructions(module):
            for index, here in enumerate(section):
                if not is_load(here.word, _HEADER_LENGTH, 2):
                    continue
                for near in _near(section, index):
                    value = moved(near.word)
                    fits = value and value % 0x1000 == 0 and value < (known.fv_length or 1 << 32)
                    if value and fits and near.offset not in seen:
                        seen.add(near.offset)
                        source = f"variable region less HeaderLength in {module.name}"
                        place = module.place(near.offset, 4)
                        yield Evidence("variable_size", value, source, place)


def hear_ftw(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """Base addresses of working block and spare area in FaultTolerantWriteDxe.

    Newer builds take them from the device tree; then only the sizes are left in the code.
    """
    length = known.fv_length
    if code.architecture is not Architecture.AARCH64 or length is None:
        return
    base = BOARDS[code.architecture].vars
    for module in code.having(FTW_DXE):
        found: dict[int, int] = {}
        for section in _instructions(module):
            for here in section:
                value = moved(here.word) or 0
                if base < value < base + length and value % 0x1000 == 0:
                    found.setdefault(value - base, here.offset)
        if len(found) != 2:
            continue
        working, spare = sorted(found)
        facts = {
            "ftw_working_offset": (working, working),
            "ftw_working_size": (spare - working, spare),
            "ftw_spare_offset": (spare, spare),
            "ftw_spare_size": (length - spare, spare),
        }
        for fact, (value, key) in facts.items():
            source = f"address 0x{base + key:X} in {module.name}"
            yield Evidence(fact, value, source, module.place(found[key], 4))


def hear_store_guid(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """The flash driver writes the GUID of authenticated variables when it formats a store."""
    for module in code.having(*NOR_FLASH_DRIVERS):
        span = module.span
        position = module.data.find(AUTHENTICATED.bytes_le, span.start, span.end)
        if position >= 0:
            source = f"the store GUID that {module.name} formats with"
            yield Evidence("store_guid", AUTHENTICATED, source, module.place(position, 16))
