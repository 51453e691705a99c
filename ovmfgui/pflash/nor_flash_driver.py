"""The bus writes of the virt machines' flash driver (OvmfPkg/VirtNorFlashDxe/VirtNorFlash.c).

As Debian's AAVMF 2022.11 makes them, recorded under QEMU. The bank has two devices of 16 bits side
by side, so every command stands in both halves of a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.pflash.firmware_driver import BusWrite
from ovmfgui.pflash.geometry import VIRT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.pflash.firmware_driver import Programmed
    from ovmfgui.pflash.geometry import Geometry

BUFFER = 128
"""P30_MAX_BUFFER_SIZE_IN_BYTES: what one write to buffer fills."""

_WORD = 4
_LOCK_STATUS = 8
"""Where in a block the driver reads whether it is locked: the third word."""

_ERASE, _CONFIRM, _CLEAR, _STATUS = 0x20, 0xD0, 0x50, 0x70
_IDENTITY, _WRITE_BUFFER, _READ_ARRAY = 0x90, 0xE8, 0xFF
"""P30_CMD_* of VirtNorFlash.h."""


def nor_flash_writes(
    writes: Iterable[Programmed], contents: bytes, geometry: Geometry = VIRT
) -> Iterator[BusWrite]:
    """The bus writes of firmware's flash writes, in order.

    A write that lies in one buffer and only clears bits is programmed together with what is around
    it. Any other one has its whole block erased and written again.

    Args:
        writes: what the variable and fault tolerant write drivers write.
        contents: of the chip before them, from its start; as far as they reach.
        geometry: of the board.
    """
    now = bytearray(contents)
    size = geometry.sector_size
    for write in writes:
        offset, data = write.offset, write.data
        while data:
            part = data[: size - offset % size]
            yield from _block_write(now, offset, part, write.what, size)
            offset, data = offset + len(part), data[len(part) :]


def _block_write(
    now: bytearray, offset: int, data: bytes, what: str, size: int
) -> Iterator[BusWrite]:
    """What NorFlashWriteSingleBlock does, or an erase of the whole block."""
    block = offset // size * size
    if len(data) == size and not data.strip(b"\xff"):
        now[block : block + size] = data
        yield from _erase(block, what)
        return
    start = offset % BUFFER
    clears = all(~old & new & 0xFF == 0 for old, new in zip(now[offset:], data, strict=False))
    now[offset : offset + len(data)] = data
    yield _command(0, _READ_ARRAY, what)
    if start + len(data) <= BUFFER and clears:
        yield _command(block + _LOCK_STATUS, _IDENTITY, what)
        yield from _buffer(now, offset - start, what)
    else:
        yield from _erase(block, what)
        for at in range(block, block + size, BUFFER):
            # What is erased has not to be written.
            if now[at : at + BUFFER].strip(b"\xff"):
                yield from _buffer(now, at, what)
    yield _command(0, _READ_ARRAY, what)


def _erase(block: int, what: str) -> Iterator[BusWrite]:
    """NorFlashUnlockAndEraseSingleBlock."""
    yield _command(block + _LOCK_STATUS, _IDENTITY, what)
    yield _command(block, _ERASE, what)
    yield _command(block, _CONFIRM, what)
    yield _command(0, _STATUS, what)
    yield _command(0, _READ_ARRAY, what)


def _buffer(now: bytearray, start: int, what: str) -> Iterator[BusWrite]:
    """NorFlashWriteBuffer."""
    yield _command(start, _WRITE_BUFFER, what)
    yield _command(start, BUFFER // _WORD - 1, what)
    for at in range(start, start + BUFFER, _WORD):
        yield BusWrite(at, int.from_bytes(now[at : at + _WORD], "little"), what, _WORD)
    yield _command(0, _CONFIRM, what)
    yield _command(0, _STATUS, what)
    yield _command(0, _CLEAR, what)


def _command(offset: int, command: int, what: str) -> BusWrite:
    return BusWrite(offset, command | command << 16, what, _WORD)
