"""Sizes and places: does QEMU take the files, and is the store where this CODE looks?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.placement import PC_BLOCK_SIZE, PC_MAX_FIRMWARE
from ovmfgui.layout import texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.rules.volume_header import header_rejected
from ovmfgui.layout.verdict import Fit, Outcome

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_FVB = "OvmfPkg/QemuFlashFvbServicesRuntimeDxe"


def _refused_size(pair: Pairing) -> bool:
    board = pair.board
    if board is not None:
        return pair.code_size != board.chip_size or pair.vars_size != board.chip_size
    sizes = (pair.code_size,) if pair.unified else (pair.code_size, pair.vars_size)
    return any(size % PC_BLOCK_SIZE for size in sizes) or sum(sizes) > PC_MAX_FIRMWARE


SIZES = (
    Rule(
        "qemu-refuses-size",
        _refused_size,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.refused_size,
        "Use files of the size that the machine's flash chips have.",
        "QEMU hw/i386/pc_sysfw.c, hw/block/pflash_cfi01.c (seen, QEMU 7.2)",
    ),
)

START: tuple[Rule[Pairing], ...] = (
    Rule(
        "no-reset-vector",
        lambda pair: pair.without_reset_vector,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.no_reset_vector,
        texts.cut_code,
        "Intel SDM 3, 9.1.4; hw/i386/pc_sysfw.c (seen, QEMU 7.2: VARS untouched)",
    ),
)

PLACES: tuple[Rule[Pairing], ...] = (
    Rule(
        "store-on-code-chip-volatile",
        lambda pair: pair.store_on_code_chip and pair.expects.has_emu_variable_fvb,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.store_on_code_chip,
        texts.cut_code_front,
        f"{_FVB}/QemuFlash.c, QemuFlashDetected (seen, OVMF 2022.11)",
    ),
    Rule(
        "store-on-code-chip",
        lambda pair: pair.store_on_code_chip,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.store_on_code_chip,
        texts.cut_code_front,
        f"{_FVB}/QemuFlash.c, QemuFlashInitialize",
    ),
    Rule(
        "too-small-volatile",
        lambda pair: pair.too_small and pair.expects.has_emu_variable_fvb,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.too_small_volatile,
        texts.template_cure,
        f"{_FVB}/QemuFlash.c, QemuFlashDetected (seen, OVMF 2022.11)",
    ),
    Rule(
        "too-small-no-boot",
        lambda pair: pair.too_small,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.too_small_no_boot,
        texts.template_cure,
        f"{_FVB}/QemuFlash.c, QemuFlashInitialize (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-flash-seen-volatile",
        lambda pair: pair.unseen_by_probe and pair.expects.has_emu_variable_fvb,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.no_flash_seen,
        texts.blank_cure,
        f"{_FVB}/QemuFlash.c, QemuFlashDetected (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-flash-seen-no-boot",
        lambda pair: pair.unseen_by_probe,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.no_flash_seen,
        texts.blank_cure,
        f"{_FVB}/QemuFlash.c, QemuFlashInitialize",
    ),
    Rule(
        "too-large-no-boot",
        lambda pair: pair.x86 and pair.window_offset > 0 and header_rejected(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.too_large,
        texts.placed_cure,
        f"{_FVB}/FwBlockServiceDxe.c, InitializeVariableFvHeader (seen, OVMF 2022.11)",
    ),
)
