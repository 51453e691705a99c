"""Variables in the JSON file of QEMU's uefi-vars device instead of in flash.

What QEMU refuses to start with was seen on QEMU 10.0.2; what the device answers a guest is read
from its sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.layout import declared_texts
from ovmfgui.layout import texts as code_texts
from ovmfgui.layout import uefi_vars_texts as texts
from ovmfgui.layout.rules.definition import rom_size_refused
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.chips import Problem
from ovmfgui.machine.model import Kind, StoreKind

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing
    from ovmfgui.layout.situation import Situation
    from ovmfgui.nvram.store import Store

_LOAD = "QEMU hw/uefi/var-service-json.c, uefi_vars_json_load"
_LISTING = "QEMU hw/uefi/var-service-vars.c, uefi_vars_mm_get_next_variable"
_REFUSED = (
    "json-broken",
    "json-bom",
    "json-no-list",
    "json-entry",
    "json-no-version",
    "json-unexpected",
)
_MEND = (
    "Recover its good variables into a new file (ovmfgui vars recover), or restore it from a copy."
)
_CONVERT = (
    "Carry its variables into a store in flash (ovmfgui convert JSON --for CODE -o NEW), or use a "
    "firmware build that talks to the device."
)


def refused_by_device(store: Store) -> bool:
    """Whether QEMU does not start with a JSON store."""
    return any(finding.id in _REFUSED for finding in store.findings)


def _has(store: Store, severity: Severity) -> bool:
    return any(finding.severity is severity for finding in store.findings)


def _used(pair: Pairing) -> bool:
    return pair.store.json is not None and pair.expects.uses_uefi_vars


JSON_STORES: tuple[Rule[Pairing], ...] = (
    Rule(
        "json-no-reset-vector",
        lambda pair: pair.store.json is not None and pair.without_reset_vector,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        code_texts.no_reset_vector,
        code_texts.cut_code,
        "Intel SDM 3, 9.1.4; hw/i386/pc_sysfw.c (seen, QEMU 7.2)",
    ),
    Rule(
        "json-refused",
        lambda pair: _used(pair) and refused_by_device(pair.store),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        lambda pair: texts.refused(pair.store),
        _MEND,
        _LOAD,
    ),
    Rule(
        "json-faulty",
        lambda pair: _used(pair) and _has(pair.store, Severity.ERROR),
        Fit.INCOMPATIBLE,
        Outcome.UNKNOWN,
        lambda pair: texts.faulty(pair.store),
        _MEND,
        _LISTING,
    ),
    Rule(
        "json-used-warnings",
        lambda pair: _used(pair) and _has(pair.store, Severity.WARNING),
        Fit.RISKY,
        Outcome.BOOTS,
        lambda pair: texts.used(pair.store),
        lambda pair: texts.first_warning(pair.store),
        _LOAD,
    ),
    Rule(
        "json-used",
        _used,
        Fit.FITS,
        Outcome.BOOTS,
        lambda pair: texts.used(pair.store),
        "",
        _LOAD,
    ),
    Rule(
        "json-unused-volatile",
        lambda pair: (
            pair.store.json is not None and (pair.expects.has_emu_variable_fvb or not pair.x86)
        ),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        lambda pair: texts.unused(pair.store, boots=True),
        _CONVERT,
        "OvmfPkg/VirtMmCommunicationDxe is not in it; CODE without a store: seen, QEMU 7.2",
    ),
    Rule(
        "json-unused",
        lambda pair: pair.store.json is not None,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        lambda pair: texts.unused(pair.store, boots=False),
        _CONVERT,
        "OvmfPkg/VirtMmCommunicationDxe is not in it; CODE without a store: seen, QEMU 7.2",
    ),
)
"""On a pair of files; first in the table, for nothing that is said of flash holds for them."""


def _device(case: Situation) -> bool:
    return case.machine.store.how is StoreKind.UEFI_VARS and case.uses_uefi_vars


def _unused(case: Situation) -> bool:
    """Whether CODE never asks the device; a unified image in flash has a store of its own."""
    given = case.machine.store.how is StoreKind.UEFI_VARS and not rom_size_refused(case)
    return given and case.expects is not None and not case.uses_uefi_vars and not case.one_chip


def _starts_nowhere(case: Situation) -> bool:
    """Whether CODE does not boot without a store in flash."""
    if case.expects is None or case.code is None or not case.x86:
        return False
    return not case.expects.has_emu_variable_fvb


def _judged(case: Situation) -> Store | None:
    """The device's store; None where it is not known."""
    return case.device_store if _device(case) else None


