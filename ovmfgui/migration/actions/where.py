"""Which host an action on a domain is about, and whether the domain is as it needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


def defined_on(simulation: Simulation, arguments: Mapping[str, Any], name: str) -> SimulatedHost:
    """The host that has a domain's definition; ``host`` in the arguments decides between several.

    Raises:
        Refused: there is none, or several and none is named.
    """
    places = [host for host in simulation.hosts.values() if name in host.domains]
    if "host" in arguments:
        places = [host for host in places if host.name == arguments["host"]]
    if len(places) == 1:
        return places[0]
    if places:
        titles = " and ".join(host.title for host in places)
        msg = f'"{name}" is defined on {titles}; say host = …'
    else:
        title = simulation.host(arguments["host"]).title
        msg = f'"{name}" is not defined on {title}; define it there'
    raise Refused(msg)


def see_that_it_is_off(simulation: Simulation, name: str, before: str) -> None:
    """See that no guest of a domain runs anywhere.

    Raises:
        Refused: one does; ``before`` says before what it has to be powered off.
    """
    if any(machine.domain == name for _, machine in simulation.machines()):
        msg = f'the guest of "{name}" runs; power it off before {before}'
        raise Refused(msg)
