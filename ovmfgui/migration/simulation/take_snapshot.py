"""From the simulation to the immutable snapshot that a step shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.guest_view import GuestView, VariableSeen
from ovmfgui.migration.simulation.snapshot import (
    ChipState,
    DomainState,
    FileState,
    GuestState,
    HostState,
    PackageState,
    Snapshot,
)

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import FlashChip, Machine

_WORDS = {
    FirmwareUse.SPLIT: "",
    FirmwareUse.UNIFIED: "",
    FirmwareUse.ROM: "its image is mapped as ROM: nothing is saved",
    FirmwareUse.STATELESS: "declared stateless: nothing is saved",
}
PERSISTENT = frozenset({None, Outcome.BOOTS, Outcome.BOOTS_INITIALISES, Outcome.UNKNOWN})


def take_snapshot(simulation: Simulation) -> Snapshot:
    """Everything as it is now; what did not change is shared with earlier pictures."""
    return Snapshot(tuple(_host(host) for host in simulation.hosts.values()), simulation.stream)


def _host(host: SimulatedHost) -> HostState:
    packages = tuple(
        PackageState(package.name, package.title, package.code_path, package.template_path)
        for package in host.packages.values()
    )
    files = tuple(
        FileState(file.path, file.role, file.owner, file.contents.snapshot(), file.shared)
        for file in host.files.values()
    )
    domains = tuple(
        DomainState(domain.name, domain.code, domain.store, domain.private, _WORDS[domain.use])
        for domain in host.domains.values()
    )
    guests = tuple(_guest(machine) for machine in host.machines.values())
    return HostState(host.name, host.title, host.plan.qemu.name, packages, files, domains, guests)


def _guest(machine: Machine) -> GuestState:
    write = machine.guest.write
    unfinished = ""
    if write is not None:
        unfinished = f"{write.title}: {write.done} of {write.total} bus writes done"
    return GuestState(
        machine.domain,
        machine.run_state,
        machine.generation.name,
        tuple(_chip(chip) for chip in machine.chips),
        guest_view_of(machine),
        unfinished,
        machine.guest.alive,
    )


def _chip(chip: FlashChip) -> ChipState:
    device = chip.device
    return ChipState(
        chip.name,
        device.contents(),
        device.state(),
        chip.address,
        device.read_only,
        chip.path,
        device.dump_pending,
        chip.firmware,
        chip.attention,
    )


def guest_view_of(machine: Machine) -> GuestView:
    """What the guest sees of its flash."""
    guest, chip = machine.guest, machine.store
    volatile = None
    if guest.volatile is not None:
        volatile = tuple(
            VariableSeen(name, str(guid), data) for (guid, name), data in guest.volatile.items()
        )
    return GuestView(
        machine.code.firmware,
        guest.alive,
        machine.run_state,
        guest.outcome in PERSISTENT,
        _reads(machine),
        chip.device.contents() if chip is not None else None,
        volatile,
    )


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
