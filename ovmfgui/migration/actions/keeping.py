"""Laying a guest aside, and taking it up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.simulation.kept import Kept

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.hosts import Simulation
    from ovmfgui.migration.simulation.machine import Machine


def laid_aside(
    simulation: Simulation,
    domain: str,
    machine: Machine | None,
    *,
    was_running: bool = False,
    managed: bool = False,
    sparse: bool = False,
) -> Kept:
    """A guest as it is now; of its disks alone where ``machine`` is None."""
    return Kept(
        domain,
        machine.sent() if machine is not None else (),
        machine.guest.copy() if machine is not None else None,
        was_running,
        dict(simulation.known.get(domain, {})),
        frozenset(simulation.deleted.get(domain, ())),
        managed,
        sparse,
    )


def taken_up(simulation: Simulation, machine: Machine, kept: Kept) -> tuple[str, ...]:
    """The guest is as it was; names of the variables that it has set since and that are gone."""
    assert kept.guest is not None
    machine.take_over(kept.sent, kept.guest.copy())
    gone = since(simulation, machine.domain, kept)
    simulation.known[machine.domain] = dict(kept.known)
    simulation.deleted[machine.domain] = set(kept.deleted)
    return gone


def since(simulation: Simulation, domain: str, kept: Kept) -> tuple[str, ...]:
    """Names of the variables that are not now what they were then, in order."""
    now = simulation.known.get(domain, {})
    keys = [key for key in {**kept.known, **now} if now.get(key) != kept.known.get(key)]
    return tuple(name for _, name in keys)
