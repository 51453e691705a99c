"""QEMU's parallel flash chip with the Intel command set, as its guest meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from ovmfgui.pflash.bus import accesses
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.generation import QEMU_7_2, BufferPlacing, Generation
from ovmfgui.pflash.geometry import X86, Geometry
from ovmfgui.pflash.query import answer_identity, answer_query, answer_status, query_table
from ovmfgui.pflash.state import (
    ERASE_ERROR,
    PROGRAM_ERROR,
    READY,
    CommandState,
    WriteBuffer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_SECTOR = 512
"""BDRV_SECTOR_SIZE: what goes to the file is widened to whole sectors of the block layer."""

_COUNTER_MASK = (1 << 64) - 1


class Backing(Protocol):
    """The file behind a chip."""

    def write(self, offset: int, data: bytes) -> None:
        """Store ``data`` at ``offset`` bytes from the file's start."""

    def write_byte(self, offset: int, value: int) -> None:
        """Store one byte there."""


class Cfi01:
    """One bank of flash, behaving as QEMU's ``pflash_cfi01`` (hw/block/pflash_cfi01.c).

    Offsets are in bytes from the start of the chip and must lie inside; values are little-endian
    numbers. The attributes are the fields of PFlashCFI01: ``wcycle``, ``cmd``, ``status``,
    ``counter``, and ``romd``, the memory region's mode in which reads do not ask the device.

    Attributes:
        array: the contents.
        programs: program and buffer writes that reached the array, since the chip was made.
        erases: erases of each block, by the block's number.
        erased: erases of all blocks together.
        dump_pending: whether the whole chip goes to the file at the next change of run state.
    """

    def __init__(
        self,
        contents: Pages,
        geometry: Geometry = X86,
        generation: Generation = QEMU_7_2,
        *,
        read_only: bool = False,
        secure: bool = False,
        backing: Backing | None = None,
    ) -> None:
        """A chip as it is after power-on.

        Args:
            contents: what the array holds.
            geometry: how the board wires it.
            generation: which QEMU it belongs to.
            read_only: whether programs and erases end in an error.
            secure: whether commands are heeded from system management mode alone.
            backing: the file that follows the array; None for none.
        """
        self.array = PagedArray(contents)
        self.geometry = geometry
        self.generation = generation
        self.read_only = read_only
        self.secure = secure
        self.backing = backing
        self.size = contents.size
        self.programs = 0
        self.erases: dict[int, int] = {}
        self.erased = 0
        self.dump_pending = False
        self.counter = 0
        self._table = query_table(geometry, self.size)
        self._sector = -1
        self.reset()

    def reset(self) -> None:
        """The machine's reset line: everything but the array and ``counter``."""
        self.wcycle = 0
        self.cmd = 0
        self.status = READY
        self.romd = True
        self._block = -1
        self._buffer = bytearray()

    def read(self, offset: int, width: int = 1, *, smm: bool = False) -> int:
        """What the guest gets from a read of ``width`` bytes."""
        if self.romd:
            return int.from_bytes(self.array.read(offset, width), "little")
        if width == 1:
            return self._answer(offset, 1, smm)
        value = 0
        for at, size in accesses(offset, width):
            value |= self._answer(at, size, smm) << (8 * (at - offset))
        return value

    def write(self, offset: int, value: int, width: int = 1, *, smm: bool = False) -> bool:
        """The guest writes ``value`` in ``width`` bytes.

        Returns:
            Whether the bus took it; False is MEMTX_ERROR, a secure chip's refusal.
        """
        if self.secure and not smm:
            return False
        if width == 1:
            # Nearly all that firmware does is programs of a byte: command, byte, command, byte.
            if self.wcycle == 0 and value & 0xFF == 0x10:
                self.romd, self.wcycle, self.cmd = False, 1, 0x10
            elif self.wcycle == 1 and self.cmd == 0x10:
                self._program(offset, value & 0xFF, 1)
            else:
                self._access(offset, value & 0xFF, 1)
            return True
        for at, size in accesses(offset, width):
            part = value >> (8 * (at - offset))
            self._access(at, part & ((1 << (8 * size)) - 1), size)
        return True

    def contents(self) -> Pages:
        """The array now, whatever a read gives at this moment."""
        return self.array.snapshot()

    def state(self) -> CommandState:
        """The command state now."""
        buffer = WriteBuffer(self._block, bytes(self._buffer)) if self._block >= 0 else None
        return CommandState(self.wcycle, self.cmd, self.status, self.counter, self.romd, buffer)

    def load(self, contents: Pages, state: CommandState) -> None:
        """Take over what a migration stream carries: the RAM block, and the device's state.

        The read mode is not in the stream; what reads give afterwards depends on the generation.
        A writable chip's whole array goes to its file when the run state next changes.
        """
        self.array = PagedArray(contents)
        self._sector = -1
        self.wcycle, self.cmd = state.wcycle, state.cmd
        self.status, self.counter = state.status, state.counter
        self._block = state.buffer.offset if state.buffer else -1
        self._buffer = bytearray(state.buffer.data) if state.buffer else bytearray()
        self.romd = state.idle if self.generation.romd_after_load else True
        self.dump_pending = not self.read_only

    def run_state_changed(self) -> bool:
        """The virtual machine starts or stops; returns whether the array went to the file."""
        if not self.dump_pending:
            return False
        self.dump_pending = False
        self._to_file(0, self.size)
        return True

    def _answer(self, offset: int, width: int, smm: bool) -> int:
        command = self.cmd
        if command not in _SPEAKING or (self.secure and not smm):
            return int.from_bytes(self.array.read(offset, width), "little")
        if command == 0x90:
            return answer_identity(self.geometry, offset, width)
        if command == 0x98:
            return answer_query(self.geometry, self._table, offset, width)
        return answer_status(self.geometry, self.status, width)

    def _access(self, offset: int, value: int, width: int) -> None:
        cycle = self.wcycle
        if cycle == 0:
            self.romd = False
            begin = self._BEGIN.get(value & 0xFF)
            if begin is None:
                self._read_array()
            else:
                begin(self, offset, value & 0xFF)
        else:
            # Only a state that was loaded can name a cycle that its command does not have.
            proceed = self._PROCEED.get((cycle, self.cmd))
            if proceed is None:
                self._read_array()
            else:
                proceed(self, offset, value, width)

    def _read_array(self, _offset: int = 0, _command: int = 0) -> None:
        self.romd = True
        self.wcycle = 0
        self.cmd = 0

    def _open(self, _offset: int, command: int) -> None:
        self.wcycle = 1
        self.cmd = command

    def _show(self, _offset: int, command: int) -> None:
        self.cmd = command

    def _clear_status(self, _offset: int, _command: int) -> None:
        # To 0x00, not to ready: the firmware's probe tells flash from RAM by that.
        self.status = 0
        self._read_array()

    def _erase(self, offset: int, command: int) -> None:
        if self.read_only:
            self.status |= ERASE_ERROR
        else:
            size = self.geometry.sector_size
            block = offset // size
            self.array.write(block * size, b"\xff" * size)
            self.erases[block] = self.erases.get(block, 0) + 1
            self.erased += 1
            self._to_file(block * size, size)
        self.status |= READY
        self._open(offset, command)

    def _begin_buffer(self, offset: int, command: int) -> None:
        self._sector = -1
        self.status |= READY
        self._open(offset, command)

    def _program(self, offset: int, value: int, width: int) -> None:
        if self.read_only:
            self.status |= PROGRAM_ERROR
        elif width == 1 and offset // FILE_SECTOR == self._sector and self.backing is not None:
            # The rest of this sector is in the file since the last program.
            self.array.write_byte(offset, value)
            self.backing.write_byte(offset, value)
            self.programs += 1
        else:
            self._store(offset, value, width)
            self._to_file(offset, width)
            self._sector = offset // FILE_SECTOR
        self.status |= READY
        self.wcycle = 0

    def _erase_confirm(self, _offset: int, value: int, _width: int) -> None:
        if value & 0xFF == 0xD0:
            self.wcycle = 0
            self.status |= READY
        else:
            self._read_array()

    def _lock_confirm(self, _offset: int, value: int, _width: int) -> None:
        if value & 0xFF in (0xD0, 0x01):
            self.wcycle = 0
            self.status |= READY
        else:
            self._read_array()

    def _query_cycle(self, _offset: int, value: int, _width: int) -> None:
        if value & 0xFF == 0xFF:
            self._read_array()

    def _buffer_count(self, offset: int, value: int, _width: int) -> None:
        bits = 8 * (self.geometry.device_width or self.geometry.bank_width)
        self.counter = value & ((1 << bits) - 1)
        if self.generation.buffer is BufferPlacing.COUNT:
            self._open_block(offset)
        self.wcycle = 2

    def _open_block(self, offset: int) -> None:
        size = self.geometry.write_block
        self._block = offset // size * size
        self._buffer = bytearray(self.array.read(self._block, size))

    def _buffer_data(self, offset: int, value: int, width: int) -> None:
        placing = self.generation.buffer
        if placing is BufferPlacing.DATA and self._block < 0 and self.counter:
            self._open_block(offset)
        if self.read_only or (placing is not BufferPlacing.DIRECT and self._block < 0):
            self.status |= PROGRAM_ERROR
        elif placing is BufferPlacing.DIRECT:
            self._store(offset, value, width)
        else:
            self._store_in_block(offset, value, width)
        self.status |= READY
        if self.counter == 0:
            self.wcycle = 3
            if placing is BufferPlacing.DIRECT and not self.read_only:
                size = self.geometry.write_block
                self._to_file(offset // size * size, size)
        if self.counter or self.generation.counter_wraps:
            self.counter = (self.counter - 1) & _COUNTER_MASK

    def _store_in_block(self, offset: int, value: int, width: int) -> None:
        at = offset - self._block
        if at < 0 or at + width > len(self._buffer):
            self.status |= PROGRAM_ERROR
        else:
            self._buffer[at : at + width] = value.to_bytes(width, "little")

    def _buffer_confirm(self, _offset: int, value: int, _width: int) -> None:
        command = value & 0xFF
        if self.generation.buffer is BufferPlacing.DIRECT:
            if command == 0xD0:
                self.wcycle = 0
                self.status |= READY
            else:
                self._read_array()
            return
        if command != 0xD0 or self.status & PROGRAM_ERROR or self._block < 0:
            self._block = -1
            self._read_array()
            return
        self.array.write(self._block, bytes(self._buffer))
        self._to_file(self._block, len(self._buffer))
        self.programs += 1
        self._block = -1
        self.wcycle = 0
        self.status |= READY

    def _store(self, offset: int, value: int, width: int) -> None:
        # The device stores what it is given: bits go from 0 to 1 as well, without an erase.
        if width == 1:
            self.array.write_byte(offset, value)
        else:
            self.array.write(offset, value.to_bytes(width, "little"))
        self.programs += 1

    def _to_file(self, offset: int, size: int) -> None:
        if self.backing is not None:
            self._sector = -1
            start = offset // FILE_SECTOR * FILE_SECTOR
            end = -(-(offset + size) // FILE_SECTOR) * FILE_SECTOR
            self.backing.write(start, self.array.read(start, end - start))

    _BEGIN: ClassVar[Mapping[int, Callable[[Cfi01, int, int], None]]] = {
        0x10: _open,
        0x20: _erase,
        0x40: _open,
        0x50: _clear_status,
        0x60: _open,
        0x70: _show,
        0x90: _show,
        0x98: _open,
        0xE8: _begin_buffer,
    }
    """What a command byte does at cycle 0; every other one goes back to reading the array."""

    _PROCEED: ClassVar[Mapping[tuple[int, int], Callable[[Cfi01, int, int, int], None]]] = {
        (1, 0x10): _program,
        (1, 0x20): _erase_confirm,
        (1, 0x40): _program,
        (1, 0x60): _lock_confirm,
        (1, 0x98): _query_cycle,
        (1, 0xE8): _buffer_count,
        (2, 0xE8): _buffer_data,
        (3, 0xE8): _buffer_confirm,
    }
    """What the later cycles of a command do, by cycle and command."""


_SPEAKING = frozenset((0x10, 0x20, 0x28, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xE8))
"""Commands during which a read asks the device: all that ``cmd`` can be but reading the array."""
