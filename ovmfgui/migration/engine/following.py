"""A running QEMU's flash writes as they happen: the trace events that it logs, read along.

The guest is left alone. Of QEMU two things are changed and put back: which events are on, and,
where it logs to its standard error, where that log goes. QEMU writes to a file and never waits for
its reader, and the file has no name any more once QEMU has it open: whatever becomes of the
reader, nothing stays on the disk.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_TRACE, QUIET_SECONDS
from ovmfgui.migration.engine.attaching import (
    backing_files,
    contents_in_file,
    contents_in_memory,
    machine_type,
    mapped_chips,
    monitor_at,
)
from ovmfgui.migration.engine.log_place import log_place
from ovmfgui.migration.engine.monitor import MonitorClosed
from ovmfgui.pflash.trace import read_trace
from ovmfgui.pflash.trace_board import Survey
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.migration.engine.attaching import MappedChip
    from ovmfgui.migration.engine.log_place import LogPlace
    from ovmfgui.migration.engine.monitor import Monitor
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.trace import TraceEvent

EVENTS = ("pflash_io_write", "pflash_reset", "pflash_write_block_erase")
"""Of QEMU (hw/block/trace-events): those that a chip's contents follow from."""

_PAUSE = 0.05
"""Seconds between two looks at a log that has nothing new."""
_ASKED_EVERY = 1.0
_CHUNK = 1 << 20


class Followed:
    """A running machine's writable chip, and the log of its writes.

    Attributes:
        socket: of the monitor.
        machine: QEMU's machine type.
        state: the machine's run state, in QEMU's words, as last asked.
        chip: its name in the log.
        board: how it is wired.
        path: of the file behind it; empty where QEMU does not tell.
        before: what it held when the following began.
        kept_in: the log that the events stay in, where QEMU has one of its own; empty where
            nothing stays.
        gone: whether QEMU has ended.
    """

    def __init__(self, socket: str, monitor: Monitor, place: LogPlace, descriptor: int) -> None:
        """Begin; the events are on, and ``descriptor`` reads the log that they go to."""
        self.socket = socket
        self._monitor = monitor
        self._descriptor = descriptor
        self.kept_in = place.kept_in
        self.machine = machine_type(monitor)
        self.state = str(monitor.execute("query-status")["status"])
        self._unit = _writable(mapped_chips(monitor), socket).unit
        self.chip = self._mapped().name
        self.board: Geometry = Survey(()).board_of(self.chip)
        self.path = place.seen_from_here(backing_files(monitor).get(self._unit, ""))
        self._read = 0
        self._asked = time.monotonic()
        self.gone = False
        self.before = self._quiet_contents()

    def _mapped(self) -> MappedChip:
        return next(chip for chip in mapped_chips(self._monitor) if chip.unit == self._unit)

    def _quiet_contents(self) -> Pages:
        """The chip between two writes; what is logged before it is passed over."""
        deadline = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < deadline:
            end = os.fstat(self._descriptor).st_size
            chip = self._mapped()
            contents = None
            if chip.reads:
                memory = contents_in_memory(self._monitor, chip)
                contents = memory or contents_in_file(self.path, chip.size)
            quiet = os.fstat(self._descriptor).st_size == end and self._mapped().reads
            if contents is not None and quiet:
                os.lseek(self._descriptor, end, os.SEEK_SET)
                return contents
            time.sleep(_PAUSE)
        msg = (
            f"{self.socket}: {self.chip} could not be read between two writes within "
            f"{QUIET_SECONDS:.0f} s; try again when the guest does not write to it"
        )
        raise Refused(msg)

    def events(self, over: Callable[[], bool]) -> Iterator[TraceEvent | None]:
        """The writes as they come, until it is over or QEMU has ended; None where none came.

        Raises:
            Refused: the log has grown past ``MOST_TRACE`` bytes.
        """
        rest, line = b"", 1
        while not over():
            data = os.read(self._descriptor, _CHUNK)
            if not data:
                if self.gone:
                    return
                yield None
                self._ask()
                time.sleep(_PAUSE)
                continue
            self._read += len(data)
            if self._read > MOST_TRACE:
                msg = f"{self.chip} was written to more than {MOST_TRACE:,} bytes of trace tell"
                raise Refused(msg)
            *lines, rest = (rest + data).split(b"\n")
            texts = (each.decode("utf-8", "replace") for each in lines)
            yield from read_trace(texts, line)
            line += len(lines)

    def _ask(self) -> None:
        """See whether QEMU is there still, once in a while."""
        if time.monotonic() < self._asked + _ASKED_EVERY:
            return
        self._asked = time.monotonic()
        try:
            self.state = str(self._monitor.execute("query-status")["status"])
        except MonitorClosed:
            self.gone = True


