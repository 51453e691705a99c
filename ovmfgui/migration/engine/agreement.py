"""Two engines' replays of one scenario, compared bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.step import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.simulation.snapshot import GuestState, HostState
    from ovmfgui.migration.simulation.step import Replay, Step

_WATCHED = {Outcome.BOOTS_CORRUPTING: Outcome.BOOTS}
"""What a watched power-on looks like: that regions overlap comes out later."""


def agreement(model: Replay, real: Replay) -> Agreement:
    """Compare the model with real QEMU, step by step."""
    checked, differences = 1, []
    if len(model.steps) != len(real.steps):
        differences.append(f"steps: {len(model.steps)} in the model, {len(real.steps)} with QEMU")
    for mine, other in zip(model.steps, real.steps, strict=False):
        left, right = dict(_facts(mine)), dict(_facts(other))
        for name in left | right:
            checked += 1
            if left.get(name) != right.get(name):
                said = f"{_said(left.get(name))} in the model, {_said(right.get(name))} with QEMU"
                differences.append(f"step {mine.n} ({mine.title}), {name}: {said}")
    return Agreement(checked, tuple(differences))


def outcomes_agreement(model: Replay, real: Replay) -> Agreement:
    """Compare what the model says comes of power-ons and migrations with what came of them."""
    checked, differences = 0, []
    predicted, watched = _outcomes(model), _outcomes(real)
    for action in predicted | watched:
        checked += 1
        left, right = predicted.get(action), watched.get(action)
        if left != right:
            differences.append(f"{action}: {left} says the model, {right} came of it")
    return Agreement(checked, tuple(differences))


def _outcomes(replay: Replay) -> dict[str, str]:
    """By action: how it came out, and whether variables were missed."""
    found = {}
    for step in replay.steps:
        if step.outcome is not None:
            outcome = _WATCHED.get(step.outcome, step.outcome)
            missed = " with variables missing" if "no longer finds" in step.consequence else ""
            found[f"action {step.action_number} ({step.action})"] = f"{outcome.value}{missed}"
    return found


def _facts(step: Step) -> Iterator[tuple[str, object]]:
    yield "what happens", f"{step.action}: {step.title} on {step.host}"
    yield "going well", step.ok
    yield "outcome", step.outcome.value if step.outcome is not None else None
    yield "QEMU's words", _words(step)
    for host in step.snapshot.hosts:
        yield from _host_facts(host)


def _words(step: Step) -> object:
    """The lines; of a source that lost its peer nothing.

    It prints from two threads, in any order and not always all of it, and not at all where the link
    broke so late that the rest was in the link's buffers already.
    """
    lines = step.qemu.splitlines()
    lost = all("Unable to write" in line or "failed to save" in line for line in lines)
    return [] if lost else sorted(lines)


def _host_facts(host: HostState) -> Iterator[tuple[str, object]]:
    for file in host.files:
        yield f"{host.title}: file {file.path}", file.contents.sha256
    for guest in host.guests:
        yield from _guest_facts(host.title, guest)


def _guest_facts(host: str, guest: GuestState) -> Iterator[tuple[str, object]]:
    yield f"{host}: run state of {guest.domain}", guest.run_state.value
    for chip in guest.chips:
        name, command = f"{host}: {chip.name} of {guest.domain}", chip.command
        yield f"{name}: contents", chip.contents.sha256
        yield f"{name}: address", chip.address
        yield (
            f"{name}: command state",
            (
                command.wcycle,
                command.cmd,
                command.status,
                command.counter,
            ),
        )
        yield f"{name}: what reads give", "the array" if command.romd else "the chip's answers"
        yield f"{name}: open write to buffer", command.buffer


def _said(value: object) -> str:
    text = str(value)
    return f"{text[:12]}…" if isinstance(value, str) and len(text) == 64 else text
