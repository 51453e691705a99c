"""A replay with all that is drawn of it, whatever it came from: played, recorded or traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.migration.recorded.activity import Activity, activity_of
from ovmfgui.migration.recorded.segments import Charts, charts_of

if TYPE_CHECKING:
    from pathlib import Path

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.progress import Report


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands beside the steps where there is no lesson: a heading, and rich text."""

    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A replay, and what is drawn of it.

    Attributes:
        replay: the steps.
        charts: what lies where in everything that holds bytes.
        activity: what was written at each step.
        aside: of a recording: what it is; None for a scenario, which has lessons.
        chips: of a recording: its chips as files, to be inspected like any other.
        draft: what was played, where that was a scenario that is being edited.
        alone: whether it takes the place of what is open, with chips or without.
    """

    replay: Replay
    charts: Charts
    activity: Activity
    aside: Aside | None = None
    chips: tuple[FlashFile, ...] = ()
    draft: Draft | None = None
    alone: bool = False


def play(path: Path, report: Report, engine: str = "model") -> Prepared:
    """Read and play a scenario file; raises ``Refused`` where it asks for what cannot be."""
    from ovmfgui.migration.scenario.file import load

    return play_scenario(load(path), report, engine)


def play_scenario(scenario: Scenario, report: Report, engine: str = "model") -> Prepared:
    """Play a scenario with an engine: ``model``, ``qemu`` or ``both``.

    Raises:
        Refused: it asks for what cannot be.
    """
    from ovmfgui.migration.engine.playing import Engine
    from ovmfgui.migration.engine.playing import play as play_with

    return prepare(play_with(scenario, Engine(engine), report=report), report)


def prepare(replay: Replay, report: Report) -> Prepared:
    """Make a replay ready to be drawn."""
    return Prepared(replay, charts_of(replay.steps, report), activity_of(replay.steps))
