"""What a replay consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.layout.verdict import Outcome, Verdict
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.snapshot import ObjectKey, Snapshot
    from ovmfgui.span import Span


@dataclass(frozen=True, slots=True)
class Change:
    """The bytes of one object that a step changed.

    Attributes:
        key: the object.
        spans: ascending, in bytes from its start; all of it where the object is new.
    """

    key: ObjectKey
    spans: tuple[Span, ...]

    @property
    def size(self) -> int:
        """How many bytes changed."""
        return sum(span.size for span in self.spans)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; an action of the scenario makes one or several.

    Attributes:
        n: 0 is the state before anything happens, then counted from 1.
        action: the action's name as in the scenario ("migrate"); empty for step 0.
        action_number: the action's place in the scenario, counted from 1; 0 for step 0.
        host: name of the host it happens on.
        title: a few words for the timeline.
        text: one sentence: what happened.
        qemu: what QEMU prints, in its exact words, one or several lines; empty where it is silent.
        ok: whether this went well.
        consequence: one sentence: what follows, or what to do; empty where nothing follows.
        lesson: the scenario's text to this step.
        snapshot: everything as it is after the step.
        changed: the bytes that differ from the step before.
        verdict: of a power-on: what CODE and VARS make of each other; None for other steps.
        outcome: of a power-on or a migration: what came of it; None for other steps.
    """

    n: int
    action: str
    action_number: int
    host: str
    title: str
    text: str
    qemu: str
    ok: bool
    consequence: str
    lesson: str
    snapshot: Snapshot
    changed: tuple[Change, ...]
    verdict: Verdict | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A guest's flash at one step, to compare engines by.

    Attributes:
        step: the step's number.
        name: the step's title and the domain.
        host: where the guest runs.
        vars_sha256: of the writable chip's array; None where there is no such chip.
        code_sha256: of ``system.flash0``.
        wcycle: command state of the writable chip, as QEMU migrates it; so ``cmd``, ``status``
            and ``counter``.
        cmd: see there.
        status: see there.
        counter: see there.
    """

    step: int
    name: str
    host: str
    vars_sha256: str | None
    code_sha256: str
    wcycle: int
    cmd: int
    status: int
    counter: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two engines agree about a scenario.

    Attributes:
        checked: how many things were compared: contents of files and chips, command states, read
            modes, run states, QEMU's words.
        differences: one line each, the model's side first.
    """

    checked: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A scenario as it went.

    Attributes:
        scenario: what was run.
        engine: "model", "qemu" or "both".
        steps: step 0 first.
        checkpoints: every running guest after every step.
        outcome: of the last power-on or migration.
        outcome_text: how it ended, in a few sentences: what came after that power-on or migration,
            what came of it, and what is unmet.
        well: whether the outcome is a good one, no variable was lost, and nothing is unmet.
        agreement: how the two engines agree; None where only one has played.
        notes: what has to be known about the way it was played, a sentence each.
        unmet: what the scenario asked for or declared and did not get, a sentence each.
    """

    scenario: Scenario
    engine: str
    steps: tuple[Step, ...]
    checkpoints: tuple[Checkpoint, ...]
    outcome: Outcome
    outcome_text: str
    well: bool
    agreement: Agreement | None = None
    notes: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
