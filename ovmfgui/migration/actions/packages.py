"""Actions on the firmware packages of a host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.scenario.host import Package
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


def _upgrade(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host = simulation.host(arguments["host"])
    old = simulation.package_on(host, arguments.get("replaces"))
    new = simulation.scenario.packages[arguments["package"]]
    if new.unified != old.unified:
        msg = f"{new.title} and {old.title} are built differently; install one beside the other"
        raise Refused(msg)
    simulation.uninstall(host, old)
    simulation.install(host, new)
    yield StepResult(
        host.name,
        f"Upgrade to {new.title}",
        f"The package manager replaces {old.title} by {new.title}; the domains' private files "
        "stay as they are.",
        consequence=_effect(simulation, host, new),
    )


def _effect(simulation: Simulation, host: SimulatedHost, new: Package) -> str:
    if new.unified:
        return (
            "Domains keep their copies of the old image, CODE and variables: nothing is new there."
        )
    if any(each is host for each, _ in simulation.machines()):
        return (
            "Guests that run go on with the CODE that is in their flash; the new one takes effect "
            "at their next power-on."
        )
    return "The new CODE takes effect at the next power-on."


def _install(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host = simulation.host(arguments["host"])
    package = simulation.scenario.packages[arguments["package"]]
    taken = next((p for p in (package.code_path, package.template_path) if p in host.files), None)
    if taken is not None:
        msg = (
            f"{taken} is already there on {host.title}; give the package {package.name} a "
            "code_path and a vars_path of its own, or use upgrade-package"
        )
        raise Refused(msg)
    simulation.install(host, package)
    yield StepResult(
        host.name,
        f"Install {package.title}",
        f"{package.title} is installed beside what was there, as {package.code_path}.",
        consequence="Domains that exist keep the firmware that they name; only those defined "
        "with the new one use it.",
    )


PERFORM: Mapping[str, Perform] = {
    "upgrade-package": _upgrade,
    "install-second-package": _install,
}
"""What carries out each action, by its name."""
