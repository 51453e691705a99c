"""The bus writes of OVMF's flash driver (OvmfPkg/QemuFlashFvbServicesRuntimeDxe/QemuFlash.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.pflash.geometry import X86

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROGRAM = 0x10
ERASE = 0x20
ERASE_CONFIRM = 0xD0
READ_ARRAY = 0xFF
"""WRITE_BYTE_CMD, BLOCK_ERASE_CMD, BLOCK_ERASE_CONFIRM_CMD and READ_ARRAY_CMD of QemuFlash.c."""


class BusWrite(NamedTuple):
    """One write: offset from the start of the chip, value, what it is part of, width in bytes."""

    offset: int
    value: int
    what: str
    width: int = 1


class Programmed(Protocol):
    """Bytes that firmware writes in one go, as ``FlashWrite`` of the variable store's editor."""

    @property
    def offset(self) -> int:
        """In bytes from the start of the chip."""

    @property
    def data(self) -> bytes:
        """What is written there."""

    @property
    def what(self) -> str:
        """What it is, in words."""


def program(offset: int, data: bytes, what: str) -> Iterator[BusWrite]:
    """QemuFlashWrite: a command and a byte for every byte, and back to the array at the last."""
    for at, value in enumerate(data, offset):
        yield BusWrite(at, PROGRAM, what)
        yield BusWrite(at, value, what)
    if data:
        yield BusWrite(offset + len(data) - 1, READ_ARRAY, what)


def erase(block: int, what: str, block_size: int = X86.sector_size) -> Iterator[BusWrite]:
    """QemuFlashEraseBlock: the chip stays in status mode until the next program run ends."""
    yield BusWrite(block * block_size, ERASE, what)
    yield BusWrite(block * block_size, ERASE_CONFIRM, what)


def bus_writes(
    writes: Iterable[Programmed], block_size: int = X86.sector_size
) -> Iterator[BusWrite]:
    """The bus writes of firmware's flash writes, in order.

    Erased flash over whole blocks is an erase of each; an erase is what leaves 0xFF there.
    The variable driver cuts a write at every boundary of the block map
    (MdeModulePkg/Universal/Variable/RuntimeDxe/Variable.c, UpdateVariableStore), so each block's
    part is a program run of its own.
    """
    for write in writes:
        offset, data = write.offset, write.data
        if _erases(offset, data, block_size):
            for block in range(offset // block_size, (offset + len(data)) // block_size):
                yield from erase(block, write.what, block_size)
            continue
        while data:
            room = block_size - offset % block_size
            yield from program(offset, data[:room], write.what)
            offset, data = offset + room, data[room:]


def _erases(offset: int, data: bytes, block_size: int) -> bool:
    whole = bool(data) and offset % block_size == 0 and len(data) % block_size == 0
    return whole and not data.strip(b"\xff")
