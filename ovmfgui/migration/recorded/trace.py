"""A trace of a flash chip as a replay: a step for each thing that the firmware did."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.flash.placement import chip_address
from ovmfgui.migration.recorded.activity import Activity
from ovmfgui.migration.recorded.prepared import Aside, Prepared
from ovmfgui.migration.recorded.replay import recorded_host, recorded_replay, recorded_step
from ovmfgui.migration.recorded.segments import charts_of
from ovmfgui.migration.simulation.guest_view import GuestView
from ovmfgui.migration.simulation.snapshot import ChipState, GuestState, HostState
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.pflash.geometry import X86
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.migration.recorded.trace_timeline import Act
    from ovmfgui.migration.simulation.snapshot import Snapshot
    from ovmfgui.migration.simulation.step import Change, Step
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.state import CommandState
    from ovmfgui.pflash.trace import TraceEvent
    from ovmfgui.progress import Report

SHOWN_LINES = 500
"""Of a log, for each act."""


class _Moment(NamedTuple):
    """The chip before the log, or after an act of it.

    Attributes:
        act: None before the log.
        state: the chip's command state.
        erased: numbers of the blocks that the act erased, once for each erase.
        contents: of the chip.
    """

    act: Act | None
    state: CommandState
    erased: tuple[int, ...]
    contents: Pages


def prepare_trace(path: str, before: str, report: Report) -> Prepared:
    """Play a log of ``pflash_*`` events.

    Args:
        path: the log; may be packed with xz.
        before: the file behind the chip as it was when the log began.
        report: told of progress; may raise to cancel.

    Raises:
        Refused: a file cannot be read, or the log does not belong to that file.
    """
    from ovmfgui.flash.source import read_file
    from ovmfgui.migration.recorded.trace_timeline import timeline
    from ovmfgui.pflash.trace import TraceLog, read_trace, replay_trace
    from ovmfgui.pflash.trace_board import Survey

    report(0, 4, "reading the log")
    lines = [line.rstrip("\n") for line in TraceLog(path)]
    data = read_file(before).data
    try:
        events = list(read_trace(lines))
        survey = Survey(lines)
        chip = survey.busiest_chip
        board = survey.board_of(chip)
        report(1, 4, "playing the writes")
        whole = replay_trace(events, chip, data, board)
        report(2, 4, "naming what was done")
        acts = tuple(timeline(events, chip, data, board))
        moments = tuple(_moments(events, chip, data, board, acts))
    except Refused as refusal:
        msg = f"{path}: {refusal}"
        raise Refused(msg) from refusal
    report(3, 4, "drawing the maps")
    steps = tuple(_trace_steps(path, chip, before, board, moments, lines))
    figures = (
        f"<p>Chip {escape(chip)}</p><p>{whole.writes:,} bus writes<br/>"
        f"{whole.programs:,} bytes programmed<br/>{whole.erases:,} blocks erased</p>"
        f"<p>Before: {escape(Path(before).name)}</p><p>At the end {escape(whole.state.words)}</p>"
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in whole.notes)
    text = f"{whole.writes:,} bus writes to {chip}, as QEMU logged them."
    amounts = (0, *(act.writes for act in acts))
    erased = tuple(moment.erased for moment in moments)
    return Prepared(
        recorded_replay(path, text, steps),
        charts_of(steps, report),
        Activity("bus writes", amounts, erased, block_size=board.sector_size),
        Aside("Trace", figures + notes),
    )


def _moments(
    events: Sequence[TraceEvent], name: str, before: bytes, board: Geometry, acts: Sequence[Act]
) -> Iterator[_Moment]:
    """The state before, and that after each act."""
    from ovmfgui.pflash.chip import Cfi01
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.trace import TraceReset

    chip = Cfi01(Pages.of(before), board)
    yield _Moment(None, chip.state(), (), chip.array.snapshot())
    mine = iter([event for event in events if event.chip == name])
    event = next(mine, None)
    for act in acts:
        erases = Counter(chip.erases)
        while event is not None and event.line <= act.last_line:
            if isinstance(event, TraceReset):
                chip.reset()
            else:
                chip.write(event.offset, event.value, event.size)
            event = next(mine, None)
        erased = Counter(chip.erases) - erases
        erased_blocks = tuple(sorted(erased.elements()))
        yield _Moment(act, chip.state(), erased_blocks, act.contents)


def _trace_steps(
    path: str,
    chip: str,
    before: str,
    board: Geometry,
    moments: Sequence[_Moment],
    lines: Sequence[str],
) -> Iterator[Step]:
    old: Step | None = None
    for number, (act, state, _erased, contents) in enumerate(moments):
        address = chip_address(chip, contents.size, x86=board is X86)
        shown = ChipState(chip, contents, state, address, False, before)
        guest_view = GuestView("its firmware", True, RunState.RUNNING, True, "the array", contents)
        guest = GuestState("of the trace", RunState.RUNNING, "", (shown,), guest_view)
        host = recorded_host(Path(path).name, guest)
        if act is None:
            step = recorded_step(0, "Before", "The chip as it was when the log began.", host)
        else:
            step = _act_step(number, act, host, lines)
        step = replace(step, changed=_changed(old, step.snapshot))
        yield step
        old = step


def _act_step(number: int, act: Act, host: HostState, lines: Sequence[str]) -> Step:
    parts = [count(act.writes, "bus write")]
    if act.programs:
        parts.append(f"{count(act.programs, 'byte')} programmed")
    if act.erases:
        parts.append(f"{count(act.erases, 'block')} erased")
    where = f"Lines {act.first_line:,} to {act.last_line:,} of the log"
    step = recorded_step(number, act.title, f"{where}: {', '.join(parts)}.", host)
    unfinished = act.title.startswith("Unfinished")
    logged = list(lines[act.first_line - 1 : act.last_line])
    left = len(logged) - SHOWN_LINES
    if left > 0:
        logged = [*logged[:SHOWN_LINES], f"… {left:,} more lines"]
    return replace(
        step,
        action=act.title.partition(" ")[0].lower(),
        action_number=number,
        qemu="\n".join(logged),
        ok=not unfinished,
        consequence="The record was not completed: firmware passes it over." if unfinished else "",
    )


def _changed(old: Step | None, snapshot: Snapshot) -> tuple[Change, ...]:
    from ovmfgui.migration.replay import changes

    return changes(old.snapshot if old is not None else None, snapshot)
