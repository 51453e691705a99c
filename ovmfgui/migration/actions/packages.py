"""Actions on the firmware packages of a host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.migration.actions.action import HOST, ActionKind, Happening, Kind, Parameter
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.scenario.host import Package
    from ovmfgui.migration.simulation.hosts import Stage, StageHost

_PACKAGE = Parameter("package", Kind.PACKAGE, "the package to install", required=True)


def _upgrade(stage: Stage, arguments: Mapping[str, Any]) -> Iterator[Happening]:
    host = stage.host(arguments["host"])
    old = stage.package_on(host, arguments.get("replaces"))
    new = stage.scenario.packages[arguments["package"]]
    if new.unified != old.unified:
        msg = f"{new.title} and {old.title} are built differently; install one beside the other"
        raise Refused(msg)
    stage.uninstall(host, old)
    stage.install(host, new)
    yield Happening(
        host.name,
        f"Upgrade to {new.title}",
        f"The package manager replaces {old.title} by {new.title}; the domains' private files "
        "stay as they are.",
        consequence=_effect(stage, host, new),
    )


def _effect(stage: Stage, host: StageHost, new: Package) -> str:
    if new.unified:
        return (
            "Domains keep their copies of the old image, CODE and variables: nothing is new there."
        )
    if any(each is host for each, _ in stage.machines()):
        return (
            "Guests that run go on with the CODE that is in their flash; the new one takes effect "
            "at their next power-on."
        )
    return "The new CODE takes effect at the next power-on."


def _install(stage: Stage, arguments: Mapping[str, Any]) -> Iterator[Happening]:
    host = stage.host(arguments["host"])
    package = stage.scenario.packages[arguments["package"]]
    taken = next((p for p in (package.code_path, package.template_path) if p in host.files), None)
    if taken is not None:
        msg = (
            f"{taken} is already there on {host.title}; give the package {package.name} a "
            "code_path and a vars_path of its own, or use upgrade-package"
        )
        raise Refused(msg)
    stage.install(host, package)
    yield Happening(
        host.name,
        f"Install {package.title}",
        f"{package.title} is installed beside what was there, as {package.code_path}.",
        consequence="Domains that exist keep the firmware that they name; only those defined "
        "with the new one use it.",
    )


ACTIONS = (
    ActionKind(
        "upgrade-package",
        "replace a host's firmware package in place",
        (
            HOST,
            _PACKAGE,
            Parameter(
                "replaces", Kind.PACKAGE, "which one; not needed where the host has only one"
            ),
        ),
        _upgrade,
    ),
    ActionKind(
        "install-second-package",
        "install another firmware package beside the first",
        (HOST, _PACKAGE),
        _install,
    ),
)
