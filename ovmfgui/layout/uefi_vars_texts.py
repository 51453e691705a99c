"""The sentences of the verdict on stores of QEMU's uefi-vars device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.layout.situation import Situation
    from ovmfgui.nvram.store import Store


def _first(store: Store | None, severity: Severity) -> str:
    """The first finding of that severity, without its full stop."""
    findings = () if store is None else store.findings
    found = next((f.text for f in findings if f.severity is severity), "")
    return found.removesuffix(".")


def _named(case: Situation) -> str:
    return "the JSON store" if case.store is None else case.store.named


def used(store: Store | None) -> str:
    """CODE and store speak of the same device."""
    variables = count(0 if store is None else len(store.live), "variable")
    return (
        "This CODE leaves its variables to QEMU's uefi-vars device, and this is the device's JSON "
        f"store, with {variables}: it boots and saves."
    )


def first_warning(store: Store | None) -> str:
    """What ought to be looked at."""
    return f"{_first(store, Severity.WARNING)}."


def refused(store: Store | None) -> str:
    """QEMU cannot load it."""
    return f"QEMU cannot load this JSON store. {_first(store, Severity.ERROR)}."


def faulty(store: Store | None) -> str:
    """QEMU loads it, and the guest stumbles."""
    return (
        "QEMU loads this JSON store, and the guest stumbles over it. "
        f"{_first(store, Severity.ERROR)}."
    )


def unused(store: Store | None, *, boots: bool) -> str:
    """CODE keeps its variables in flash."""
    variables = count(0 if store is None else len(store.live), "variable")
    then = (
        "without a store in flash it boots and forgets all that is written"
        if boots
        else "without a store in flash it does not boot"
    )
    return (
        f"This is the JSON store of QEMU's uefi-vars device, with {variables}; this CODE keeps its "
        f"variables in flash and never asks the device: {then}."
    )


def unused_no_boot(case: Situation) -> str:
    """The device is there, and CODE needs a store in flash."""
    where = case.machine.store.path or case.machine.store.template
    return (
        f"The definition keeps variables in QEMU's uefi-vars device ({where}), and this CODE does "
        "not use it: without a store in flash it does not boot."
    )


def as_flash(case: Situation) -> str:
    """A JSON file mapped as a flash chip."""
    return (
        f"{_named(case)} is mapped as flash and is the JSON store of QEMU's uefi-vars device: QEMU "
        "refuses it for its size, or the firmware finds no store in it."
    )


def unreadable(case: Situation) -> str:
    """The store is there, and not known."""
    words = "" if case.store is None else case.store.words
    return f"The store cannot be judged: {_named(case)} {words}."


def not_json(case: Situation) -> str:
    """Another file is given to the device."""
    return (
        f"{_named(case)} is given to QEMU's uefi-vars device and is no JSON: it refuses to start."
    )


def template_missing(case: Situation) -> str:
    """Neither store nor template."""
    return (
        f"The store {case.machine.store.path or 'of this machine'} does not exist, and neither "
        f"does the template that it is made from, {case.machine.store.template}."
    )


def created(case: Situation) -> str:
    """QEMU makes the file."""
    return (
        f"{_named(case)} does not exist: QEMU creates it, and the machine starts without any "
        "variable: boot entries and keys of an earlier store are not there."
    )


def made_anew(case: Situation) -> str:
    """The store is made from its template."""
    return (
        f"The store {case.machine.store.path} does not exist and is made from "
        f"{case.machine.store.template}: what an earlier one held is lost, without a message. The "
        "template was judged."
    )
