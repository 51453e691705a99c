"""From the stage to the immutable world that a step shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.world import (
    ChipState,
    DomainState,
    FileState,
    GuestState,
    HostState,
    PackageState,
    RunState,
    Sight,
    VariableSeen,
    World,
)

if TYPE_CHECKING:
    from ovmfgui.migration.machine import FlashChip, Machine
    from ovmfgui.migration.stage import Stage, StageHost

PERSISTENT = frozenset({None, Outcome.BOOTS, Outcome.BOOTS_INITIALISES, Outcome.UNKNOWN})


def world_of(stage: Stage) -> World:
    """Everything as it is now; what did not change is shared with earlier pictures."""
    return World(tuple(_host(stage, host) for host in stage.hosts.values()), stage.stream)


def _host(stage: Stage, host: StageHost) -> HostState:
    packages = tuple(
        PackageState(package.name, package.title, package.code_path, package.template_path)
        for package in host.packages.values()
    )
    files = tuple(
        FileState(file.path, file.role, file.owner, file.contents.snapshot(), file.shared)
        for file in host.files.values()
    )
    domains = tuple(
        DomainState(domain.name, domain.code, domain.store, domain.unified)
        for domain in host.domains.values()
    )
    guests = tuple(_guest(stage, machine) for machine in host.machines.values())
    return HostState(host.name, host.title, host.plan.qemu.name, packages, files, domains, guests)


def _guest(stage: Stage, machine: Machine) -> GuestState:
    write = machine.guest.write
    unfinished = ""
    if write is not None:
        unfinished = f"{write.title}: {write.done} of {write.total} bus writes done"
    return GuestState(
        machine.domain,
        machine.run_state,
        machine.generation.name,
        tuple(_chip(chip) for chip in machine.chips),
        sight_of(stage, machine),
        unfinished,
        machine.guest.alive,
    )


def _chip(chip: FlashChip) -> ChipState:
    device = chip.device
    return ChipState(
        chip.name,
        device.array.snapshot(),
        device.state(),
        chip.address,
        device.read_only,
        chip.path,
        device.dump_pending,
        chip.firmware,
        chip.attention,
    )


def seen_variables(stage: Stage, machine: Machine) -> tuple[VariableSeen, ...]:
    """The variables that the guest can read."""
    if not machine.guest.alive:
        return ()
    if machine.guest.volatile is not None:
        return tuple(
            VariableSeen(name, str(guid), data)
            for (guid, name), data in machine.guest.volatile.items()
        )
    chip = machine.store
    if chip is None:
        return ()
    store = stage.variables(chip.device.array.snapshot())
    return tuple(VariableSeen(r.name, str(r.guid), r.data) for r in store.live)


def sight_of(stage: Stage, machine: Machine) -> Sight:
    """What the guest sees of its flash."""
    variables = seen_variables(stage, machine)
    persistent = machine.guest.outcome in PERSISTENT and machine.guest.volatile is None
    code = machine.code.firmware
    reads = _reads(machine)
    if not machine.guest.alive:
        text = f"The firmware ({code}) did not come up: there is nobody to read a variable."
    else:
        kept = ", kept in memory alone" if machine.guest.volatile is not None else ""
        text = f"It executes {code} and finds {count(len(variables), 'variable')}{kept}."
        if machine.run_state is not RunState.RUNNING:
            text = f"It stands still. {text}"
    return Sight(code, persistent, variables, reads, text)


def _reads(machine: Machine) -> str:
    chip = machine.store
    if chip is None:
        return "no variable store"
    state = chip.device.state()
    if state.romd or state.cmd == 0:
        return "the array"
    if state.cmd == 0x98:
        return "the CFI query table"
    if state.cmd == 0x90:
        return "the device's identity"
    return f"status 0x{state.status:02X}"


def count(number: int, thing: str) -> str:
    """``1 variable``, ``2 variables``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
