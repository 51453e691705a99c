"""What the definition declares, before any byte of the store is looked at.

Measured on QEMU 7.2 and on libvirt 9.0 and 11.3 unless a source says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Role
from ovmfgui.layout import declared_texts as texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.rules.uefi_vars import DEVICE_STORES
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.chips import Problem
from ovmfgui.machine.model import Kind, StoreKind

if TYPE_CHECKING:
    from ovmfgui.layout.situation import Situation

_TEMPLATE = "Give the machine a private copy of the VARS template that belongs to this CODE."
_FIRMWARE_FOLDERS = ("/usr/share/", "/usr/lib/", "/usr/local/share/", "/nix/store/", "/opt/")
_SEEN = "seen, QEMU 7.2"


def _smm_build(case: Situation) -> bool:
    return case.expects is not None and case.expects.smm


def _emulates(case: Situation) -> bool:
    """Whether the build goes on without a flash store: x86 by EmuVariableFvb, ARM in its chip."""
    return case.expects is not None and (case.expects.has_emu_variable_fvb or not case.x86)


def _declared_volatile(case: Situation) -> bool:
    return case.machine.stateless is True


def _nothing_mapped(case: Situation) -> bool:
    return not case.rom and case.machine.store.how is StoreKind.NONE and not case.one_chip


def _template_read(case: Situation) -> bool:
    return case.store is not None and case.store.stands_for == "template"


def _shares_template(case: Situation) -> bool:
    """Whether the machine's own store is a file of the firmware's package."""
    machine = case.machine
    path = machine.store.path
    if machine.kind is Kind.DESCRIPTOR or machine.store.how is not StoreKind.FLASH or not path:
        return False
    if case.one_chip:
        return False
    return path == machine.store.template or path.startswith(_FIRMWARE_FOLDERS)


FILES_AND_STATEMENTS: tuple[Rule[Situation], ...] = (
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
        "Run this as a user who may read it.",
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
    Rule(
        "smm-missing",
        lambda case: case.without_smm and _smm_build(case),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.smm_missing,
        "Use a q35 machine with SMM (<smm state='on'/>, smm=on), or a build that does not need it.",
        f"OvmfPkg/SmmAccess/SmmAccessPei.c, {_SEEN}: serial empty, VARS untouched",
    ),
)


def _not_chip_sized(case: Situation) -> bool:
    board = case.board
    return board is not None and case.code is not None and case.code.size != board.chip_size


MAPPINGS: tuple[Rule[Situation], ...] = (
    Rule(
        "rom-code-alone",
        lambda case: (
            case.rom
            and case.code is not None
            and case.code.role is Role.CODE
            and case.x86
            and not case.uses_uefi_vars
            and not _made_for_memory(case)
        ),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.rom_code_alone,
        "Map it as flash with its VARS (<loader type='pflash'>), or use a unified image.",
        f"hw/i386/x86.c, x86_bios_rom_init ({_SEEN}: prints nothing in 70 s)",
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
        _TEMPLATE,
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
        _TEMPLATE,
        f"{_SEEN}",
    ),
    Rule(
        "unified-beside-store",
        lambda case: (
            case.one_chip
            and case.store_in_flash
            and case.machine.firmware is not None
            and case.machine.firmware.readonly is True
        ),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.unified_beside_store,
        "Name a split CODE image with this store.",
        f"hw/i386/pc_sysfw.c ({_SEEN})",
    ),
    Rule(
        "unified-readonly-declared",
        lambda case: case.one_chip and _declared_volatile(case),
        Fit.FITS,
        Outcome.BOOTS_VOLATILE,
        texts.stateless,
        "",
        f"{_SEEN}",
    ),
    Rule(
        "unified-readonly",
        lambda case: (
            case.one_chip
            and case.machine.firmware is not None
            and case.machine.firmware.readonly is True
        ),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.unified_readonly,
        "Split it, and give the machine a private copy of its VARS.",
        f"{_SEEN}",
    ),
)


def _made_for_memory(case: Situation) -> bool:
    """Whether the definition itself says that the image belongs into memory."""
    return case.machine.kind is Kind.DESCRIPTOR


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
        "Run this as a user who may read it (root, or the user that runs QEMU).",
        "",
    ),
    Rule(
        "template-missing",
        lambda case: case.store_has(Problem.MISSING) and _template_read(case),
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
        f"{_TEMPLATE} Restore the store from a backup if it held boot entries or keys.",
        f"block/file-posix.c, raw_open_common ({_SEEN})",
    ),
    Rule(
        "store-declared-raw",
        lambda case: (
            case.store_has(Problem.DECLARED_RAW) and case.pair is not None and not _refused(case)
        ),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.store_declared_raw,
        "Do not start it: declare the format that the file has (libvirt: <nvram format='qcow2'>), "
        "or convert the file to raw.",
        f"libvirt 9.0 passes raw ({_SEEN}: 49,281 bytes written inside the qcow2)",
    ),
)


def _refused(case: Situation) -> bool:
    from ovmfgui.layout.rules.placement import SIZES

    pair = case.pair
    return pair is not None and any(rule.applies(pair) for rule in SIZES)


DECLARED = (*FILES_AND_STATEMENTS, *DEVICE_STORES, *MAPPINGS, *STORES)

KEEPING: tuple[Rule[Situation], ...] = (
    Rule(
        "writes-discarded",
        lambda case: case.machine.store.discarded,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.discarded,
        "Start it without -snapshot, with a store of its own.",
        "QEMU system/vl.c, -snapshot",
    ),
    Rule(
        "store-readonly",
        lambda case: case.machine.store.readonly is True and not case.one_chip,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.store_readonly,
        "Map the store read-write.",
        f"hw/block/pflash_cfi01.c ({_SEEN})",
    ),
    Rule(
        "secure-flash-without-smm",
        lambda case: case.machine.secure is True and case.x86 and not _smm_build(case),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.secure_without_smm,
        "Use a build with SMM (OVMF_CODE_4M.secboot.fd), or take secure= away.",
        f"hw/block/pflash_cfi01.c, pflash_mem_write_with_attrs ({_SEEN})",
    ),
    Rule(
        "store-is-template",
        _shares_template,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.shared_template,
        _TEMPLATE,
        "",
    ),
    Rule(
        "store-made-anew",
        lambda case: _template_read(case) and case.machine.kind is not Kind.DESCRIPTOR,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.made_anew,
        "Restore the store from a backup before the start, if this machine ever ran.",
        "libvirt src/qemu/qemu_nvram.c, qemuPrepareNVRAM (seen, libvirt 9.0)",
    ),
)
"""What becomes of the variables of a machine whose two chips fit."""
