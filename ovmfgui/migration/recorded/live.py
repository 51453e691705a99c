"""What is followed of a running machine, as a replay that grows: a step for each act."""

from __future__ import annotations

import time
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_FOLLOWED
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.placement import chip_address
from ovmfgui.migration.recorded.activity import activity_of
from ovmfgui.migration.recorded.prepared import Aside, Prepared
from ovmfgui.migration.recorded.replay import recorded_host, recorded_replay, recorded_step
from ovmfgui.migration.recorded.segments import segments_of
from ovmfgui.migration.replay import changes
from ovmfgui.migration.simulation.guest_view import GuestView
from ovmfgui.migration.simulation.snapshot import ChipState, GuestState
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.geometry import X86
from ovmfgui.pflash.state import CommandState
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ovmfgui.migration.recorded.trace_timeline import Act
    from ovmfgui.migration.simulation.snapshot import HostState
    from ovmfgui.migration.simulation.step import Step

_BETWEEN = 0.25
"""Seconds between two states that are shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is followed.

    Attributes:
        path: of the monitor's socket, or of the store's file.
        chip: its name.
        machine: QEMU's machine type; empty for a file.
        state: the machine's run state; empty for a file.
        file: behind the chip; empty where it is not known.
        kept_in: the log that the trace stays in; empty where nothing stays.
        address: of the chip in the guest, or 0.
    """

    path: str
    chip: str
    machine: str = ""
    state: str = ""
    file: str = ""
    kept_in: str = ""
    address: int = 0


class LiveReplay:
    """Steps that come one by one.

    Attributes:
        prepared: what there is to be shown so far.
    """

    def __init__(self, source: Source, before: Pages) -> None:
        self._source = source
        step = recorded_step(0, "Before", "As it was when the following began.", self._host(before))
        self._charts = {before: segments_of(before)}
        self._steps: list[Step] = [step]
        self.prepared = self._shown()

    @property
    def full(self) -> bool:
        """Whether no further act is taken."""
        return len(self._steps) > MOST_FOLLOWED

    def take(self, acts: Iterable[Act]) -> None:
        """Go on with what happened since."""
        for act in acts:
            if self.full:
                break
            old = self._steps[-1]
            number = len(self._steps)
            clock = time.strftime("%H:%M:%S")
            step = recorded_step(
                number, act.title, f"{clock}: {_amounts(act)}.", self._host(act.contents)
            )
            step = replace(step, action=act.title, action_number=number)
            step = replace(step, changed=changes(old.snapshot, step.snapshot))
            self._steps.append(step)
            if act.contents not in self._charts:
                self._charts[act.contents] = segments_of(act.contents)
        self.prepared = self._shown()

    def _host(self, contents: Pages) -> HostState:
        source = self._source
        chip = ChipState(source.chip, contents, CommandState(), source.address, False, source.file)
        view = GuestView("its firmware", True, RunState.RUNNING, True, "the array", contents)
        guest = GuestState(source.machine or "the guest", RunState.RUNNING, "", (chip,), view)
        return recorded_host(Path(source.path).name, guest, "followed")

    def _shown(self) -> Prepared:
        source, steps = self._source, tuple(self._steps)
        text = f"{count(len(steps) - 1, 'act')} of {source.chip}, as they happened."
        return Prepared(
            recorded_replay(source.path, text, steps),
            dict(self._charts),
            activity_of(steps),
            Aside("Followed", self._html()),
        )

    def _html(self) -> str:
        source = self._source
        lines = [f"Chip {source.chip}"]
        if source.machine:
            lines.append(f"Machine {source.machine}, {source.state}")
        if source.file:
            lines.append(f"Its file is {source.file}")
        if source.machine:
            lines.append(
                "Each write is named as it happens. The guest is left alone; QEMU's trace events "
                "and its log are put back at the end."
            )
        else:
            lines.append(
                "The file is looked at again and again: states are seen, not writes. What was set "
                "twice between two looks was set once."
            )
        if source.kept_in:
            lines.append(f"The trace stays in QEMU's own log {source.kept_in}")
        if self.full:
            lines.append(f"{MOST_FOLLOWED:,} acts are shown at most: follow it again to go on.")
        return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _amounts(act: Act) -> str:
    parts = [count(act.writes, "bus write")] if act.writes else []
    if act.programs:
        parts.append(f"{count(act.programs, 'byte')} programmed")
    if act.erases:
        parts.append(f"{count(act.erases, 'block')} erased")
    return ", ".join(parts) or "seen between two looks at the file"


class _Showing:
    """Collects acts and shows them a few times a second."""

    def __init__(
        self, live: LiveReplay, show: Callable[[Prepared], None], over: Callable[[], bool]
    ) -> None:
        self._live, self._show, self._over = live, show, over
        self._pending: list[Act] = []
        self._shown = time.monotonic()
        show(live.prepared)

    def over(self) -> bool:
        """Asked again and again while nothing or much happens; shows what has come."""
        if self._pending and time.monotonic() >= self._shown + _BETWEEN:
            self.flush()
        return self._live.full or self._over()

    def follow(self, acts: Iterable[Act | None]) -> None:
        """Take what comes, until it is over."""
        for act in acts:
            if act is not None:
                self._pending.append(act)
        self.flush()

    def flush(self) -> None:
        """Show what has come."""
        self._live.take(self._pending)
        self._pending.clear()
        self._shown = time.monotonic()
        self._show(self._live.prepared)


def follow_machine(socket: str, show: Callable[[Prepared], None], over: Callable[[], bool]) -> str:
    """Follow a running QEMU's writes, by its QMP socket; how it ended, in a few words.

    Args:
        socket: of its monitor.
        show: gets what there is to be shown, again and again.
        over: is asked every few hundredths of a second, and may raise to end it.

    Raises:
        Refused: it cannot be followed.
    """
    from ovmfgui.migration.engine.following import followed
    from ovmfgui.migration.recorded.trace_timeline import timeline

    with followed(socket) as machine:
        source = Source(
            socket,
            machine.chip,
            machine.machine,
            machine.state,
            machine.path,
            machine.kept_in,
            chip_address(machine.chip, machine.before.size, x86=machine.board is X86),
        )
        live = LiveReplay(source, machine.before)
        showing = _Showing(live, show, over)
        events = machine.events(showing.over)
        showing.follow(timeline(events, machine.chip, machine.before.tobytes(), machine.board))
    return "QEMU has ended" if machine.gone else "as many acts as are shown have come"


def follow_file(path: str, show: Callable[[Prepared], None], over: Callable[[], bool]) -> str:
    """Look at a store's file again and again; see ``follow_machine``."""
    from ovmfgui.flash.source import read_file
    from ovmfgui.machine.store_path import store_path
    from ovmfgui.migration.recorded.watching import changes_of

    file = store_path(path)
    live = LiveReplay(Source(file, Path(file).name, file=file), Pages.of(read_file(file).data))
    showing = _Showing(live, show, over)
    showing.follow(changes_of(file, showing.over))
    return "as many acts as are shown have come"
