"""Secure Boot in a scenario: keys enrolled into a domain's store, and a loader that is tried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ovmfgui.migration.actions.stores import begin_with
from ovmfgui.migration.actions.where import defined_on, see_that_it_is_off
from ovmfgui.migration.simulation.guest_view import store_in
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.nvram.store import Store
    from ovmfgui.trust.known import KnownCertificate
    from ovmfgui.trust.overview import Overview


def _enrol(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    from ovmfgui.trust.enrolment import enrol, of_profile
    from ovmfgui.trust.profiles import PROFILES, profile_named

    name = simulation.domain_name(arguments.get("domain"))
    host = defined_on(simulation, arguments, name)
    see_that_it_is_off(simulation, name, "keys are written into its store")
    profile = profile_named(arguments["profile"])
    if profile is None:
        known = ", ".join(each.name for each in PROFILES)
        msg = f"there is no profile {arguments['profile']!r}; known are {known}"
        raise Refused(msg)
    domain = host.domains[name]
    if domain.private is None or domain.private not in host.files:
        msg = f'"{name}" has no store that keys could be written into'
        raise Refused(msg)
    data = host.file(domain.private).contents.snapshot().tobytes()
    before = _seen(store_in(Pages.of(data)))
    edit = enrol(data, of_profile(profile, store_in(Pages.of(data))), compact=True)
    simulation.put_private(host, domain, Pages.of(edit.after))
    begin_with(simulation, host, domain)
    after = _seen(store_in(Pages.of(edit.after)))
    added = sum(len(each.certificates) for each in after.databases.values())
    added -= sum(len(each.certificates) for each in before.databases.values())
    yield StepResult(
        host.name,
        f"Enrol {profile.name}",
        f"{count(added, 'certificate')} of the profile {profile.name} "
        f"{'is' if added == 1 else 'are'} written into {domain.private}, as firmware would write "
        "them.",
        consequence=_consequence(before, after),
    )


def _consequence(before: Overview, after: Overview) -> str:
    """What is signed from now on is what counts."""
    update = after.next_update
    parts = []
    if before.mode == "setup" and after.mode == "user":
        parts.append("With a PK the machine leaves setup mode: what starts has to be signed.")
    if update is not None:
        taken = "are taken" if update.signer_trusted else "are refused: KEK lacks their signer"
        parts.append(f"Updates of dbx that are signed from 2026 on {taken}.")
    return " ".join(parts)


def _seen(store: Store) -> Overview:
    from ovmfgui.trust.overview import overview

    variables = {record.key: record.data for record in store.live}
    return overview(variables, authenticated=store.authenticated, room=None, today=date.today())


def _try_loader(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    from ovmfgui.trust.binary import Binary, Signed, judge

    name = simulation.domain_name(arguments.get("domain"))
    host, contents = _store_of(simulation, arguments, name)
    signer = _signer(arguments["signed_by"])
    signature = Signed(signer.subject, (signer.der,), valid=True)
    seen = _seen(store_in(contents))
    judgement = judge(Binary("loader.efi", bytes(32), (signature,), None), seen)
    starts = judgement.starts is True
    yield StepResult(
        host.name,
        f"A loader signed with {signer.subject}",
        f"Firmware with Secure Boot starts it: {signer.subject} is in db."
        if starts and seen.mode == "user"
        else f"Firmware with Secure Boot {'starts' if starts else 'denies'} it: {judgement.why}.",
        ok=starts,
        consequence="" if starts else "Enrol the key that it is signed with, or its successor.",
    )


def _store_of(
    simulation: Simulation, arguments: Mapping[str, Any], name: str
) -> tuple[SimulatedHost, Pages]:
    """What firmware would read its keys from: the chip of a guest, or the file of one that is off.

    Raises:
        Refused: there is no store.
    """
    for host, machine in simulation.machines():
        if machine.domain == name and machine.store is not None:
            return host, machine.store.device.contents()
    host = defined_on(simulation, arguments, name)
    path = host.domains[name].private
    if path is None or path not in host.files:
        msg = f'"{name}" has no store, so no keys'
        raise Refused(msg)
    return host, host.file(path).contents.snapshot()


def _signer(name: str) -> KnownCertificate:
    from ovmfgui.trust.known import known_certificates

    known = {each.file.removesuffix(".pem"): each for each in known_certificates().values()}
    if name not in known:
        msg = f"there is no certificate {name!r}; known are {', '.join(sorted(known))}"
        raise Refused(msg)
    return known[name]


PERFORM: Mapping[str, Perform] = {
    "enrol-keys": _enrol,
    "try-loader": _try_loader,
}
"""What carries out each action, by its name."""
