"""What carries out an action of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ovmfgui.migration.simulation.hosts import Simulation
from ovmfgui.migration.simulation.step_result import StepResult

Perform = Callable[[Simulation, Mapping[str, Any]], Iterator[StepResult]]
"""Does an action with its arguments, and yields a result after every part that is worth a step: the
hosts are pictured at that moment. Raises ``Refused`` where the scenario asks for what cannot be.
"""
