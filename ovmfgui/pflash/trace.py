"""QEMU's trace of its flash chips (``-trace 'pflash_*'``), played on an emulated chip."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.budgets import MOST_TRACE
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.source import read_regular
from ovmfgui.flash.xz import XZ_MAGIC, unpack_xz
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.state import CommandState

# hw/block/trace-events of QEMU; the log backend may put a process id and a time before the name.
_EVENT = re.compile(
    r"pflash_(?:io_write (?P<chip>\S+): offset:0x(?P<offset>[0-9a-f]+) size:(?P<size>\d+) "
    r"value:0x(?P<value>[0-9a-f]+) wcycle:(?P<wcycle>\d+)|reset (?P<reset>\S+): reset)"
)

MAX_NOTED = 20


class TraceWrite(NamedTuple):
    """A bus write in a log: line number from 1, chip, where, what, and the cycle it found."""

    line: int
    chip: str
    offset: int
    size: int
    value: int
    wcycle: int


class TraceReset(NamedTuple):
    """A reset of a chip in a log."""

    line: int
    chip: str


TraceEvent = TraceWrite | TraceReset


@dataclass(frozen=True, slots=True)
class TraceReplay:
    """What a chip is after a trace.

    Attributes:
        chip: its name in the log.
        contents: of its array at the end.
        state: its command state at the end.
        writes: bus writes in the log.
        programs: programs that reached the array.
        erases: block erases.
        wear: erases of each block, by the block's number.
        notes: where the log does not follow from itself, a line each.
    """

    chip: str
    contents: Pages
    state: CommandState
    writes: int
    programs: int
    erases: int
    wear: Mapping[int, int]
    notes: tuple[str, ...]


def read_log(path: str | Path) -> list[str]:
    """The lines of a log, which may be packed with xz.

    Raises:
        Refused: it cannot be read, is damaged or too large.
    """
    data = read_regular(path, MOST_TRACE)
    if data.startswith(XZ_MAGIC):
        data = unpack_xz(str(path), data, MOST_TRACE, what="cut it, or trace less")
    return data.decode("utf-8", "replace").splitlines()


def read_trace(lines: Iterable[str]) -> Iterator[TraceEvent]:
    """The bus writes and resets in a log; lines that say something else are passed over.

    Reads do not show in a log while a chip is in read-array mode: QEMU does not ask the device.
    """
    for number, line in enumerate(lines, start=1):
        found = _EVENT.search(line)
        if found is None:
            continue
        if found["reset"]:
            yield TraceReset(number, found["reset"])
            continue
        yield TraceWrite(
            number,
            found["chip"],
            int(found["offset"], 16),
            int(found["size"]),
            int(found["value"], 16),
            int(found["wcycle"]),
        )


def busiest_chip(events: Iterable[TraceEvent]) -> str:
    """The chip that a log writes to most.

    Raises:
        Refused: it writes to none.
    """
    counts = Counter(event.chip for event in events if isinstance(event, TraceWrite))
    if not counts:
        msg = (
            "there is no write to a flash chip in this log; make one with "
            "qemu-system-x86_64 … -trace 'pflash_*' -D FILE"
        )
        raise Refused(msg)
    return counts.most_common(1)[0][0]


def replay_trace(
    events: Iterable[TraceEvent], name: str, before: bytes, board: Geometry
) -> TraceReplay:
    """Play a log's writes to one chip.

    Args:
        events: of the log, all chips'.
        name: the chip.
        before: what its file held when the log began.
        board: how it is wired.

    Raises:
        Refused: the log writes past the end of ``before``.
    """
    chip = Cfi01(Pages.of(before), board)
    writes = 0
    notes: list[str] = []
    for event in events:
        if event.chip != name:
            continue
        if isinstance(event, TraceReset):
            chip.reset()
            continue
        _check(event, chip, notes)
        chip.write(event.offset, event.value, event.size)
        writes += 1
    return TraceReplay(
        name,
        chip.array.snapshot(),
        chip.state(),
        writes,
        chip.programs,
        sum(chip.erases.values()),
        dict(sorted(chip.erases.items())),
        tuple(notes[:MAX_NOTED]),
    )


def check_fits(event: TraceWrite, chip: Cfi01) -> None:
    """See that a write lies inside the chip.

    Raises:
        Refused: it does not; the chip was another one.
    """
    if event.offset + event.size > chip.size:
        msg = (
            f"line {event.line} writes at 0x{event.offset:X}, and the file has 0x{chip.size:X} "
            "bytes; give the file that was behind this chip"
        )
        raise Refused(msg)


def _check(event: TraceWrite, chip: Cfi01, notes: list[str]) -> None:
    check_fits(event, chip)
    if event.wcycle != chip.wcycle and len(notes) < MAX_NOTED:
        notes.append(
            f"line {event.line}: the log has the chip in cycle {event.wcycle}, what comes before "
            f"leads to {chip.wcycle}; lines are missing, or it begins in the middle of a command"
        )
