"""What becomes of the variables of a machine whose two chips fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout import declared_texts as texts
from ovmfgui.layout.rules.declared import TEMPLATE_CURE, smm_build, template_read
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.model import Kind, StoreKind

if TYPE_CHECKING:
    from ovmfgui.layout.situation import Situation

_FIRMWARE_FOLDERS = ("/usr/share/", "/usr/lib/", "/usr/local/share/", "/nix/store/", "/opt/")
_SEEN = "seen, QEMU 7.2"


def _readonly(case: Situation) -> bool:
    return case.store_readonly and not case.one_chip


def _shares_template(case: Situation) -> bool:
    """Whether the machine's own store is a file of the firmware's package."""
    machine = case.machine
    path = machine.store.path
    if machine.kind is Kind.DESCRIPTOR or machine.store.how is not StoreKind.FLASH or not path:
        return False
    if case.one_chip:
        return False
    return path == machine.store.template or path.startswith(_FIRMWARE_FOLDERS)


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
        "store-readonly-no-boot",
        lambda case: _readonly(case) and not case.x86,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.store_readonly_no_boot,
        "Map the store read-write.",
        f"OvmfPkg/VirtNorFlashDxe ({_SEEN}, AAVMF 2022.11: nothing in 60 s)",
    ),
    Rule(
        "store-readonly",
        _readonly,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.store_readonly,
        "Map the store read-write.",
        f"hw/block/pflash_cfi01.c ({_SEEN})",
    ),
    Rule(
        "secure-flash-no-boot",
        lambda case: case.machine.secure is True and not case.x86,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.secure_no_boot,
        "Take secure= away.",
        f"hw/block/pflash_cfi01.c, pflash_mem_write_with_attrs ({_SEEN}: Synchronous Exception)",
    ),
    Rule(
        "secure-flash-without-smm",
        lambda case: case.machine.secure is True and case.x86 and not smm_build(case),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        texts.secure_without_smm,
        "Use a build with SMM (OVMF_CODE_4M.secboot.fd), or take secure= away.",
        f"hw/block/pflash_cfi01.c, pflash_mem_write_with_attrs ({_SEEN})",
    ),
    Rule(
        "descriptor-for-boards-without-smm",
        lambda case: case.without_smm_on_some and case.expects is not None and case.expects.smm,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.smm_missing_on_some,
        "Take those machine types out of the descriptor.",
        f"OvmfPkg/SmmAccess/SmmAccessPei.c ({_SEEN})",
    ),
    Rule(
        "store-is-template",
        _shares_template,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.shared_template,
        TEMPLATE_CURE,
        "",
    ),
    Rule(
        "store-made-anew",
        lambda case: template_read(case) and case.machine.kind is not Kind.DESCRIPTOR,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.made_anew,
        "Restore the store from a backup before the start, if this machine ever ran.",
        "libvirt src/qemu/qemu_nvram.c, qemuPrepareNVRAM (seen, libvirt 9.0)",
    ),
)
