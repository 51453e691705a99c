"""What recordings have in common: one host that is not there any more, and what it held."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.snapshot import HostState, Snapshot

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.snapshot import GuestState
    from ovmfgui.migration.simulation.step import Replay, Step


def recorded_host(title: str, guest: GuestState, name: str = "recorded") -> HostState:
    """A host of which nothing is known but a guest."""
    return HostState(name, title, "", (), (), (), (guest,))


def recorded_step(number: int, title: str, text: str, host: HostState) -> Step:
    """A step that nothing is said to."""
    from ovmfgui.migration.simulation.step import Step

    return Step(number, "", 0, host.name, title, text, "", True, "", "", Snapshot((host,)), ())


def recorded_replay(path: str, summary: str, steps: tuple[Step, ...]) -> Replay:
    """The steps as a replay, named after the file."""
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.step import Replay

    name = Path(path)
    scenario = Scenario(name.stem, path, name.name, summary, (), {}, ())
    return Replay(scenario, "recorded", steps, (), Outcome.UNKNOWN, summary, True)
