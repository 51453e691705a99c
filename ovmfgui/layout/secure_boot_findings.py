"""What a verdict says of Secure Boot beside the question whether the two fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.layout.enforcement import NO_CODE, in_machine
from ovmfgui.nvram.vendors import GLOBAL

if TYPE_CHECKING:
    from datetime import date

    from ovmfgui.layout.enforcement import Enforcement
    from ovmfgui.layout.verdict import Expectation
    from ovmfgui.machine.model import Machine
    from ovmfgui.nvram.store import Store


def secure_boot_findings(
    store: Store, expects: Expectation, machine: Machine | None = None, today: date | None = None
) -> tuple[Finding, ...]:
    """What is to be known of a machine's Secure Boot; it decides nothing about the fit.

    Args:
        store: its variables.
        expects: what its CODE is.
        machine: as it is defined; None where that is not known.
        today: what validity is held against; the day it is where None.
    """
    if store.json is None and (store.header_span is None or not store.authenticated):
        return ()
    if (GLOBAL, "PK") not in store.by_key:
        text = (
            "Secure Boot is in setup mode: no PK is enrolled, and nothing that starts is checked."
        )
        return (Finding("setup-mode", Severity.INFO, text),)
    # Imported here: a store without keys does without all that reads them.
    from datetime import date

    from ovmfgui.trust.overview import overview
    from ovmfgui.trust.room import room_for_dbx

    seen = overview(
        {record.key: record.data for record in store.live},
        authenticated=True,
        room=room_for_dbx(store),
        today=today or date.today(),
    )
    found = in_machine(expects.enforcement or NO_CODE, machine, smm=expects.smm)
    return (*seen.findings, *enforcement_findings(found, seen.mode))


def enforcement_findings(found: Enforcement, mode: str) -> tuple[Finding, ...]:
    """What CODE makes of the keys in a store.

    Args:
        found: what CODE does.
        mode: of the store, as ``Overview`` has it.
    """
    if mode != "user":
        return ()
    if found.enforced is False:
        text = (
            f"Keys are enrolled, and this CODE does not enforce them ({found.why}): everything "
            "starts. Take a build with Secure Boot, or do not count on it."
        )
        return (Finding("secure-boot-not-enforced", Severity.WARNING, text),)
    if found.enforced and found.protected is False:
        text = (
            "The keys lie within the operating system's reach: this machine does not keep its "
            "variables in SMM with flash that is written from there alone (an SMM build, smm=on, "
            "secure=on). What starts is checked, but a guest's kernel can change the keys."
        )
        return (Finding("keys-unprotected", Severity.INFO, text),)
    return ()