def _found(case: Situation, severity: Severity) -> bool:
    store = _judged(case)
    return store is not None and _has(store, severity)


DEVICE_STORES: tuple[Rule[Situation], ...] = (
    Rule(
        "json-as-flash",
        lambda case: (
            case.machine.store.how is StoreKind.FLASH
            and case.store is not None
            and case.store.file is not None
            and is_json_store(case.store.file.data)
        ),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.as_flash,
        "Declare it as the device's store (libvirt: <varstore path=…/>), or map a store in flash.",
        "hw/block/pflash_cfi01.c, hw/i386/pc_sysfw.c",
    ),
    Rule(
        "uefi-vars-not-json",
        lambda case: _device(case) and case.store_has(Problem.UNUSABLE),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.not_json,
        "Name the device's JSON store, or carry the variables into one: ovmfgui convert VARS -o "
        "NEW.json.",
        _LOAD,
    ),
    Rule(
        "uefi-vars-unreadable",
        lambda case: _device(case) and case.store_has(Problem.UNREADABLE, Problem.NOT_READ),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.unreadable,
        "Run this as a user who may read it (root, or the user that runs QEMU).",
        "",
    ),
    Rule(
        "uefi-vars-template-missing",
        lambda case: (
            _device(case)
            and case.store_has(Problem.MISSING)
            and case.store is not None
            and case.store.stands_for == "template"
        ),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        texts.template_missing,
        "Install the firmware package that has the template.",
        "libvirt src/qemu/qemu_nvram.c",
    ),
    Rule(
        "uefi-vars-created",
        lambda case: _device(case) and case.store_has(Problem.MISSING),
        Fit.RISKY,
        Outcome.BOOTS_INITIALISES,
        texts.created,
        "Restore it from a backup before the start, if this machine ever ran.",
        "QEMU hw/uefi/var-service-json.c, uefi_vars_json_init",
    ),
    Rule(
        "uefi-vars-refused",
        lambda case: (store := _judged(case)) is not None and refused_by_device(store),
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        lambda case: texts.refused(_judged(case)),
        _MEND,
        _LOAD,
    ),
    Rule(
        "uefi-vars-faulty",
        lambda case: _found(case, Severity.ERROR),
        Fit.INCOMPATIBLE,
        Outcome.UNKNOWN,
        lambda case: texts.faulty(_judged(case)),
        _MEND,
        _LISTING,
    ),
    Rule(
        "uefi-vars-made-anew",
        lambda case: (
            _judged(case) is not None
            and case.store is not None
            and case.store.stands_for == "template"
            and case.machine.kind is not Kind.DESCRIPTOR
        ),
        Fit.RISKY,
        Outcome.BOOTS,
        texts.made_anew,
        "Restore the store from a backup before the start, if this machine ever ran.",
        "libvirt src/qemu/qemu_nvram.c",
    ),
    Rule(
        "uefi-vars-warnings",
        lambda case: _found(case, Severity.WARNING),
        Fit.RISKY,
        Outcome.BOOTS,
        lambda case: texts.used(_judged(case)),
        lambda case: texts.first_warning(_judged(case)),
        _LOAD,
    ),
    Rule(
        "uefi-vars",
        _device,
        Fit.FITS,
        Outcome.BOOTS,
        declared_texts.uefi_vars,
        "",
        _LOAD,
    ),
    Rule(
        "uefi-vars-unused-no-boot",
        lambda case: _unused(case) and _starts_nowhere(case),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.unused_no_boot,
        "Use a firmware build that talks to the device, or map a CODE with its VARS as flash.",
        "an SMM build as ROM, and without a store: seen, QEMU 7.2",
    ),
    Rule(
        "uefi-vars-unused",
        lambda case: _unused(case),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        declared_texts.uefi_vars_unused,
        "Use a firmware build that talks to the device, or map a CODE with its VARS as flash.",
        "OvmfPkg/Library/VirtMmCommunication; ROM and no store: seen, QEMU 7.2",
    ),
)
"""On a machine that is given the device, or a JSON file as flash."""
