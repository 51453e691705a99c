"""Where QEMU puts the two flash chips in the guest's physical address space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Architecture, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.image import FlashFile

FOUR_GIB = 1 << 32

PC_BLOCK_SIZE = 0x1000
"""Erase block of the x86 machines' chips, and what their files' sizes are a multiple of
(hw/i386/pc_sysfw.c, FLASH_SECTOR_SIZE)."""

PC_MAX_FIRMWARE = 8 << 20
"""What both chips of an x86 machine hold together at most where nothing else is asked for:
``max-fw-size`` (hw/i386/pc.c, pc_machine_initfn)."""

VIRT_BLOCK_SIZE = 256 << 10
"""Erase block of the chips of the virt machines (VIRT_FLASH_SECTOR_SIZE in hw/arm/virt.c,
hw/riscv/virt.c; hw/loongarch/virt.h)."""

_PC_FLASH_SIZES = {0x84000: 4 << 20, 0x20000: 2 << 20}
"""FD_SIZE of OVMF's builds by the size of their store (OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc).
"""


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
ARM_VIRT = Board("virt", 0x0000_0000, 0x0400_0000, 64 << 20, VIRT_BLOCK_SIZE)
RISCV_VIRT = Board("virt", 0x2000_0000, 0x2200_0000, 32 << 20, VIRT_BLOCK_SIZE)
LOONGARCH_VIRT = Board("virt", 0x1C00_0000, 0x1D00_0000, 16 << 20, VIRT_BLOCK_SIZE)
BOARDS = {
    Architecture.AARCH64: ARM_VIRT,
    Architecture.ARM: ARM_VIRT,
    Architecture.RISCV64: RISCV_VIRT,
    Architecture.LOONGARCH64: LOONGARCH_VIRT,
}


BOARD_CHIP_SIZES = frozenset(board.chip_size for board in BOARDS.values())
"""What a file measures that was made for a machine with chips of a fixed size."""

MAX_CHIP_SIZE = max(BOARD_CHIP_SIZES)
"""Bytes of the largest flash chip of any of QEMU's machines."""


def chip_address(name: str, size: int, *, x86: bool) -> int:
    """Where a chip lies that is known by its name in QEMU and its size in bytes alone.

    A writable chip of an x86 machine lies where OVMF's build of that size has its store; another
    one ends at 4 GiB. The machines with fixed chips are told apart by the chips' size.
    """
    if x86:
        return FOUR_GIB - _PC_FLASH_SIZES.get(size, size)
    board = next((b for b in BOARDS.values() if b.chip_size == size), ARM_VIRT)
    return board.code if name.endswith("flash0") else board.vars


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
