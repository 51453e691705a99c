"""What a definition says of the machine itself, whatever its files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.placement import PC_BLOCK_SIZE, PC_MAX_FIRMWARE
from ovmfgui.layout import declared_texts as texts
from ovmfgui.layout.rules.placement import SIZES
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.model import Kind

if TYPE_CHECKING:
    from ovmfgui.layout.situation import Situation

_SEEN = "seen, QEMU 7.2"
_ROM_STEP = 0x10000
"""Bytes of which a ROM of a PC's is a multiple (hw/i386/x86.c, x86_bios_rom_init)."""


def sizes_refused(case: Situation) -> bool:
    """Whether QEMU refuses the chips for their sizes, before the processor starts."""
    pair = case.pair
    return pair is not None and any(rule.applies(pair) for rule in SIZES)


def rom_size_refused(case: Situation) -> bool:
    """Whether QEMU does not load the ROM for its size."""
    return case.rom and case.code is not None and bool(case.code.size % _ROM_STEP)


def _alone_refused(case: Situation) -> bool:
    """Whether QEMU refuses the chips where no rule on pairs looks at both."""
    if case.rom or case.code is None:
        return False
    if case.one_chip and case.x86 and case.store is not None and case.store.file is not None:
        second = case.store.file.size
        return bool(second % PC_BLOCK_SIZE) or case.code.size + second > PC_MAX_FIRMWARE
    if case.pair is not None:
        return False
    if case.board is not None:
        return case.code.size != case.board.chip_size and not case.fills_chip
    return bool(case.code.size % PC_BLOCK_SIZE) or case.code.size > PC_MAX_FIRMWARE


def _ends_in_padding(case: Situation) -> bool:
    """Whether an x86 processor starts in fill (with a store, its own rule says how to cut it)."""
    tail = b"" if case.code is None or case.pair is not None else case.code.data[-16:]
    return case.x86 and len(set(tail)) == 1 and tail[0] in (0x00, 0xFF)


STATEMENTS: tuple[Rule[Situation], ...] = (
    Rule(
        "statement-not-understood",
        lambda case: bool(case.machine.not_understood),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.not_understood,
        "Check these by hand; the rest of the definition was read.",
        "",
    ),
    Rule(
        "definition-refused",
        lambda case: bool(case.machine.refusals) and case.machine.kind is not Kind.LIBVIRT,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.refused,
        "Mend the definition.",
        f"hw/i386/pc_sysfw.c, hw/arm/virt.c, blockdev.c ({_SEEN})",
    ),
    Rule(
        "board-without-flash",
        lambda case: case.board_has_flash is False and not case.rom,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.board_without_flash,
        "Use a q35 or pc machine.",
        f"hw/i386/pc.c, softmmu/vl.c ({_SEEN})",
    ),
    Rule(
        "board-not-known",
        lambda case: case.firmware is not None and case.board_has_flash is not True,
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.board_not_known,
        "Start the machine on a copy of the store, and see.",
        "",
    ),
)

PROCESSORS: tuple[Rule[Situation], ...] = (
    Rule(
        "processor-32-bit",
        lambda case: case.processor_too_small and not sizes_refused(case),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.processor_32_bit,
        texts.other_processor,
        f"hw/arm/virt.c, target/i386/cpu.c ({_SEEN}: serial empty, VARS untouched)",
    ),
)

CODE_ALONE: tuple[Rule[Situation], ...] = (
    Rule(
        "code-size",
        _alone_refused,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.code_size,
        "Use an image of the size that the machine's flash chips have.",
        f"hw/i386/pc_sysfw.c, hw/block/pflash_cfi01.c ({_SEEN})",
    ),
    Rule(
        "code-ends-in-padding",
        _ends_in_padding,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.code_ends_in_padding,
        "Cut the padding. Where it has to be, it goes in front.",
        f"Intel SDM 3, 9.1.4 ({_SEEN})",
    ),
)
"""What pairs have rules of their own for."""

REFUSED_BY_LIBVIRT: tuple[Rule[Situation], ...] = (
    Rule(
        "definition-refused",
        lambda case: bool(case.machine.refusals),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.refused,
        "Mend the definition.",
        "src/conf/domain_validate.c, src/qemu/qemu_validate.c (seen, libvirt 9.0)",
    ),
)
"""Behind what QEMU does with the same machine: which definitions libvirt refuses, changes."""

ROM_SIZES: tuple[Rule[Situation], ...] = (
    Rule(
        "rom-size",
        rom_size_refused,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.rom_size,
        "Map it as flash with its VARS (<loader type='pflash'>), or use a unified image.",
        f"hw/i386/x86.c, x86_bios_rom_init ({_SEEN})",
    ),
)
