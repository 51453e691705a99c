"""The firmware starts on the chips: what comes of it, and what it does to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.driver import firmware_writes
from ovmfgui.migration.simulation.machine import Guest
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.migration.simulation.take_snapshot import guest_view_of
from ovmfgui.migration.simulation.volume_rebuild import formatting_writes, rebuilding_writes
from ovmfgui.wording import count

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import Machine

GOOD = frozenset({Outcome.BOOTS, Outcome.BOOTS_INITIALISES})
_DEAD = frozenset({Outcome.NO_BOOT, Outcome.REFUSED_BY_QEMU})


def boot(
    simulation: Simulation, host: SimulatedHost, machine: Machine, title: str, intro: str
) -> StepResult:
    """Let the firmware start; the guest is a new one, whatever it was before.

    Args:
        simulation: where.
        host: where the machine runs.
        machine: freshly launched or reset.
        title: of the step.
        intro: the first part of the step's sentence ("Host A starts vm1").
    """
    if simulation.firmware is not None:
        return simulation.firmware.start(simulation, host, machine, title, intro)
    verdict = simulation.verdict_on(machine)
    outcome = verdict.outcome if verdict is not None else Outcome.UNKNOWN
    machine.guest = Guest(outcome, alive=_comes_up(verdict))
    if outcome is Outcome.BOOTS_VOLATILE:
        machine.guest.volatile = {}
    if verdict is not None:
        chip = machine.chips[-1]
        machine.bus_writes(chip, list(rebuilding_writes(verdict)))
        machine.bus_writes(chip, list(firmware_writes(chip, formatting_writes(verdict))))
    forget_what_is_not_kept(simulation, machine)
    lost = tuple(name for _, name in lost_variables(simulation, machine))
    simulation.lost[machine.domain] = lost
    good = good_start(machine, outcome) and not lost
    return StepResult(
        host.name,
        title,
        f"{intro} with {machine.code.firmware}. {_summary(verdict)}",
        ok=good,
        consequence=_consequence(verdict, lost),
        verdict=verdict,
        outcome=outcome,
    )


def good_start(machine: Machine, outcome: Outcome) -> bool:
    """Whether a power-on came to what its definition asks for."""
    stateless = machine.use is FirmwareUse.STATELESS
    return outcome in GOOD or (stateless and outcome is Outcome.BOOTS_VOLATILE)


def forget_what_is_not_kept(simulation: Simulation, machine: Machine) -> None:
    """A guest that is declared stateless begins anew, and misses nothing."""
    if machine.use is FirmwareUse.STATELESS:
        simulation.known.pop(machine.domain, None)
        simulation.deleted.pop(machine.domain, None)


def _comes_up(verdict: Verdict | None) -> bool:
    if verdict is None or verdict.outcome in _DEAD:
        return False
    if verdict.outcome is Outcome.WIPED:
        # ARM's flash driver formats the store and goes on; x86 wipes it and then fails.
        return verdict.expects is not None and verdict.expects.reformats_store
    return True


def _summary(verdict: Verdict | None) -> str:
    if verdict is None:
        return "Nothing can be said of how these two get on."
    return verdict.summary


def _consequence(verdict: Verdict | None, lost: tuple[str, ...]) -> str:
    advice = verdict.advice if verdict is not None else ""
    return f"{lost_words(lost)} {advice}".strip()


def lost_words(lost: tuple[str, ...]) -> str:
    """What a guest no longer finds, in a sentence; empty where it finds everything."""
    if not lost:
        return ""
    names = ", ".join(lost[:4]) + (", …" if len(lost) > 4 else "")
    return f"The guest no longer finds {count(len(lost), 'variable')} that it had saved: {names}."


def lost_variables(simulation: Simulation, machine: Machine) -> tuple[tuple[UUID, str], ...]:
    """Variables that the guest was told are saved, and that it does not see so now."""
    seen = {(v.guid, v.name): v.data for v in guest_view_of(machine).variables}
    known = simulation.known.get(machine.domain, {})
    return tuple(key for key, data in known.items() if seen.get((str(key[0]), key[1])) != data)


def remember(
    simulation: Simulation, domain: str, key: tuple[UUID, str], value: bytes | None
) -> None:
    """The guest has been told that a variable is saved, or deleted where ``value`` is None."""
    known = simulation.known.setdefault(domain, {})
    deleted = simulation.deleted.setdefault(domain, set())
    if value is None:
        known.pop(key, None)
        deleted.add(key)
    else:
        known[key] = value
        deleted.discard(key)
