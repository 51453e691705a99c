"""Playing a scenario, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.actions.table import PERFORM
from ovmfgui.migration.simulation.boot_verdict import Judge, LayoutJudge
from ovmfgui.migration.simulation.hosts import Simulation
from ovmfgui.migration.simulation.step import Change, Checkpoint, Replay, Step
from ovmfgui.migration.simulation.take_snapshot import take_snapshot
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.scenario.model import Action, Scenario
    from ovmfgui.migration.simulation.backend import Platform
    from ovmfgui.migration.simulation.hosts import RealFirmware
    from ovmfgui.migration.simulation.snapshot import Snapshot
    from ovmfgui.migration.simulation.step_result import StepResult
    from ovmfgui.progress import Report

MODEL = "model"


def run(
    scenario: Scenario,
    platform: Platform,
    *,
    judge: Judge | None = None,
    report: Report = silent,
    firmware: RealFirmware | None = None,
    engine: str = MODEL,
) -> Replay:
    """Play a scenario.

    Args:
        scenario: what to play.
        platform: the engine that plays the hosts; it is not closed here.
        judge: tells what happens at a power-on; the layout's own verdict where None.
        report: told of progress as (done, total, what), in actions; may raise to cancel.
        firmware: what runs in the guests, where that is real; the model's where None.
        engine: its name.

    Raises:
        Refused: an action asks for what cannot be; names the file and the action.
    """
    simulation = Simulation(scenario, judge or LayoutJudge(), platform, firmware)
    player = _Player(simulation, engine)
    total = len(scenario.actions)
    for done, action in enumerate(scenario.actions):
        report(done, total, action.do)
        player.play(action)
    return player.replay()


def changes(before: Snapshot | None, after: Snapshot) -> tuple[Change, ...]:
    """The bytes that differ between two pictures; an object that was not there is all new."""
    old = dict(before.objects()) if before is not None else {}
    found: list[Change] = []
    for key, contents in after.objects():
        spans = contents.changed_since(old.get(key))
        if spans:
            found.append(Change(key, spans))
    return tuple(found)


class _Player:
    """A scenario being played."""

    def __init__(self, simulation: Simulation, engine: str) -> None:
        self.scenario = simulation.scenario
        self.engine = engine
        self.simulation = simulation
        self.steps = [self._opening()]

    def _opening(self) -> Step:
        snapshot = take_snapshot(self.simulation)
        titles = " and ".join(host.title for host in snapshot.hosts)
        whose = "its" if len(snapshot.hosts) == 1 else "their"
        return Step(
            n=0,
            action="",
            action_number=0,
            host=snapshot.hosts[0].name,
            title="Before",
            text=f"{titles}, with {whose} firmware packages; nothing runs yet.",
            qemu="",
            ok=True,
            consequence="",
            lesson=self.scenario.summary,
            snapshot=snapshot,
            changed=changes(None, snapshot),
        )

    def play(self, action: Action) -> None:
        self.simulation.stream = None
        perform = PERFORM[action.do]
        try:
            for index, result in enumerate(perform(self.simulation, action.arguments)):
                self._add(action, index, result)
        except Refused as refusal:
            msg = f"{self.scenario.path}, action {action.number} ({action.do}): {refusal}"
            raise Refused(msg) from refusal

    def _add(self, action: Action, index: int, result: StepResult) -> None:
        snapshot = take_snapshot(self.simulation)
        self.steps.append(
            Step(
                n=len(self.steps),
                action=action.do,
                action_number=action.number,
                host=result.host,
                title=result.title,
                text=result.text,
                qemu=result.qemu,
                ok=result.ok,
                consequence=result.consequence,
                lesson=action.lesson_for(index),
                snapshot=snapshot,
                changed=changes(self.steps[-1].snapshot, snapshot),
                verdict=result.verdict,
                outcome=result.outcome,
            )
        )

    def replay(self) -> Replay:
        decisive = next((s for s in reversed(self.steps) if s.outcome is not None), None)
        outcome = decisive.outcome if decisive and decisive.outcome else Outcome.UNKNOWN
        lost = sum(len(names) for names in self.simulation.lost.values())
        unmet = (*self.simulation.unmet, *_undeclared(self.scenario, outcome))
        return Replay(
            self.scenario,
            self.engine,
            tuple(self.steps),
            tuple(self._checkpoints()),
            outcome,
            " ".join((_told(decisive, self.steps[-1], lost), *unmet)),
            decisive is not None and decisive.ok and not lost and not unmet,
            unmet=unmet,
        )

    def _checkpoints(self) -> Iterator[Checkpoint]:
        for step in self.steps:
            for host in step.snapshot.hosts:
                for guest in host.guests:
                    code = guest.chips[0]
                    store = next((chip for chip in guest.chips if not chip.read_only), None)
                    command = (store or code).command
                    yield Checkpoint(
                        step.n,
                        f"{step.n} {step.title}: {guest.domain}",
                        host.name,
                        store.contents.sha256 if store is not None else None,
                        code.contents.sha256,
                        command.wcycle,
                        command.cmd,
                        command.status,
                        command.counter,
                    )


def _undeclared(scenario: Scenario, outcome: Outcome) -> Iterator[str]:
    """What the scenario declares and what did not come."""
    if scenario.expect is not None and scenario.expect is not outcome:
        yield f"The scenario declares {scenario.expect.value}; what came is {outcome.value}."


def _told(decisive: Step | None, last: Step, lost: int) -> str:
    """How it ended in a few sentences; what came after the last power-on or migration first."""
    if decisive is None:
        return "No guest was started and none was migrated, so there is nothing to tell."
    text = decisive.verdict.summary if decisive.verdict is not None else decisive.text
    if last.action_number > decisive.action_number:
        what = "migration" if decisive.action == "migrate" else "power-on"
        text = f"{last.text} The last {what}, step {decisive.n}: {text}"
    if lost:
        text += f" {count(lost, 'saved variable')} {'is' if lost == 1 else 'are'} lost."
    return text
