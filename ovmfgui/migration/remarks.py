"""What is noticed about a scenario as it is written: asked for in vain, or taking no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.step import Replay


def remarks(replay: Replay) -> tuple[Finding, ...]:
    """The findings of a scenario's definition, the gravest first; steps tell of its machines."""
    unmet = (Finding("unmet", Severity.WARNING, text) for text in replay.unmet)
    notes = (Finding("played-so", Severity.INFO, text) for text in replay.notes)
    return (*unmet, *notes, *_idle(replay.scenario))


def _idle(scenario: Scenario) -> Iterator[Finding]:
    """Hosts that no action names, and firmware that comes to no host."""
    named = {
        value
        for action in scenario.actions
        for value in action.arguments.values()
        if isinstance(value, str)
    }
    installed = {name for host in scenario.hosts for name in host.packages}
    for host in scenario.hosts:
        if host.name not in named:
            text = f"No action names the host '{host.name}': nothing happens on it."
            yield Finding("idle-host", Severity.INFO, text)
    for name in scenario.packages:
        if name not in named | installed:
            text = f"The firmware '{name}' is installed on no host, and no action installs it."
            yield Finding("idle-firmware", Severity.INFO, text)
