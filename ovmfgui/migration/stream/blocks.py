"""RAM blocks of a stream, and which pages of a flash block have arrived."""

from __future__ import annotations

import re

from ovmfgui.dataclass import dataclass, field
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.refusal import Refused

_FLASH = re.compile(r"(?:.*\.)?flash\d+|pc\.bios")


def is_flash(name: str) -> bool:
    """Whether a block of this name holds firmware.

    ``system.flash0`` and ``virt.flash1`` are chips (hw/i386/pc_sysfw.c, hw/arm/virt.c); ``pc.bios``
    is the ROM that ``-bios`` fills (hw/i386/x86-common.c).
    """
    return _FLASH.fullmatch(name) is not None


@dataclass(slots=True)
class Block:
    """A RAM block, and the contents of a flash block as far as they have arrived.

    Attributes:
        name: as the source has it.
        size: used length in bytes.
        page_size: of the target, in bytes.
        array: the contents of a flash block; None for all other memory.
        arrived: a byte for each page, 1 where its contents came; empty for all other memory.
    """

    name: str
    size: int
    page_size: int
    array: PagedArray | None = None
    arrived: bytearray = field(default_factory=bytearray)

    def keep(self) -> None:
        """Keep what comes for this block."""
        self.array = PagedArray(Pages.filled(self.size))
        self.arrived = bytearray(-(-self.size // self.page_size))

    @property
    def missing(self) -> int:
        """How many pages never came."""
        return self.arrived.count(0)

    def store(self, offset: int, data: bytes) -> None:
        """Whole pages that came, from ``offset`` on; the last may reach over the block's end.

        Raises:
            Refused: they lie outside.
        """
        assert self.array is not None
        if offset >= self.size:
            msg = f"it is damaged: a page at 0x{offset:X} of {self.name}, which has 0x{self.size:X}"
            raise Refused(f"{msg} bytes")
        data = data[: self.size - offset]
        self.array.write(offset, data)
        first, end = offset // self.page_size, -(-(offset + len(data)) // self.page_size)
        self.arrived[first:end] = b"\1" * (end - first)

    def forget(self, start: int, end: int) -> None:
        """The pages that have a byte of ``start`` to ``end`` did not come, or only in part."""
        for index in range(start // self.page_size, -(-end // self.page_size)):
            self.arrived[index] = 0

    def page(self, offset: int) -> bytes | None:
        """The page at ``offset``; None where it has not come."""
        assert self.array is not None
        index = offset // self.page_size
        if index >= len(self.arrived) or not self.arrived[index]:
            return None
        return self.array.read(offset, self.page_size)
