"""A domain that is off: moved, its store copied by hand, its store made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.actions.power import power_on
from ovmfgui.migration.actions.saving import managed_save
from ovmfgui.migration.actions.stores import begin_with, make_from_template
from ovmfgui.migration.actions.where import defined_on, see_that_it_is_off
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.domain import Domain
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


def _move(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    source, destination = _two(simulation, arguments, name)
    see_that_it_is_off(simulation, name, "it is moved offline")
    domain = destination.domains[name] = source.domains[name]
    yield StepResult(
        destination.name,
        f"{name} is defined on {destination.title}",
        f"virsh migrate --offline --persistent carries the definition of {name} from "
        f"{source.title}, and nothing else.",
        consequence=_what_becomes_of(destination, domain, source.title),
    )


def _what_becomes_of(host: SimulatedHost, domain: Domain, source: str) -> str:
    path = domain.private
    if path is None:
        return "It has no store of its own, so there is nothing to bring after."
    file = host.files.get(path)
    if file is None:
        otherwise = (
            "it does not start" if domain.unified else "libvirt makes another from the template"
        )
        return f"{path} stays on {source}: copy it before the first start, or {otherwise}."
    if file.shared:
        return f"{path} lies on storage that both hosts share: it is the same file."
    return f"A {path} is there from before, and it is the one that will be used."


def _two(
    simulation: Simulation, arguments: Mapping[str, Any], name: str
) -> tuple[SimulatedHost, SimulatedHost]:
    """From where and to where."""
    destination = simulation.host(arguments["to"])
    others = [h for h in simulation.hosts.values() if name in h.domains and h is not destination]
    if "host" not in arguments and len(others) == 1:
        return others[0], destination
    source = defined_on(simulation, arguments, name)
    if source is destination:
        msg = f'"{name}" is on {source.title} already; name another host in "to"'
        raise Refused(msg)
    return source, destination


def _copy(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    source, destination = _two(simulation, arguments, name)
    domain = source.domains[name]
    path = domain.private
    if path is None:
        msg = f'"{name}" has no store of its own that could be copied'
        raise Refused(msg)
    title = f"Copy {name}'s store"
    file = source.file(path)
    if file.shared and destination.files.get(path) is file:
        text = f"{path} lies on storage that both hosts share: there is nothing to copy."
        yield StepResult(destination.name, title, text)
        return
    _refuse_a_wrong_copy(destination, name, domain.form)
    simulation.copy_private(source, destination, domain)
    running = source.machines.get(name)
    middle = running is not None and running.guest.write is not None
    yield StepResult(
        destination.name,
        title,
        f"{path} is copied by hand from {source.title} to {destination.title}, byte by byte.",
        ok=not middle,
        consequence="The guest was in the middle of a write: the copy has a part of it."
        if middle
        else "The guest runs on, and what it writes from now on is not in the copy."
        if running is not None
        else "",
    )


def _refuse_a_wrong_copy(destination: SimulatedHost, name: str, form: str) -> None:
    """Raises ``Refused`` where a copy would be written under a guest, or not be understood."""
    if name in destination.machines:
        msg = (
            f'the guest of "{name}" runs on {destination.title}: its QEMU would go on writing into '
            "the new file; power it off first"
        )
        raise Refused(msg)
    other = destination.domains.get(name)
    if other is not None and other.form != form:
        msg = (
            f'"{name}" has a {other.form} store on {destination.title}, and this one is {form}; '
            "convert it with qemu-img convert"
        )
        raise Refused(msg)


def _reset(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    host = defined_on(simulation, arguments, name)
    see_that_it_is_off(simulation, name, "its store is made anew")
    domain = host.domains[name]
    if domain.store is None:
        msg = f'"{name}" has no store with a template of its own; there is nothing to make anew'
        raise Refused(msg)
    words = make_from_template(simulation, host, domain)
    if words:
        yield StepResult(
            host.name,
            f"Make {name}'s store anew",
            f"The template is not there, so libvirt does not start {name}; {domain.store} stays.",
            qemu=words,
            ok=False,
            consequence="Install the package that has the template.",
            outcome=Outcome.REFUSED_BY_QEMU,
        )
        return
    if managed_save(host, name) is not None:
        simulation.unmet.append(
            f"{name}'s store was to be made anew; the managed save brings the old one back."
        )
    gone = len(simulation.known.get(name, {}))
    begin_with(simulation, host, domain)
    yield StepResult(
        host.name,
        f"Make {name}'s store anew",
        f"start --reset-nvram makes {domain.store} anew from {domain.template}.",
        ok=gone == 0,
        consequence=f"{count(gone, 'variable')} of {name} {'is' if gone == 1 else 'are'} lost: "
        "boot entries and keys have to be made again."
        if gone
        else "",
    )
    yield from power_on(simulation, host, name)


PERFORM: Mapping[str, Perform] = {
    "move-offline": _move,
    "copy-store": _copy,
    "reset-nvram": _reset,
}
"""What carries out each action, by its name."""
