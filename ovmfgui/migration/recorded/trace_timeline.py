"""What firmware was doing while a trace was taken: its variable writes and reclaims by name.

The bus writes of a trace are put together to program runs and erases, and those to acts: a record
that is appended, marked and taken out of the list is one SetVariable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.structures import (
    STATE_ADDED,
    STATE_DELETED,
    STATE_HEADER_VALID,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
)
from ovmfgui.nvram.walk import header_size
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.trace import TraceReset, TraceWrite, check_fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.trace import TraceEvent

_START = b"\xaa\x55"
"""VARIABLE_DATA, as its bytes lie in flash."""

_STATE_AT = 2
_STATES = (
    STATE_HEADER_VALID,
    STATE_ADDED,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
    STATE_DELETED,
)
_LONGEST_NAME = 0x1000
_WINDOW = 2 << 20
"""Bytes of the chip in which the store is looked for: no known layout's volume is larger."""

_WRITE_COMPLETE = 0xF8
"""State of an FTW write header once the write is complete: three bits cleared."""

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the firmware did, with the chip as it was afterwards.

    Attributes:
        title: what ("Create Boot0001", "Set Timeout", "Delete X", "Reclaim", "Probe", "Erase", or
            "Unfinished write X").
        name: the variable's name; empty where it is about none.
        guid: its GUID in text; empty likewise.
        first_line: of the log, where it begins.
        last_line: where it ends.
        writes: bus writes.
        programs: programs that reached the array.
        erases: block erases.
        contents: of the chip afterwards.
    """

    title: str
    name: str
    guid: str
    first_line: int
    last_line: int
    writes: int
    programs: int
    erases: int
    contents: Pages


@dataclass(slots=True)
class _Run:
    """Bytes programmed one after the other, a block's erase, or (of size 0) commands alone."""

    offset: int
    size: int
    erase: bool
    first_line: int
    last_line: int
    writes: int


@dataclass(slots=True)
class _Open:
    """An act that may go on."""

    title: str
    runs: list[_Run]
    key: Key | None = None
    replaces: Key | None = None
    over: bool = False


def timeline(
    events: Iterable[TraceEvent | None], name: str, before: bytes, board: Geometry
) -> Iterator[Act]:
    """The acts of a trace, in order, each once it is over.

    Args:
        events: of the log, all chips'; None where a log that is still written has nothing new, so
            that what looks done is told now and not with the next write.
        name: the chip.
        before: what its file held when the log began.
        board: how it is wired.

    Raises:
        Refused: the log writes past the end of ``before``.
    """
    chip = Cfi01(Pages.of(before), board)
    teller = _Teller(chip)
    for run in _runs(chip, (event for event in events if event is None or event.chip == name)):
        if run is None:
            teller.rest()
        else:
            teller.take(run)
        yield from teller.told()
    teller.close()
    yield from teller.told()


def named(acts: Iterable[Act]) -> Iterator[Act]:
    """The acts that are about a variable, or a reclaim."""
    return (act for act in acts if act.name or act.title == "Reclaim")


def _runs(chip: Cfi01, events: Iterable[TraceEvent | None]) -> Iterator[_Run | None]:
    """Play the events; each run comes when it is over, and None where there is no event."""
    run: _Run | None = None
    loose, first = 0, 0
    erases = 0
    for event in events:
        if not isinstance(event, TraceWrite):
            yield from _no_write(chip, event)
            continue
        programs = chip.programs
        check_fits(event, chip)
        chip.write(event.offset, event.value, event.size)
        first = event.line if not loose else first
        loose += 1
        erased, erases = chip.erased > erases, chip.erased
        programmed = chip.programs > programs
        if erased or (programmed and not _continues(run, event)):
            if run is not None:
                yield run
            size = chip.geometry.sector_size if erased else event.size
            at = event.offset // size * size if erased else event.offset
            run = _Run(at, size, erased, first, event.line, 0)
        elif programmed and run is not None:
            run.size += event.size
        ends = chip.romd and chip.wcycle == 0
        if run is None and ends:
            run = _Run(event.offset, 0, False, first, event.line, 0)
        if run is not None and (erased or programmed or ends or run.erase):
            run.writes, run.last_line, loose = run.writes + loose, event.line, 0
        if run is not None and ends:
            yield run
            run = None
    if run is not None:
        yield run


def _no_write(chip: Cfi01, event: TraceReset | None) -> Iterator[None]:
    if event is None:
        yield None
    else:
        chip.reset()


def _continues(run: _Run | None, event: TraceWrite) -> bool:
    return run is not None and not run.erase and run.offset + run.size == event.offset


