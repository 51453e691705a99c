"""Playing a scenario with the engine that is asked for."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.migration.judging import LayoutJudge
from ovmfgui.migration.replay import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.engine.qemu import QemuPlatform
    from ovmfgui.migration.judging import Judge
    from ovmfgui.migration.scenario import Scenario
    from ovmfgui.migration.step import Replay


class Engine(StrEnum):
    """What plays the hosts."""

    MODEL = "model"
    QEMU = "qemu"
    BOTH = "both"


def play(
    scenario: Scenario,
    engine: Engine = Engine.MODEL,
    *,
    judge: Judge | None = None,
    report: Callable[[int, int, str], None] | None = None,
) -> Replay:
    """Play a scenario.

    Args:
        scenario: what to play.
        engine: the model, real QEMU, or both compared; of both, real QEMU's steps are returned.
        judge: tells what happens at a power-on; the layout's own verdict where None.
        report: told of progress as (done, total, what), in actions; may raise to cancel.

    Raises:
        Refused: an action asks for what cannot be, or QEMU is not installed.
    """
    judge = judge or LayoutJudge()
    if engine is Engine.MODEL:
        return run(scenario, judge=judge, report=report)
    from ovmfgui.migration.engine.qemu import QemuPlatform  # asyncio and more

    with QemuPlatform() as platform:
        here = on_this_qemu(scenario, platform)
        real = run(here, judge=judge, report=report, platform=platform, engine=engine)
    notes = tuple(_notes(scenario, platform))
    if engine is Engine.QEMU:
        return replace(real, scenario=scenario, notes=notes)
    from ovmfgui.migration.engine.agreement import agreement

    model = run(here, judge=judge)
    return replace(real, scenario=scenario, notes=notes, agreement=agreement(model, real))


def on_this_qemu(scenario: Scenario, platform: QemuPlatform) -> Scenario:
    """The scenario with the installed QEMU on every host."""
    hosts = tuple(replace(host, qemu=platform.generation) for host in scenario.hosts)
    return replace(scenario, hosts=hosts)


def _notes(scenario: Scenario, platform: QemuPlatform) -> list[str]:
    version = ".".join(map(str, platform.version))
    notes = [
        f"QEMU {version} plays every host; the guest's processor idles, and its firmware's "
        "writes come over QEMU's qtest protocol."
    ]
    other = sorted({host.qemu.name for host in scenario.hosts} - {platform.generation.name})
    if other:
        notes.append(f"The scenario has QEMU {' and '.join(other)}, which is not the one here.")
    return notes
