"""Snapshots: of guest and store together inside the store's file, and of the disks alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ovmfgui.migration.actions.keeping import laid_aside, since, taken_up
from ovmfgui.migration.actions.where import defined_on, see_that_it_is_off
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.kept import Kept

_NAME = "before"


def _named(arguments: Mapping[str, Any]) -> str:
    name = str(arguments.get("name", _NAME))
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", name):
        msg = f'a snapshot cannot be called "{name}"; a letter first, then letters and digits'
        raise Refused(msg)
    return name


def _take(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain, name = simulation.domain_name(arguments.get("domain")), _named(arguments)
    host, machine = simulation.running(domain)
    title = f"Snapshot “{name}” of {domain}"
    was_running = machine.run_state is RunState.RUNNING
    kept = laid_aside(simulation, domain, machine, was_running=was_running)
    words = machine.save_snapshot(name)
    if words:
        simulation.unmet.append(f"A snapshot was asked for and not taken: {words}.")
        yield StepResult(
            host.name,
            title,
            "savevm wants to write guest and store into the store's own file, and QEMU refuses.",
            words,
            ok=False,
            consequence="Only a qcow2 file can hold snapshots: convert the store while the domain "
            "is off, and say so in its definition.",
        )
        return
    store = machine.store
    assert store is not None
    host.snapshots[domain, name] = kept
    simulation.show_snapshot(host, host.file(store.path), name)
    yield StepResult(
        host.name,
        title,
        f"savevm writes the guest, its chips and its store into {store.path}, as a snapshot beside "
        "the active layer.",
        consequence="Whoever reads the file sees the active layer; the snapshot's store lies "
        "behind it, unseen.",
    )


def _kept(host: SimulatedHost, domain: str, name: str) -> Kept:
    kept = host.snapshots.get((domain, name))
    if kept is None:
        there = ", ".join(each for owner, each in host.snapshots if owner == domain) or "none"
        msg = f'"{domain}" has no snapshot "{name}" on {host.title} (taken: {there})'
        raise Refused(msg)
    return kept


def _revert(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain, name = simulation.domain_name(arguments.get("domain")), _named(arguments)
    host, machine = simulation.running(domain)
    kept = _kept(host, domain, name)
    if kept.guest is None:
        msg = f'the snapshot "{name}" is of the disks alone; use revert-disks'
        raise Refused(msg)
    title = f"Back to “{name}”"
    words = machine.load_snapshot(name)
    if words:
        simulation.unmet.append(f"A snapshot was to be gone back to and is not there: {words}.")
        text = "loadvm does not find the snapshot in the store's file; the guest stays as it is."
        yield StepResult(host.name, title, text, words, ok=False)
        return
    gone = taken_up(simulation, machine, kept)
    back = f"Set back to what they were then: {', '.join(gone)}." if gone else ""
    yield StepResult(
        host.name,
        title,
        "loadvm makes the snapshot's store the active layer, and the guest and both its chips what "
        "they were.",
        consequence=f"Guest, disks and variables are of one time again. {back}".strip(),
    )


def _take_disks(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain, name = simulation.domain_name(arguments.get("domain")), _named(arguments)
    host = defined_on(simulation, arguments, domain)
    host.snapshots[domain, name] = laid_aside(simulation, domain, None)
    private = host.domains[domain].private or "there is no store"
    yield StepResult(
        host.name,
        f"Snapshot “{name}” of the disks of {domain}",
        f"snapshot-create --disk-only puts a new layer over each disk. {private} is none of the "
        "disks: it is not in the snapshot.",
        consequence="Copy the store as well, if one day they have to go back together.",
    )


def _revert_disks(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain, name = simulation.domain_name(arguments.get("domain")), _named(arguments)
    host = defined_on(simulation, arguments, domain)
    see_that_it_is_off(simulation, domain, "its disks go back")
    apart = since(simulation, domain, _kept(host, domain, name))
    if apart:
        simulation.unmet.append(
            f"The disks went back to “{name}” and the variables did not: {', '.join(apart)}."
        )
    yield StepResult(
        host.name,
        f"The disks back to “{name}”",
        "The disks are what they were; the store was not in the snapshot and stays what it is.",
        ok=not apart,
        consequence=f"Old disks meet new variables: {', '.join(apart)}. A boot entry may name what "
        "is not on the disk yet, and keys and sealed secrets may not fit."
        if apart
        else "No variable has changed in between, so they still belong together.",
    )


PERFORM: Mapping[str, Perform] = {
    "snapshot": _take,
    "revert": _revert,
    "snapshot-disks": _take_disks,
    "revert-disks": _revert_disks,
}
"""What carries out each action, by its name."""
