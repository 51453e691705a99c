"""A domain's private file: made at definition, and again by libvirt where it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.boot import lost_words
from ovmfgui.migration.simulation.guest_view import store_in
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.pflash.contents import Pages

if TYPE_CHECKING:
    from ovmfgui.migration.scenario.host import Package
    from ovmfgui.migration.simulation.domain import Domain
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


def make_private(
    simulation: Simulation, host: SimulatedHost, domain: Domain, package: Package
) -> None:
    """Copy the template, or the whole unified image, into the domain's private file."""
    source = package.code if package.template is None else package.template
    simulation.put_private(host, domain, Pages.of(source))
    begin_with(simulation, host, domain)


def begin_with(simulation: Simulation, host: SimulatedHost, domain: Domain) -> None:
    """The domain's guest is a new one: what it knows is what its store holds."""
    file = host.files.get(domain.private) if domain.private else None
    live = store_in(file.contents.snapshot()).live if file is not None else ()
    simulation.known[domain.name] = {record.key: record.data for record in live}
    simulation.deleted.pop(domain.name, None)


def make_from_template(simulation: Simulation, host: SimulatedHost, domain: Domain) -> str:
    """Make the store from its template, over what is there; libvirt's words where it cannot."""
    template = host.files.get(domain.template)
    if template is None:
        return (
            f"error: Failed to start domain '{domain.name}'\n"
            f"error: Failed to open file '{domain.template}': No such file or directory"
        )
    simulation.put_private(host, domain, template.contents.snapshot())
    return ""


def made_where_missing(
    simulation: Simulation, host: SimulatedHost, domain: Domain
) -> StepResult | None:
    """What libvirt does before a start where the store is not there; None where it is.

    It makes the store from its template, without a message (src/qemu/qemu_process.c,
    qemuPrepareNVRAM). A unified image has no template.
    """
    path = domain.private
    if path is None or path in host.files or domain.unified:
        return None
    title = f"Make {domain.name}'s store"
    words = make_from_template(simulation, host, domain)
    if words:
        return StepResult(
            host.name,
            title,
            f"{path} is not there and its template neither, so libvirt does not start "
            f"{domain.name}.",
            qemu=words,
            ok=False,
            consequence="Bring the store itself, or install the package that has the template.",
            outcome=Outcome.REFUSED_BY_QEMU,
        )
    there = {record.key for record in store_in(host.file(path).contents.snapshot()).live}
    missed = [key for key in simulation.known.get(domain.name, {}) if key not in there]
    return StepResult(
        host.name,
        title,
        f"{path} is not there: libvirt makes it from {domain.template}, without a message.",
        ok=not missed,
        consequence=lost_words(tuple(name for _, name in missed)),
    )
