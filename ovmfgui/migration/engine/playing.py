"""Playing a scenario with the engine that is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.simulation.boot_verdict import LayoutJudge
from ovmfgui.progress import silent

if TYPE_CHECKING:
    from ovmfgui.migration.engine.qemu import QemuPlatform
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.boot_verdict import Judge
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.progress import Report


class GuestKind(StrEnum):
    """What runs in the guests of real QEMU."""

    IDLE = "idle"
    REAL = "real"


class Engine(StrEnum):
    """What plays the hosts."""

    MODEL = "model"
    QEMU = "qemu"
    BOTH = "both"


def play(
    scenario: Scenario,
    engine: Engine = Engine.MODEL,
    *,
    guest: GuestKind = GuestKind.IDLE,
    judge: Judge | None = None,
    report: Report = silent,
) -> Replay:
    """Play a scenario.

    Args:
        scenario: what to play.
        engine: the model, real QEMU, or both compared; of both, real QEMU's steps are returned.
        guest: with REAL, the firmware itself runs in real QEMU, whatever the engine, and what
            comes of every power-on and migration is compared with what the model says.
        judge: tells what happens at a power-on; the layout's own verdict where None.
        report: told of progress as (done, total, what), in actions; may raise to cancel.

    Raises:
        Refused: an action asks for what cannot be, or QEMU is not installed.
    """
    judge = judge or LayoutJudge()
    if guest is GuestKind.REAL:
        return _with_real_guest(scenario, judge, report)
    if engine is Engine.MODEL:
        return run(scenario, ModelPlatform(), judge=judge, report=report)
    from ovmfgui.migration.engine.qemu import QemuPlatform  # asyncio and more

    with QemuPlatform() as platform:
        here = on_this_qemu(scenario, platform)
        real = run(here, platform, judge=judge, report=report, engine=engine)
    notes = tuple(_notes(scenario, platform))
    if engine is Engine.QEMU:
        return replace(real, scenario=scenario, notes=notes)
    from ovmfgui.migration.engine.agreement import agreement

    model = run(here, ModelPlatform(), judge=judge)
    return replace(real, scenario=scenario, notes=notes, agreement=agreement(model, real))


def _with_real_guest(scenario: Scenario, judge: Judge, report: Report) -> Replay:
    from ovmfgui.migration.engine.agreement import outcomes_agreement
    from ovmfgui.migration.engine.live import LiveFirmware, LivePlatform, check_playable

    check_playable(scenario)
    with LivePlatform() as platform:
        here = on_this_qemu(scenario, platform)
        firmware = LiveFirmware()
        real = run(
            here,
            platform,
            judge=judge,
            report=report,
            firmware=firmware,
            engine=Engine.QEMU,
        )
    model = run(here, ModelPlatform(), judge=judge)
    version = ".".join(map(str, platform.version))
    note = (
        f"QEMU {version} plays every host and runs the firmware itself (TCG); a write that the "
        "scenario stops in the middle is made as a whole."
    )
    agreement = outcomes_agreement(model, real)
    return replace(real, scenario=scenario, notes=(note,), agreement=agreement)


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
