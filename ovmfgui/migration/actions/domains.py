"""Actions on a domain's definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.migration.simulation.guest_view import store_in
from ovmfgui.migration.simulation.hosts import PRIVATE_FOLDER, Domain
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.scenario.host import Package
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


def definition(name: str, package: Package, host: SimulatedHost) -> Domain:
    """A domain that uses a package's firmware: CODE by its path, VARS as a private file."""
    if package.unified:
        return Domain(name, f"{PRIVATE_FOLDER}/{name}.fd", None, f"{package.title} of {host.title}")
    return Domain(name, package.code_path, f"{PRIVATE_FOLDER}/{name}_VARS.fd")


def make_private(
    simulation: Simulation, host: SimulatedHost, domain: Domain, package: Package
) -> None:
    """Copy the template, or the whole unified image, into the domain's private file."""
    source = package.code if package.template is None else package.template
    contents = Pages.of(source)
    simulation.put_private(host, domain.private, domain.name, contents)
    simulation.known[domain.name] = {r.key: r.data for r in store_in(contents).live}


def _define(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host, name = simulation.host(arguments["host"]), arguments.get("domain", "vm1")
    if name in host.domains:
        msg = f'"{name}" is already defined on {host.title}; give the new domain another name'
        raise Refused(msg)
    package = simulation.package_on(host, arguments.get("package"))
    domain = definition(name, package, host)
    host.domains[name] = domain
    make_private(simulation, host, domain, package)
    if domain.unified:
        text = f"{name} gets a private copy of the unified image as {domain.private}."
        consequence = "CODE and variables share that file: a package upgrade does not reach it."
    else:
        text = (
            f"{name} names CODE by its path, {domain.code}; the template is copied to "
            f"{domain.private}, which is its own from now on."
        )
        consequence = ""
    yield StepResult(host.name, f"Define {name}", text, consequence=consequence)


def _switch(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name, host = simulation.domain_name(arguments.get("domain")), simulation.host(arguments["host"])
    if name not in host.domains:
        msg = f'"{name}" is not defined on {host.title}; define it there or name another host'
        raise Refused(msg)
    if any(machine.domain == name for _, machine in simulation.machines()):
        msg = f'the guest of "{name}" runs; power it off before its firmware is switched'
        raise Refused(msg)
    package = simulation.package_on(host, arguments.get("package"))
    old, gone = host.domains[name], len(simulation.known.get(name, {}))
    simulation.remove_private(host, old.private)
    yield StepResult(
        host.name,
        "Delete the old store",
        f"{old.private} is deleted by hand: it was made for the other firmware.",
        ok=gone == 0,
        consequence=f"{count(gone, 'variable')} of {name} {'is' if gone == 1 else 'are'} lost: "
        "boot entries and keys have to be made again.",
    )
    new = definition(name, package, host)
    host.domains[name] = new
    make_private(simulation, host, new, package)
    yield StepResult(
        host.name,
        f"Point {name} at {package.title}",
        f"{new.private} is made afresh as a copy of the package's image."
        if new.unified
        else f"{name} now names {new.code}, and {new.private} is made afresh from the template.",
    )


PERFORM: Mapping[str, Perform] = {
    "define": _define,
    "switch-firmware": _switch,
}
"""What carries out each action, by its name."""
