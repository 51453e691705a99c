"""Guest-physical addresses of a machine's chips, as QEMU places them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Architecture
from ovmfgui.flash.placement import BOARDS, FOUR_GIB
from ovmfgui.machine.boards import X86
from ovmfgui.machine.model import Mapping, StoreKind

if TYPE_CHECKING:
    from ovmfgui.flash.placement import Board
    from ovmfgui.machine.opening import OpenedMachine

_BOARDS = {
    "aarch64": Architecture.AARCH64,
    "arm": Architecture.ARM,
    "riscv64": Architecture.RISCV64,
    "loongarch64": Architecture.LOONGARCH64,
}


def _emulator(opened: OpenedMachine) -> str | None:
    """The machine's architecture; where the definition does not tell, that of its CODE."""
    if opened.machine.architecture is not None or opened.image is None:
        return opened.machine.architecture
    code = opened.image.architecture
    if code is None:
        return None
    return "x86_64" if code.is_x86 else str(code)


def _board(opened: OpenedMachine) -> Board | None:
    architecture = _BOARDS.get(_emulator(opened) or "")
    return None if architecture is None else BOARDS.get(architecture)


def firmware_address(opened: OpenedMachine) -> int | None:
    """Of the firmware's first byte; None where it is not known.

    On x86 flash unit 0 and a ROM end at 4 GiB (hw/i386/pc_sysfw.c, hw/i386/x86.c).
    """
    chip = opened.firmware
    if chip is None or chip.file is None:
        return None
    if _emulator(opened) in X86:
        return FOUR_GIB - chip.file.size
    board = _board(opened)
    return None if board is None else board.code


def addresses_of_files(opened: OpenedMachine) -> tuple[int | None, ...]:
    """Of the first byte of each file of the machine's image, as this machine maps them."""
    files = () if opened.image is None else opened.image.files
    first = None if opened.firmware is None else opened.firmware.file
    return tuple(
        firmware_address(opened)
        if first is not None and file.path == first.path
        else store_address(opened)
        for file in files
    )


def store_address(opened: OpenedMachine) -> int | None:
    """Of the first byte of the second chip; None where there is none or it is not known."""
    machine = opened.machine
    if machine.store.how not in (StoreKind.FLASH, StoreKind.BLOCK, StoreKind.NETWORK):
        return None
    if machine.firmware is None:
        return None
    if machine.firmware.how is Mapping.ROM and _emulator(opened) in X86:
        return None
    if _emulator(opened) not in X86:
        board = _board(opened)
        return None if board is None else board.vars
    below = firmware_address(opened)
    chip = opened.store
    size = chip.file.size if chip is not None and chip.file is not None else machine.store.size
    return None if below is None or size is None else below - size
