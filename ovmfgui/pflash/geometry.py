"""How a machine type wires its flash chips."""

from __future__ import annotations

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.placement import PC_BLOCK_SIZE, VIRT_BLOCK_SIZE


@dataclass(frozen=True, slots=True)
class Geometry:
    """The properties with which a board creates its ``pflash_cfi01`` devices.

    Attributes:
        name: the board, in words.
        bank_width: bytes of the data bus ("width").
        device_width: bytes of one device's bus, several of which make up the bank; 0 where the
            board does not say ("device-width").
        sector_size: bytes to an erase block of the whole bank ("sector-length").
        identity: id0 to id3.
    """

    name: str
    bank_width: int
    device_width: int
    sector_size: int
    identity: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def devices(self) -> int:
        """How many devices make up the bank."""
        return self.bank_width // self.device_width if self.device_width else 1

    @property
    def write_block_exponent(self) -> int:
        """CFI byte 0x2A: a device's write buffer is two to this power bytes."""
        return 0x08 if self.bank_width == 1 else 0x0B

    @property
    def write_block(self) -> int:
        """Bytes of the bank that one write to buffer can fill (writeblock_size)."""
        return (1 << self.write_block_exponent) * self.devices


X86 = Geometry("x86 (pc, q35)", bank_width=1, device_width=0, sector_size=PC_BLOCK_SIZE)
"""hw/i386/pc_sysfw.c, pc_pflash_create."""

VIRT = Geometry(
    "virt (Arm, RISC-V, LoongArch)",
    bank_width=4,
    device_width=2,
    sector_size=VIRT_BLOCK_SIZE,
    identity=(0x89, 0x18, 0x00, 0x00),
)
"""virt_flash_create1 of hw/arm/virt.c, hw/riscv/virt.c and hw/loongarch/virt.c."""
