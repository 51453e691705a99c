"""Where QEMU puts the two flash chips in the guest's physical address space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Architecture, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.image import FlashFile

FOUR_GIB = 1 << 32


@dataclass(frozen=True, slots=True)
class Board:
    """A machine type whose chips lie at fixed addresses; all in bytes.

    Attributes:
        machine: QEMU's -machine.
        code: guest-physical address of the first chip.
        vars: guest-physical address of the second chip.
        chip_size: what each chip's file has to measure.
        block_size: erase block of the chips.
    """

    machine: str
    code: int
    vars: int
    chip_size: int
    block_size: int


# hw/arm/virt.c (VIRT_FLASH), hw/riscv/virt.c (VIRT_FLASH), hw/loongarch/virt.c (VIRT_FLASH0/1).
ARM_VIRT = Board("virt", 0x0000_0000, 0x0400_0000, 64 << 20, 256 << 10)
RISCV_VIRT = Board("virt", 0x2000_0000, 0x2200_0000, 32 << 20, 256 << 10)
LOONGARCH_VIRT = Board("virt", 0x1C00_0000, 0x1D00_0000, 16 << 20, 256 << 10)
BOARDS = {
    Architecture.AARCH64: ARM_VIRT,
    Architecture.ARM: ARM_VIRT,
    Architecture.RISCV64: RISCV_VIRT,
    Architecture.LOONGARCH64: LOONGARCH_VIRT,
}


def base_addresses(
    files: Sequence[FlashFile], architecture: Architecture | None
) -> tuple[int | None, ...]:
    """The guest address of the first byte of each file, CODE first where both are there.

    On x86 the first chip ends at 4 GiB and the second ends where the first begins
    (hw/i386/pc_sysfw.c, pc_system_flash_map), so a VARS file alone has no address.
    """
    addresses: list[int | None] = []
    below = FOUR_GIB
    for file in files:
        if architecture is None:
            addresses.append(None)
        elif architecture.is_x86:
            below -= file.size
            known = below >= 0 and bool(addresses or file.role in (Role.CODE, Role.UNIFIED))
            addresses.append(below if known else None)
        else:
            board = BOARDS[architecture]
            addresses.append(board.vars if file.role in (Role.VARS, Role.BLANK) else board.code)
    return tuple(addresses)
