"""A guest into a file and back: save and restore, managed save and the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.actions.keeping import laid_aside, taken_up
from ovmfgui.migration.actions.stores import made_where_missing
from ovmfgui.migration.actions.where import see_that_it_is_off
from ovmfgui.migration.simulation.launch import launch
from ovmfgui.migration.simulation.states import FileRole, RunState
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.kept import Kept
    from ovmfgui.migration.simulation.machine import Machine

MANAGED_FOLDER = "/var/lib/libvirt/qemu/save"
_SPARSE, _SPARSE_SINCE = 6, (11, 2)
"""VIR_QEMU_SAVE_FORMAT_SPARSE (libvirt src/qemu/qemu_saveimage.h), and the first to have it."""

_SAVE_FOLDER = "/var/lib/libvirt/images"


_NEXT = {
    True: "The next start takes the guest up from there.",
    False: "restore takes the guest up from there.",
}


def managed_save(host: SimulatedHost, name: str) -> str | None:
    """The path of a domain's managed save; None where it has none."""
    kept = ((path, kept) for path, kept in host.saved.items() if kept.managed)
    return next((path for path, each in kept if each.domain == name), None)


def _save(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    path, sparse = arguments.get("file", f"{_SAVE_FOLDER}/{name}.save"), arguments.get("sparse")
    yield _saved(simulation, name, path, sparse=sparse is True)


def _managed(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    yield _saved(simulation, name, f"{MANAGED_FOLDER}/{name}.save", managed=True)


def _saved(
    simulation: Simulation, name: str, path: str, *, managed: bool = False, sparse: bool = False
) -> StepResult:
    host, machine = simulation.running(name)
    if sparse and not _reads_sparse(host):
        msg = f"libvirt on {host.title} is {_version(host)}; the sparse format came with 11.2"
        raise Refused(msg)
    there = host.files.get(path)
    if there is not None and there.role is not FileRole.SAVED:
        msg = f"{path} is already there on {host.title} and is no save file; name another file"
        raise Refused(msg)
    was_running = machine.run_state is RunState.RUNNING
    if was_running:
        machine.change_run_state(RunState.PAUSED)
    host.saved[path] = laid_aside(
        simulation, name, machine, was_running=was_running, managed=managed, sparse=sparse
    )
    simulation.put_saved(host, path, name, simulation.platform.save(machine, host.plan, path))
    write = machine.guest.write
    due = [chip.path for chip in machine.chips if chip.device.dump_pending]
    host.machines.pop(name).end()
    chips = _chips_in_words(machine)
    middle = (
        f" It was in the middle of a write ({write.done} of {write.total} bus writes done): the "
        "chip's command state lies there too."
        if write is not None
        else ""
    )
    left = f"{due[0]} is still what it was before the guest arrived" if due else _left(machine)
    return StepResult(
        host.name,
        f"{'Managed save' if managed else 'Save'} of {name}",
        f"The guest is stopped and written to {path}, and with it {chips}; then its QEMU ends."
        f"{middle}",
        consequence=f"{left}. {_NEXT[managed]}",
    )


def _chips_in_words(machine: Machine) -> str:
    match len(machine.chips), machine.store:
        case 2, _:
            return "what both flash chips hold, CODE too"
        case _, None:
            return "the firmware that it executes"
    return "what its flash chip holds, CODE too"


def _left(machine: Machine) -> str:
    store = machine.store
    return f"{store.path} stays as it was" if store is not None else "There is no store"


def _restore(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host, path = _found(simulation, arguments)
    name = host.saved[path].domain
    see_that_it_is_off(simulation, name, "its guest is restored")
    if name not in host.domains:
        msg = (
            f'"{name}" is not defined on {host.title} any more; libvirt would bring it back for as '
            "long as it runs: define it first"
        )
        raise Refused(msg)
    yield from resume(simulation, host, path)


def _found(simulation: Simulation, arguments: Mapping[str, Any]) -> tuple[SimulatedHost, str]:
    """The save file that is meant, and its host."""
    wanted, domain, where = (arguments.get(each) for each in ("file", "domain", "host"))
    files = [
        (host, path)
        for host in simulation.hosts.values()
        for path, kept in host.saved.items()
        if not kept.managed and wanted in (None, path) and domain in (None, kept.domain)
        if where in (None, host.name)
    ]
    if len(files) == 1:
        return files[0]
    names = ", ".join(f"{path} on {host.title}" for host, path in files)
    if files:
        msg = f"there are several save files (found: {names}); say host = … or file = …"
    else:
        msg = "there is no such save file (found: none; save one first)"
    raise Refused(msg)


def _copy(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    source, path = _found(simulation, arguments)
    destination = simulation.host(arguments["to"])
    there = destination.files.get(path)
    if destination is source or (there is not None and there.role is not FileRole.SAVED):
        msg = f'{path} is already there on {destination.title}; name another host in "to"'
        raise Refused(msg)
    kept = destination.saved[path] = source.saved[path]
    file = source.file(path).contents
    made = simulation.platform.copy(file, destination.plan, path, shared=False)
    simulation.put_saved(destination, path, kept.domain, made)
    yield StepResult(
        destination.name,
        f"Copy the save file of {kept.domain}",
        f"{path} is copied by hand from {source.title} to {destination.title}; what the guest's "
        "chips hold is in it.",
    )


def _reads_sparse(host: SimulatedHost) -> bool:
    return host.plan.libvirt >= _SPARSE_SINCE


def _version(host: SimulatedHost) -> str:
    return ".".join(map(str, host.plan.libvirt))


def resume(simulation: Simulation, host: SimulatedHost, path: str) -> Iterator[StepResult]:
    """Take a saved guest up again; a managed save is used up by that."""
    kept = host.saved[path]
    if kept.sparse and not _reads_sparse(host):
        yield _unknown_format(host, kept, path)
        return
    domain = host.domains[kept.domain]
    made = made_where_missing(simulation, host, domain)
    if made is not None:
        yield made
        if made.outcome is not None:
            return
    machine = launch(simulation, host, domain, run_state=RunState.INMIGRATE)
    if isinstance(machine, str):
        yield _not_restored(host, kept, path, machine)
        return
    transfer = simulation.platform.restoring(host.files[path].contents, machine)
    failure = transfer.attempt(None)
    if failure is not None:
        machine.end()
        yield _not_restored(host, kept, path, failure.destination)
        return
    host.machines[kept.domain] = machine
    transfer.deliver()
    gone = taken_up(simulation, machine, kept)
    yield _back(host, machine, path, gone)
    if kept.managed:
        simulation.remove_saved(host, path)
    if kept.was_running:
        yield _runs_on(host, machine)


def _unknown_format(host: SimulatedHost, kept: Kept, path: str) -> StepResult:
    return StepResult(
        host.name,
        f"Restore {kept.domain}",
        f"libvirt {_version(host)} on {host.title} does not know how {path} is written.",
        qemu=f"error: Failed to restore domain from {path}\n"
        f"error: operation failed: Invalid compressed save format {_SPARSE}",
        ok=False,
        consequence="Restore it where it was saved, or save it there once more in the raw format.",
        outcome=Outcome.REFUSED_BY_QEMU,
    )


def _not_restored(host: SimulatedHost, kept: Kept, path: str, words: str) -> StepResult:
    return StepResult(
        host.name,
        f"Restore {kept.domain}",
        f"QEMU on {host.title} does not take the guest up from {path}.",
        qemu=words,
        ok=False,
        consequence="The save file stays. Give the host firmware of the sizes that the guest was "
        "saved with, and restore it then.",
        outcome=Outcome.REFUSED_BY_QEMU,
    )


def _back(host: SimulatedHost, machine: Machine, path: str, gone: tuple[str, ...]) -> StepResult:
    code = machine.code
    own = host.files.get(code.path)
    same = own is not None and own.contents.snapshot() == code.device.contents()
    other = (
        ""
        if same or code is machine.store
        else f"It goes on with {code.firmware} as it was saved, not with {code.path} of today. "
    )
    back = f"Set back to what they were then: {', '.join(gone)}." if gone else ""
    holds = (
        "its memory holds what it held"
        if machine.store is None
        else "its chips hold what they held"
    )
    file = f"; {machine.store.path} is still as it was" if machine.store is not None else ""
    return StepResult(
        host.name,
        f"Restore {machine.domain}",
        f"A QEMU of {host.title} takes the guest up from {path}: {holds} when it was saved{file}.",
        ok=not gone,
        consequence=f"{other}{back}".strip(),
    )


def _runs_on(host: SimulatedHost, machine: Machine) -> StepResult:
    dumped = machine.change_run_state(RunState.RUNNING)
    text = "The guest goes on where it was stopped."
    if dumped:
        text = (
            "The guest goes on where it was stopped, and with this change of run state QEMU writes "
            f"the whole chip to {dumped[-1].path}."
        )
    return StepResult(
        host.name,
        "The guest runs on",
        text,
        consequence="Whatever that file held in the meantime is overwritten." if dumped else "",
    )


PERFORM: Mapping[str, Perform] = {
    "save": _save,
    "restore": _restore,
    "copy-save": _copy,
    "managed-save": _managed,
}
"""What carries out each action, by its name."""
