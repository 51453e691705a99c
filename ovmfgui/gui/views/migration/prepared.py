"""A scenario read, played and made ready to be drawn: the work of a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ovmfgui.gui.views.migration.segments import Charts, charts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ovmfgui.migration.step import Replay


@dataclass(frozen=True, slots=True)
class Prepared:
    """A replay, and what lies where in everything that it shows."""

    replay: Replay
    charts: Charts


@dataclass(frozen=True, slots=True)
class Offer:
    """A scenario to choose: where it is, what it calls itself, and what it is about."""

    path: Path
    title: str
    summary: str


def offers() -> tuple[Offer, ...]:
    """The shipped scenarios, the built-in lesson first."""
    import tomllib

    from ovmfgui.migration.scenario_file import shipped

    found = []
    for path in shipped():
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        summary = " ".join(str(table.get("summary", "")).split())
        found.append(Offer(path, str(table.get("title", path.stem)), summary))
    return tuple(sorted(found, key=lambda offer: (offer.path.stem != "demo", offer.title)))


def play(path: Path, report: Callable[[int, int, str], None]) -> Prepared:
    """Read and play a scenario file; raises ``Refused`` where it asks for what cannot be."""
    from ovmfgui.migration.replay import run
    from ovmfgui.migration.scenario_file import load

    return prepare(run(load(path), report=report), report)


def prepare(replay: Replay, report: Callable[[int, int, str], None]) -> Prepared:
    """Make a replay ready to be drawn."""
    return Prepared(replay, charts_of(replay.steps, report))
