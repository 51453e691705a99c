"""The largest variables that a CODE image takes, read from its variable driver.

The driver sets its module's globals up one after the other (MdeModulePkg Variable.c and
VariableNonVolatile.c, VARIABLE_MODULE_GLOBAL): the three sizes of the space for common variables,
and a little later MaxVariableSize and MaxAuthVariableSize side by side, from PcdMaxVariableSize and
PcdMaxAuthVariableSize. Two constants stored next to each other behind three stores at just those
distances are nothing else, although the driver links OpenSSL and holds every small number by
chance. Where a compiler did it another way nothing is found, and nothing is claimed.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Architecture, Role
from ovmfgui.layout.modules import VARIABLE, code_image
from ovmfgui.machine.opening import open_image
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.limits import Limits
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ovmfgui.flash.image import Image

# In slots of pointer size, counted from MaxVariableSize.
_AUTHENTICATED_SLOT = 1
# CommonVariableSpace, CommonMaxUserVariableSpace, CommonRuntimeVariableSpace.
_SPACE_SLOTS = (-6, -5, -4)
# Bytes of code between the first and the second store, and before the first.
_BETWEEN, _BEFORE = 48, 192
# Every platform of edk2's has a multiple of 256 here, from 0x400 to 0x10000 bytes; the largest
# that makes sense is a flash chip's.
_STEP, _MOST = 0x100, 64 << 20


class _Store(NamedTuple):
    """A constant that the code stores; ``slot`` is its distance in bytes from what ``base`` holds.

    ``base`` is the register, numbered as the processor does; ``at`` an offset in the code.
    """

    at: int
    base: int
    slot: int
    value: int


# C7 /0: MOV r/m, imm32, with REX.W in 64-bit code; a displacement of 32 bits (Intel SDM, MOV).
_X64_STORE = re.compile(
    rb"([\x48\x49])\xc7(?:([\x80-\x83\x85-\x87])|\x84\x24)(.{4})(.{4})", re.DOTALL
)
_IA32_STORE = re.compile(rb"()\xc7(?:([\x80-\x83\x85-\x87])|\x84\x24)(.{4})(.{4})", re.DOTALL)


def _x86_stores(code: bytes, pattern: re.Pattern[bytes]) -> Iterator[_Store]:
    for match in pattern.finditer(code):
        low = match[2][0] & 7 if match[2] else 4
        high = 8 if match[1] == b"\x49" else 0
        slot, value = struct.unpack("<iI", match[3] + match[4])
        yield _Store(match.start(), high | low, slot, value)


def _x86_writes(code: bytes, base: int, slot: int, *, wide: bool) -> bool:
    """Whether ``code`` stores some register at ``slot`` (89 /r: MOV r/m, r)."""
    prefix = b"" if not wide else (b"[\x49\x4d]" if base & 8 else b"[\x48\x4c]")
    short = -128 <= slot < 128
    modes = bytes((0x40 if short else 0x80) | register << 3 | base & 7 for register in range(8))
    index = b"\x24" if base & 7 == 4 else b""
    displacement = re.escape(struct.pack("<b" if short else "<i", slot))
    pattern = prefix + b"\x89[" + re.escape(modes) + b"]" + index + displacement
    return re.search(pattern, code, re.DOTALL) is not None


def _ia32(code: bytes) -> Iterator[Limits]:
    return _pairs(
        _x86_stores(code, _IA32_STORE),
        4,
        lambda base, slot, start, end: _x86_writes(code[start:end], base, slot, wide=False),
    )


def _x64(code: bytes) -> Iterator[Limits]:
    return _pairs(
        _x86_stores(code, _X64_STORE),
        8,
        lambda base, slot, start, end: _x86_writes(code[start:end], base, slot, wide=True),
    )


# Arm Architecture Reference Manual, C6.2: STR and STP of 64-bit registers with an unsigned and a
# signed offset of eights, MOVZ, and MOVK, which makes a longer constant of one.
_STR, _STR_MASK = 0xF9000000, 0xFFC00000
_STP, _STP_MASK = 0xA9000000, 0xFFC00000
_MOVZ, _MOVK, _MOVZ_MASK = 0x52800000, 0x72800000, 0x7F800000


def _a64_stores(words: tuple[int, ...]) -> Iterator[_Store]:
    """Constants that a MOVZ put into a register before it was stored."""
    constants: dict[int, tuple[int, int]] = {}
    for index, word in enumerate(words):
        if word & _MOVZ_MASK == _MOVZ:
            shift = 16 * (word >> 21 & 3)
            constants[word & 31] = (index, (word >> 5 & 0xFFFF) << shift)
        elif word & _MOVZ_MASK == _MOVK:
            constants.pop(word & 31, None)
        elif word & _STR_MASK == _STR:
            at, value = constants.get(word & 31, (-_BETWEEN, 0))
            if index - at <= _BETWEEN // 4:
                yield _Store(4 * index, word >> 5 & 31, 8 * (word >> 10 & 0xFFF), value)


def _a64_writes(words: tuple[int, ...], base: int, slot: int) -> bool:
    for word in words:
        if word >> 5 & 31 != base:
            continue
        if word & _STR_MASK == _STR and 8 * (word >> 10 & 0xFFF) == slot:
            return True
        first = 8 * (word >> 15 & 0x3F)
        if word & _STP_MASK == _STP and slot in (first, first + 8):
            return True
    return False


def _a64(code: bytes) -> Iterator[Limits]:
    words = struct.unpack(f"<{len(code) // 4}I", code[: len(code) // 4 * 4])
    return _pairs(
        _a64_stores(words),
        8,
        lambda base, slot, start, end: _a64_writes(words[start // 4 : end // 4], base, slot),
    )


def _pairs(
    stores: Iterator[_Store], pointer: int, writes: Callable[[int, int, int, int], bool]
) -> Iterator[Limits]:
    """Two constants side by side, the space for common variables set up shortly before."""
    last: list[_Store] = []
    for store in stores:
        last = [each for each in last if store.at - each.at <= _BETWEEN]
        for first in last:
            if (first.base, first.slot + _AUTHENTICATED_SLOT * pointer) != (store.base, store.slot):
                continue
            limits = Limits(first.value, store.value)
            start = max(0, first.at - _BEFORE)
            if _plausible(limits) and all(
                writes(first.base, first.slot + slot * pointer, start, first.at)
                for slot in _SPACE_SLOTS
            ):
                yield limits
        last.append(store)


def _plausible(limits: Limits) -> bool:
    return all(0 < limit <= _MOST and limit % _STEP == 0 for limit in limits)


_READERS: dict[Architecture, Callable[[bytes], Iterator[Limits]]] = {
    Architecture.X64: _x64,
    Architecture.IA32: _ia32,
    Architecture.AARCH64: _a64,
}


def limits_of_file(path: str | Path) -> Limits | None:
    """The largest variables that the firmware in a file takes; None where it does not tell.

    Raises:
        Refused: the file cannot be read, or is no CODE.
    """
    image = open_image([path])
    if image.file_with(Role.CODE, Role.UNIFIED) is None:
        msg = f"{path} is no CODE image"
        raise Refused(msg)
    return variable_limits(image)


def variable_limits(code: Image) -> Limits | None:
    """The largest variables that a CODE image takes.

    None where it does not tell: no variable driver, a processor whose code is not read here (ARM,
    RISC-V, LoongArch), code that another compiler made otherwise, or drivers that disagree. Those
    of the store's layout (``nvram.limits.limits_of``) are the best guess then.
    """
    found = code_image(code)
    if found is None:
        return None
    told: set[Limits] = set()
    for module in found.of(VARIABLE):
        reader = _READERS.get(module.executable.architecture or Architecture.ARM)
        if reader is not None:
            for span in module.executable.code:
                told.update(reader(span.of(module.data)))
    return told.pop() if len(told) == 1 else None
