"""The command state of a flash chip, and how to say it."""

from __future__ import annotations

from ovmfgui.dataclass import dataclass

READY = 0x80
ERASE_ERROR = 0x20
PROGRAM_ERROR = 0x10

_STATUS_OF = {
    0x10: "a program",
    0x40: "a program",
    0x20: "an erase",
    0x60: "a lock command",
    0x70: "a read-status command",
    0xE8: "a write to buffer",
}
_FIRST_CYCLE = {
    0x10: "waiting for the byte to program",
    0x40: "waiting for the byte to program",
    0x20: "block erased, waiting for the confirmation (0xD0)",
    0x60: "waiting for the lock confirmation",
    0x98: "answering the CFI query",
    0xE8: "waiting for the byte count of a write to buffer",
}


@dataclass(frozen=True, slots=True)
class WriteBuffer:
    """The block of a write-to-buffer command that is not yet committed.

    Attributes:
        offset: blk_offset, in bytes from the start of the chip.
        data: blk_bytes, as many bytes as the chip's write block has.
    """

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class CommandState:
    """What a chip remembers between two bus accesses (QEMU hw/block/pflash_cfi01.c, PFlashCFI01).

    Attributes:
        wcycle: 0 where the next write is a command, else the cycle of the command under way.
        cmd: the command; 0x00 is reading the array.
        status: the status register: 0x80 ready, 0x20 erase error, 0x10 program error.
        counter: data cycles of a write to buffer that are still to come, less one; 64 bits.
        romd: whether reads go straight to the array, without asking the chip. Not migrated.
        buffer: the open block of a write to buffer, None where there is none.
    """

    wcycle: int = 0
    cmd: int = 0
    status: int = READY
    counter: int = 0
    romd: bool = True
    buffer: WriteBuffer | None = None

    @property
    def idle(self) -> bool:
        """Whether no command is open: reads give the array."""
        return self.wcycle == 0 and self.cmd == 0

    @property
    def words(self) -> str:
        """The state as a person says it."""
        text = self._phase()
        if self.romd and not self.idle:
            return f"{text}; reads still give the array"
        return text

    def _phase(self) -> str:
        if self.idle:
            return "reading the array"
        if self.wcycle == 1:
            return _FIRST_CYCLE.get(self.cmd, f"in command 0x{self.cmd:02X}, second cycle")
        if self.wcycle == 2:
            return f"write to buffer: {self.counter + 1} more data writes to come"
        if self.wcycle == 3:
            return "write to buffer: waiting for the confirmation (0xD0)"
        if self.cmd == 0x90:
            return "answering with the device's identity"
        after = _STATUS_OF.get(self.cmd, f"command 0x{self.cmd:02X}")
        return f"status mode after {after} (0x{self.status:02X} {self.status_words})"

    @property
    def status_words(self) -> str:
        """The bits of the status register by name."""
        names = ((READY, "ready"), (ERASE_ERROR, "erase error"), (PROGRAM_ERROR, "program error"))
        return ", ".join(name for bit, name in names if self.status & bit) or "no bit set"