class _Teller:
    """Puts runs together to acts, as the chip stands after each."""

    def __init__(self, chip: Cfi01) -> None:
        self.chip = chip
        self._acts: list[Act] = []
        self._open: _Open | None = None
        self._learn()

    def _learn(self) -> None:
        """Where the parts of the store lie, from what the chip holds now."""
        store = read_store(self.chip.array.read(0, _WINDOW))
        self._header = header_size(store.authenticated)
        self._ftw = store.ftw

    def told(self) -> list[Act]:
        """The acts that have ended since it was last asked."""
        acts, self._acts = self._acts, []
        return acts

    def take(self, run: _Run) -> None:
        """Put one more run to the act that it belongs to."""
        if self._in_ftw(run) or (self._reclaiming and not (self._open and self._open.over)):
            self._reclaim(run)
        elif run.erase or run.size == 0:
            self._alone("Erase" if run.erase else "Probe", run)
        elif (state := self._state_written(run)) is not None:
            self._marked(run, state, self._record_key(run.offset - _STATE_AT))
        else:
            self._appended(run)

    def rest(self) -> None:
        """Nothing is written now: what may go on is over, if it is complete."""
        act = self._open
        # A variable that is set anew has its old record marked as the last thing.
        if act is not None and act.over and act.replaces is None:
            self.close()

    @property
    def _reclaiming(self) -> bool:
        return self._open is not None and self._open.title == "Reclaim"

    def _in_ftw(self, run: _Run) -> bool:
        if self._ftw is None or run.size == 0:
            return False
        spare = [self._ftw.spare] if self._ftw.spare is not None else []
        return any(area.start <= run.offset < area.end for area in (self._ftw.working, *spare))

    def _reclaim(self, run: _Run) -> None:
        """A write of the fault tolerant write driver, or what it makes of the variable region."""
        if not self._reclaiming:
            self._begin("Reclaim", run)
        else:
            self._join(run)
        assert self._open is not None
        done = run.size == 1 and self.chip.array.read_byte(run.offset) == _WRITE_COMPLETE
        self._open.over |= done and self._open.runs[0].offset == run.offset

    def _alone(self, title: str, run: _Run) -> None:
        if self._open is not None and not self._open.over:
            self._join(run)
        else:
            self._begin(title, run)
            self.close()

    def _appended(self, run: _Run) -> None:
        if self._open is None or self._open.over:
            self._begin("Unfinished write", run)
        else:
            self._join(run)

    def _marked(self, run: _Run, state: int, key: Key | None) -> None:
        """A record gets another state."""
        act = self._open
        if state == STATE_IN_TRANSITION:
            self._begin("Unfinished write", run, key)
            assert self._open is not None
            self._open.replaces = key
        elif state in (STATE_SUPERSEDED, STATE_DELETED):
            if act is not None and act.over and act.replaces == key:
                self._join(run)
            else:
                self._begin("Delete", run, key)
            self.close()
        elif act is None or act.over:
            self._begin("Unfinished write", run, key)
        else:
            self._join(run)
        if state == STATE_ADDED and self._open is not None:
            self._open.over, self._open.key = True, key
            self._open.title = "Set" if self._open.replaces is not None else "Create"

    def _begin(self, title: str, run: _Run, key: Key | None = None) -> None:
        self.close()
        self._open = _Open(title, [run], key)

    def _join(self, run: _Run) -> None:
        assert self._open is not None
        self._open.runs.append(run)

    def close(self) -> None:
        """What is open is over."""
        act, self._open = self._open, None
        if act is None:
            return
        guid, name = (str(act.key[0]), act.key[1]) if act.key is not None else ("", "")
        runs = act.runs
        self._acts.append(
            Act(
                f"{act.title} {name}".rstrip(),
                name,
                guid,
                runs[0].first_line,
                runs[-1].last_line,
                sum(run.writes for run in runs),
                sum(run.size for run in runs if not run.erase),
                sum(run.erase for run in runs),
                self.chip.array.snapshot(),
            )
        )
        if act.title in ("Reclaim", "Erase"):
            self._learn()

    def _state_written(self, run: _Run) -> int | None:
        """The state that a run of one byte gives a record; None where it is something else."""
        if run.size != 1 or self.chip.array.read(run.offset - _STATE_AT, 2) != _START:
            return None
        state = self.chip.array.read_byte(run.offset)
        return state if state in _STATES else None

    def _record_key(self, start: int) -> Key | None:
        """GUID and name of the record whose header begins there."""
        header = self.chip.array.read(start, self._header)
        size = int.from_bytes(header[-24:-20], "little")
        if not 2 <= size <= _LONGEST_NAME:
            return None
        name = self.chip.array.read(start + self._header, size).decode("utf-16-le", "replace")
        return UUID(bytes_le=header[-16:]), name.split("\0")[0]
