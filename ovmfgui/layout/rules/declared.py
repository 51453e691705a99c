"""What the definition declares, before any byte of the store is looked at.

Measured on QEMU 7.2 and on libvirt 9.0 and 11.3 unless a source says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Role
from ovmfgui.layout import declared_texts as texts
from ovmfgui.layout.rules import RULES
from ovmfgui.layout.rules.definition import (
    CODE_ALONE,
    PROCESSORS,
    REFUSED_BY_LIBVIRT,
    ROM_SIZES,
    STATEMENTS,
    sizes_refused,
)
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.rules.uefi_vars import DEVICE_STORES
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.chips import Problem
from ovmfgui.machine.model import StoreKind

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing
    from ovmfgui.layout.situation import Situation

TEMPLATE_CURE = "Give the machine a private copy of the VARS template that belongs to this CODE."
_SEEN = "seen, QEMU 7.2"


def smm_build(case: Situation) -> bool:
    """Whether CODE handles its variables in SMM."""
    return case.expects is not None and case.expects.smm


def _emulates(case: Situation) -> bool:
    """Whether the build goes on without a flash store: x86 by EmuVariableFvb, ARM in its chip."""
    return case.expects is not None and (case.expects.has_emu_variable_fvb or not case.x86)


def _declared_volatile(case: Situation) -> bool:
    return case.machine.stateless is True


def _nothing_mapped(case: Situation) -> bool:
    return not case.rom and case.machine.store.how is StoreKind.NONE and not case.one_chip


def template_read(case: Situation) -> bool:
    """Whether the template was read in the place of a store that does not exist."""
    return case.store is not None and case.store.stands_for == "template"


def _read(case: Situation) -> bool:
    """Whether the modules of CODE could be read, so that it is known to be UEFI."""
    return case.expects is not None and case.expects.secure_boot is not None


def _bytes_decide(pair: Pairing) -> Rule[Pairing]:
    return next(rule for rule in RULES if rule.applies(pair))


def _unified_readonly(case: Situation) -> bool:
    """Whether CODE and store lie on one chip that is not written, and that boots all the same."""
    pair = case.pair
    if not case.one_chip or pair is None or not case.store_readonly:
        return False
    if case.store_has(Problem.MISSING):
        return False  # a second chip whose file is gone: nothing starts
    rule = _bytes_decide(pair)
    boots = rule.outcome not in (Outcome.NO_BOOT, Outcome.REFUSED_BY_QEMU)
    return boots or rebuilt_in_vain(case, rule.id)


def rebuilt_in_vain(case: Situation, rule: str) -> bool:
    """Whether the flash driver rejects a volume on a chip that is not written.

    It goes on with its store in memory then (seen, OVMF 2022.11); an SMM build has none, and stops.
    """
    emulates = case.expects is not None and case.expects.has_emu_variable_fvb
    return emulates and rule in ("volume-rebuilt", "other-file-system")


def _fits(case: Situation) -> bool:
    return case.pair is not None and _bytes_decide(case.pair).fit is Fit.FITS


def _well(case: Situation) -> bool:
    return case.pair is not None and _bytes_decide(case.pair).fit.well


FILES_AND_STATEMENTS: tuple[Rule[Situation], ...] = (
    *STATEMENTS,
    Rule(
        "no-firmware",
        lambda case: case.firmware is None,
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.no_firmware,
        "Give the definition of the running machine, which names it.",
        "",
    ),
    Rule(
        "code-missing",
        lambda case: case.firmware_has(Problem.MISSING),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.firmware_missing,
        "Install the firmware package that this machine was made with, or point it at another "
        "CODE of the same layout.",
        f"block/file-posix.c, raw_open_common; libvirt 9.0 ({_SEEN})",
    ),
    Rule(
        "code-unreadable",
        lambda case: case.firmware_has(Problem.UNREADABLE, Problem.NOT_READ, Problem.UNUSABLE),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.firmware_unknown,
        texts.readable_firmware,
        "",
    ),
    Rule(
        "declared-qcow2",
        lambda case: case.firmware_has(Problem.NOT_QCOW2) or case.store_has(Problem.NOT_QCOW2),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.not_qcow2,
        "Declare the format that the file has.",
        f"block/qcow2.c, qcow2_do_open ({_SEEN})",
    ),
    Rule(
        "mapped-beyond-file",
        lambda case: case.firmware_has(Problem.TOO_SHORT) or case.store_has(Problem.TOO_SHORT),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.too_short,
        "Pass a size that the file has, or give a whole file.",
        "block/raw-format.c, raw_apply_options",
    ),
    Rule(
        "other-architecture-refused",
        lambda case: (
            case.other_architecture and (texts.refused_by_x86(case) or _not_chip_sized(case))
        ),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.other_architecture,
        "Name the firmware of the machine's own architecture.",
        f"hw/block/pflash_cfi01.c, hw/i386/pc_sysfw.c ({_SEEN})",
    ),
    Rule(
        "other-architecture",
        lambda case: case.other_architecture,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.other_architecture,
        "Name the firmware of the machine's own architecture.",
        "",
    ),
    Rule(
        "code-declared-raw",
        lambda case: case.firmware_has(Problem.DECLARED_RAW),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.firmware_declared_raw,
        "Declare the format that the file has (libvirt: <loader format='qcow2'>).",
        "",
    ),
    Rule(
        "store-as-firmware",
        lambda case: case.code is not None and case.code.role in (Role.VARS, Role.BLANK),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.swapped,
        "Swap the two: CODE is the firmware (unit 0, <loader>), VARS the store (unit 1, <nvram>).",
        f"hw/i386/pc_sysfw.c ({_SEEN})",
    ),
    *PROCESSORS,
    Rule(
        "smm-missing",
        lambda case: case.without_smm and smm_build(case) and not sizes_refused(case),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.smm_missing,
        "Use a q35 machine with SMM (<smm state='on'/>, smm=on), or a build that does not need it.",
        f"OvmfPkg/SmmAccess/SmmAccessPei.c, {_SEEN}: serial empty, VARS untouched",
    ),
    *REFUSED_BY_LIBVIRT,
    *CODE_ALONE,
)


def _not_chip_sized(case: Situation) -> bool:
    board = case.board
    return board is not None and case.code is not None and case.code.size != board.chip_size


MAPPINGS: tuple[Rule[Situation], ...] = (
    *ROM_SIZES,
    Rule(
        "code-not-read",
        lambda case: (case.rom or _nothing_mapped(case)) and not _read(case),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.code_not_read,
        "",
        "",
    ),
    Rule(
        "rom-no-boot",
        lambda case: case.rom and not _emulates(case) and not case.uses_uefi_vars,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.rom_no_boot,
        "Map CODE and VARS as flash, or use a build without SMM.",
        f"OvmfPkg/QemuFlashFvbServicesRuntimeDxe/QemuFlash.c, QemuFlashInitialize ({_SEEN})",
    ),
    Rule(
        "rom-volatile-declared",
        lambda case: case.rom and _declared_volatile(case),
        Fit.FITS,
        Outcome.BOOTS_VOLATILE,
        texts.rom_volatile_declared,
        "",
        f"hw/i386/x86.c, x86_bios_rom_init ({_SEEN})",
    ),
    Rule(
        "rom-volatile",
        lambda case: case.rom,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.rom_volatile,
        "Map CODE and VARS as flash, or declare the machine stateless if nothing is to be saved.",
        f"hw/i386/x86.c, x86_bios_rom_init ({_SEEN})",
    ),
    Rule(
        "no-store-no-boot",
        lambda case: _nothing_mapped(case) and not _emulates(case),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.stateless_no_boot,
        TEMPLATE_CURE,
        f"OvmfPkg/QemuFlashFvbServicesRuntimeDxe/QemuFlash.c, QemuFlashInitialize ({_SEEN})",
    ),
    Rule(
        "stateless",
        lambda case: _nothing_mapped(case) and _declared_volatile(case),
        Fit.FITS,
        Outcome.BOOTS_VOLATILE,
        texts.stateless,
        "",
        f"{_SEEN}",
    ),
    Rule(
        "no-store",
        _nothing_mapped,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.no_store,
        TEMPLATE_CURE,
        f"{_SEEN}",
    ),
    Rule(
        "unified-beside-store",
        lambda case: _unified_readonly(case) and case.store_in_flash,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.unified_beside_store,
        "Name a split CODE image with this store.",
        f"hw/i386/pc_sysfw.c ({_SEEN})",
    ),
    Rule(
        "unified-readonly-declared",
        lambda case: _unified_readonly(case) and _declared_volatile(case) and _fits(case),
        Fit.FITS,
        Outcome.BOOTS_VOLATILE,
        texts.stateless,
        "",
        f"{_SEEN}",
    ),
    Rule(
        "unified-readonly-warnings",
        lambda case: _unified_readonly(case) and _declared_volatile(case) and _well(case),
        Fit.RISKY,
        Outcome.BOOTS_VOLATILE,
        texts.stateless,
        "Its store is not sound: see below.",
        f"{_SEEN}",
    ),
    Rule(
        "unified-readonly",
        _unified_readonly,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.unified_readonly,
        "Split it, and give the machine a private copy of its VARS.",
        f"{_SEEN}",
    ),
)


STORES: tuple[Rule[Situation], ...] = (
    Rule(
        "store-elsewhere",
        lambda case: case.machine.store.how in (StoreKind.BLOCK, StoreKind.NETWORK),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.store_elsewhere,
        "Copy its bytes to a file and check that: ovmfgui check CODE COPY.",
        "",
    ),
    Rule(
        "store-unreadable",
        lambda case: case.store_has(Problem.UNREADABLE, Problem.NOT_READ, Problem.UNUSABLE),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.store_unreadable,
        texts.readable_store,
        "",
    ),
    Rule(
        "template-missing",
        lambda case: case.store_has(Problem.MISSING) and template_read(case),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.template_missing,
        "Install the firmware package that has the template.",
        "libvirt src/qemu/qemu_nvram.c (seen, libvirt 9.0)",
    ),
    Rule(
        "store-missing",
        lambda case: case.store_has(Problem.MISSING),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.store_missing,
        f"{TEMPLATE_CURE} Restore the store from a backup if it held boot entries or keys.",
        f"block/file-posix.c, raw_open_common ({_SEEN})",
    ),
    Rule(
        "store-declared-raw",
        lambda case: (
            case.store_has(Problem.DECLARED_RAW)
            and case.pair is not None
            and not sizes_refused(case)
        ),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.store_declared_raw,
        "Do not start it: declare the format that the file has (libvirt: <nvram format='qcow2'>), "
        "or convert the file to raw.",
        f"libvirt 9.0 passes raw ({_SEEN}: 49,281 bytes written inside the qcow2)",
    ),
)


DECLARED = (*FILES_AND_STATEMENTS, *DEVICE_STORES, *MAPPINGS, *STORES)
