"""QEMU's trace of its flash chips (``-trace 'pflash_*'``), played on an emulated chip."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING

from ovmfgui.budgets import MOST_TRACE
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.source import regular_file
from ovmfgui.flash.standard_input import STANDARD_INPUT, standard_input
from ovmfgui.flash.xz import XZ_MAGIC, XzReader
from ovmfgui.named_tuple import NamedTuple
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
    r"pflash_(?:io_write (?P<chip>\S+): offset:0x(?P<offset>[0-9a-f]+) size:(?P<size>\d{1,20}) "
    r"value:0x(?P<value>[0-9a-f]+) wcycle:(?P<wcycle>\d{1,20})|reset (?P<reset>\S+): reset)"
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


class TraceLog:
    """The lines of a log, which may be packed with xz; read anew each time they are gone through.

    A log of a day has gigabytes: nothing of it is kept. Going through it raises ``Refused`` where
    it cannot be read, is damaged or larger than ``MOST_TRACE``.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)

    def __iter__(self) -> Iterator[str]:
        """The lines, each with its end."""
        if self.path == STANDARD_INPUT:
            yield from _decoded(io.BytesIO(standard_input()))
            return
        with (
            regular_file(self.path, MOST_TRACE) as descriptor,
            open(descriptor, "rb", closefd=False) as file,
        ):
            packed = file.read(len(XZ_MAGIC)) == XZ_MAGIC
            file.seek(0)
            yield from self._unpacked(file) if packed else _decoded(file)

    def _unpacked(self, file: IO[bytes]) -> Iterator[str]:
        from lzma import LZMAError

        left = MOST_TRACE
        try:
            for line in _decoded(io.BufferedReader(XzReader(file))):
                left -= len(line)
                if left < 0:
                    most = f"{MOST_TRACE:,} bytes; cut it, or trace less"
                    msg = f"{self.path} unpacks to more than {most}"
                    raise Refused(msg)
                yield line
        except LZMAError as error:
            msg = f"{self.path} is a damaged xz file: {error}"
            raise Refused(msg) from error
        except EOFError as error:
            msg = f"{self.path} is an xz file that ends too early"
            raise Refused(msg) from error

    def events(self) -> Iterator[TraceEvent]:
        """The bus writes and resets in it."""
        return read_trace(self)


def _decoded(file: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, "utf-8", "replace")


def read_trace(lines: Iterable[str], first: int = 1) -> Iterator[TraceEvent]:
    """The bus writes and resets in a log; lines that say something else are passed over.

    ``first`` is the number of the first line.

    Reads do not show in a log while a chip is in read-array mode: QEMU does not ask the device.
    """
    for number, line in enumerate(lines, first):
        # Half of the lines say in words what the write before them was.
        if "pflash_io_write " not in line and "pflash_reset " not in line:
            continue
        found = _EVENT.search(line)
        if found is None:
            continue
        chip, offset, size, value, wcycle, reset = found.groups()
        if reset:
            yield TraceReset(number, reset)
            continue
        yield TraceWrite(number, chip, int(offset, 16), int(size), int(value, 16), int(wcycle))


class TracePlayer:
    """A chip that a log's writes are played to."""

    def __init__(self, name: str, before: bytes, board: Geometry) -> None:
        """Begin with what the chip's file held when the log began.

        Args:
            name: the chip, as the log calls it.
            before: the file's bytes.
            board: how the chip is wired.

        Raises:
            Refused: no such chip has a file of this size.
        """
        if not before or len(before) % board.sector_size:
            msg = (
                f"the file measures {len(before):,} bytes, and a chip of {board.name} has blocks "
                f"of {board.sector_size:,}: QEMU starts with no such file; name the one of the log"
            )
            raise Refused(msg)
        self.name = name
        self._chip = Cfi01(Pages.of(before), board)
        self._writes = 0
        self._notes: list[str] = []

    def playing(self, events: Iterable[TraceEvent]) -> Iterator[TraceEvent]:
        """The events of this chip, each once it was played.

        Raises:
            Refused: the log writes past the end of the file.
        """
        for event in events:
            if event.chip != self.name:
                continue
            if isinstance(event, TraceReset):
                self._chip.reset()
            else:
                _check(event, self._chip, self._notes)
                self._chip.write(event.offset, event.value, event.size)
                self._writes += 1
            yield event

    def result(self) -> TraceReplay:
        """What the chip is now."""
        chip = self._chip
        return TraceReplay(
            self.name,
            chip.array.snapshot(),
            chip.state(),
            self._writes,
            chip.programs,
            sum(chip.erases.values()),
            dict(sorted(chip.erases.items())),
            tuple(self._notes[:MAX_NOTED]),
        )


def replay_trace(
    events: Iterable[TraceEvent], name: str, before: bytes, board: Geometry
) -> TraceReplay:
    """Play a log's writes to one chip; the arguments are ``TracePlayer``'s.

    Raises:
        Refused: the log writes past the end of ``before``.
    """
    player = TracePlayer(name, before, board)
    for _event in player.playing(events):
        pass
    return player.result()


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
