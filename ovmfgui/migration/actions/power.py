"""Actions on a virtual machine's power and run state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.actions.guest import finish_first
from ovmfgui.migration.actions.saving import managed_save, resume
from ovmfgui.migration.actions.stores import made_where_missing
from ovmfgui.migration.actions.where import defined_on
from ovmfgui.migration.simulation.boot import boot
from ovmfgui.migration.simulation.launch import launch
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import GuestWrite


def _start(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    yield from _started(simulation, arguments, "")


def _relaunch(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    yield from _started(simulation, arguments, " again")


def _started(
    simulation: Simulation, arguments: Mapping[str, Any], again: str
) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    if any(machine.domain == name for _, machine in simulation.machines()):
        msg = f'the guest of "{name}" runs already; power it off first'
        raise Refused(msg)
    yield from power_on(simulation, defined_on(simulation, arguments, name), name, again)


def power_on(
    simulation: Simulation, host: SimulatedHost, name: str, again: str = ""
) -> Iterator[StepResult]:
    """Start a domain as libvirt does: from its managed save where there is one."""
    kept = managed_save(host, name)
    if kept is not None:
        yield from resume(simulation, host, kept)
        return
    made = made_where_missing(simulation, host, host.domains[name])
    if made is not None:
        yield made
        if made.outcome is not None:
            return
    title = f"Start {name}{again}"
    machine = launch(simulation, host, host.domains[name])
    if isinstance(machine, str):
        yield StepResult(
            host.name,
            title,
            f"QEMU on {host.title} refuses to start {name}.",
            qemu=machine,
            ok=False,
            consequence="Give the domain files of the sizes that belong together.",
            outcome=Outcome.REFUSED_BY_QEMU,
        )
        return
    host.machines[name] = machine
    yield boot(simulation, host, machine, title, f"{host.title} starts {name}{again}")


def _power_off(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    host, machine = simulation.running(name)
    if machine.run_state is not RunState.RUNNING:
        msg = f'the guest of "{name}" is {machine.run_state}; continue it first, or use quit'
        raise Refused(msg)
    yield from finish_first(simulation, name)
    host.machines.pop(name).shut_down()
    yield StepResult(
        host.name,
        f"Power off {name}",
        "The guest shuts down and its QEMU ends: the chips are gone, the files stay.",
    )


def _quit(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    host, machine = simulation.running(name)
    due = [chip.path for chip in machine.chips if chip.device.dump_pending]
    host.machines.pop(name).end()
    write = machine.guest.write
    broken = f" {_broken(write)}" if write is not None else ""
    yield StepResult(
        host.name,
        f"Quit QEMU of {name}",
        f"QEMU on {host.title} is told to quit; the guest is not asked.{broken}",
        ok=not due and write is None,
        consequence=f"The arrived store was never written: {due[0]} still holds what it held "
        "before the migration."
        if due
        else "",
    )


def _power_loss(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host = simulation.host(arguments["host"])
    broken = [m.guest.write for m in host.machines.values() if m.guest.write is not None]
    for machine in host.machines.values():
        machine.end(power_lost=True)
    host.machines.clear()
    text = f"{host.title} loses its power; its files hold what had been written to them."
    text = " ".join([text, *map(_broken, broken)])
    yield StepResult(host.name, "Power loss", text, ok=False)


def _broken(write: GuestWrite) -> str:
    return f"{write.title} was cut off after {write.done} of {write.total} bus writes."


def _pause(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    yield _changed(simulation, arguments, RunState.PAUSED, "Pause", "stands still")


def _continue(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    yield _changed(simulation, arguments, RunState.RUNNING, "Continue", "runs on")


def _changed(
    simulation: Simulation, arguments: Mapping[str, Any], state: RunState, verb: str, what: str
) -> StepResult:
    name = simulation.domain_name(arguments.get("domain"))
    host, machine = simulation.running(name)
    if machine.run_state is state:
        msg = f'the guest of "{name}" is {state} already'
        raise Refused(msg)
    dumped = machine.change_run_state(state)
    text = f"The guest {what}."
    if dumped:
        text = (
            f"The guest {what}; with this change of run state QEMU writes the whole store to "
            f"{dumped[-1].path}."
        )
    return StepResult(host.name, f"{verb} {name}", text)


def _reset(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    host, machine = simulation.running(name)
    machine.reset()
    yield boot(simulation, host, machine, f"Reset {name}", f"{name} resets and starts again")


PERFORM: Mapping[str, Perform] = {
    "start": _start,
    "relaunch": _relaunch,
    "power-off": _power_off,
    "quit": _quit,
    "power-loss": _power_loss,
    "pause": _pause,
    "continue": _continue,
    "reset": _reset,
}
"""What carries out each action, by its name."""