def _writable(chips: list[MappedChip], socket: str) -> MappedChip:
    if not chips:
        msg = (
            f"{socket}: this machine has no flash chip; it was started with -bios, or without UEFI"
        )
        raise Refused(msg)
    return chips[-1]


@contextlib.contextmanager
def followed(socket: str | Path) -> Iterator[Followed]:
    """Follow a running QEMU's writable flash chip while the context lasts.

    Args:
        socket: of QEMU's QMP monitor, which serves nobody else meanwhile.

    Raises:
        Refused: nothing speaks QMP there, the machine has no chip, this QEMU cannot log its trace,
            or its log cannot be read by us.
    """
    path = str(socket)
    with monitor_at(path) as (monitor, process):
        _writable(mapped_chips(monitor), path)
        if "trace:PATTERN" not in monitor.human("help log"):
            msg = (
                f"{path}: this QEMU was built without the trace backend that writes to its log, so "
                f"its writes cannot be followed one by one; {_instead(monitor)}"
            )
            raise Refused(msg)
        try:
            place = log_place(process)
        except Refused as refusal:
            msg = f"{path}: {refusal}; {_instead(monitor)}"
            raise Refused(msg) from refusal
        with _log_read(monitor, process, place) as descriptor, _events_on(monitor):
            yield Followed(path, monitor, place, descriptor)


def _instead(monitor: Monitor) -> str:
    """What shows states where writes cannot be had."""
    store = max(backing_files(monitor).items(), default=(0, "the store's file"))[1]
    return f"ovmfgui follow {store} names what changed between two looks at the file"


@contextlib.contextmanager
def _events_on(monitor: Monitor) -> Iterator[None]:
    """Switch on the events that are off, and off again those."""
    off = [name for name in EVENTS if _state(monitor, name) == "disabled"]
    try:
        for name in off:
            monitor.execute("trace-event-set-state", name=name, enable=True)
        yield
    finally:
        with contextlib.suppress(MonitorClosed):
            for name in off:
                monitor.execute("trace-event-set-state", name=name, enable=False)


def _state(monitor: Monitor, name: str) -> str:
    found = monitor.execute("trace-event-get-state", name=name)
    return str(found[0]["state"]) if found else "unavailable"


@contextlib.contextmanager
def _log_read(monitor: Monitor, process: int, place: LogPlace) -> Iterator[int]:
    """A descriptor that reads what QEMU logs from now on."""
    if place.kept_in:
        descriptor = os.open(place.kept_in, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.lseek(descriptor, 0, os.SEEK_END)
            yield descriptor
        finally:
            os.close(descriptor)
        return
    with contextlib.ExitStack() as undone:
        descriptor = _handed_over(monitor, process, place, undone)
        yield descriptor


def _handed_over(
    monitor: Monitor, process: int, place: LogPlace, undone: contextlib.ExitStack
) -> int:
    """Have QEMU log to a file of ours, whose name is gone when it has it open."""
    with tempfile.TemporaryDirectory(prefix="ovmfgui-") as folder:
        log = Path(folder) / "log"
        descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        undone.callback(os.close, descriptor)
        owner = Path(f"/proc/{process}").stat().st_uid
        if os.geteuid() == 0 != owner:
            os.chown(log, owner, -1)
            Path(folder).chmod(0o711)
        undone.callback(_put_back, monitor, place)
        refused = monitor.human(f"logfile {_quoted(log)}").strip()
        if refused or not place.has_open(log):
            why = refused or "it opened another file of that name"
            msg = f"QEMU cannot log to a file of ours ({why})"
            raise Refused(msg)
    return descriptor


def _quoted(path: Path) -> str:
    """A path as the human monitor takes it (monitor/hmp.c, get_str)."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _put_back(monitor: Monitor, place: LogPlace) -> None:
    with contextlib.suppress(MonitorClosed):
        refused = monitor.human(f"logfile {place.path}").strip()
        if refused:
            msg = f"QEMU's log could not be put back to its standard error: {refused}"
            raise Refused(msg)
