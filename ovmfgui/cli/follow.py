"""``ovmfgui follow``: what a running machine writes to its store, as it happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say
from ovmfgui.cli.parsing import add_json
from ovmfgui.guid import guid_name
from ovmfgui.refusal import Refused
from ovmfgui.wording import count, size_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable

    from ovmfgui.migration.engine.following import Followed
    from ovmfgui.migration.recorded.trace_timeline import Act


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="a store, or the definition of the machine that uses it: what changed between two "
        "looks at the file is named; works for every hypervisor",
    )
    parser.add_argument(
        "--qmp",
        metavar="SOCKET",
        help="instead of a file: a running QEMU, by its QMP socket; each write is named as it "
        "happens, from QEMU's own trace events; the guest is left alone",
    )
    parser.add_argument(
        "--seconds", metavar="N", type=float, help="end after that time; without it Ctrl+C ends it"
    )
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Follow until it is over: the time is up, Ctrl+C is pressed or QEMU ends."""
    if (arguments.file is None) == (arguments.qmp is None):
        msg = "name a store, or after --qmp the monitor socket of a running QEMU"
        raise Refused(msg)
    end = time.monotonic() + arguments.seconds if arguments.seconds is not None else None

    def over() -> bool:
        return end is not None and time.monotonic() >= end

    if arguments.qmp is None:
        return _watch(arguments, over)
    from ovmfgui.migration.engine.following import followed
    from ovmfgui.migration.recorded.trace_timeline import timeline

    told = _Teller(json=arguments.json)
    with followed(arguments.qmp) as machine:
        _tell_begin(machine, arguments)
        events = machine.events(over)
        acts = timeline(events, machine.chip, machine.before.tobytes(), machine.board)
        told.tell(acts)
    told.end(_how_it_ended(machine, told))
    return ALL_WELL


def _tell_begin(machine: Followed, arguments: Namespace) -> None:
    if arguments.json:
        print_json(
            {
                "following": machine.chip,
                "machine": machine.machine,
                "run_state": machine.state,
                "path": machine.path or None,
                "size": machine.before.size,
                "sha256": machine.before.sha256,
                "kept_in": machine.kept_in or None,
            }
        )
        return
    where = f", kept in {machine.path}" if machine.path else ""
    say(
        f"Following {machine.chip} of a {machine.machine} that is {machine.state} "
        f"({size_text(machine.before.size)}{where}); Ctrl+C ends it"
    )
    if machine.kept_in:
        say(f"QEMU logs to a file, in which the trace stays: {machine.kept_in}")


def _how_it_ended(machine: Followed, told: _Teller) -> str:
    if machine.gone:
        return "QEMU has ended"
    stopped = "stopped" if told.interrupted else "the time is up"
    return f"{stopped}; QEMU's trace events and its log are as they were"


def _watch(arguments: Namespace, over: Callable[[], bool]) -> int:
    from ovmfgui.cli.store_argument import path_of_store
    from ovmfgui.migration.recorded.watching import changes_of

    # A template in the place of a store that does not exist yet would never change.
    path = path_of_store(arguments.file, write=True)
    told = _Teller(json=arguments.json)
    if arguments.json:
        print_json({"following": path})
    else:
        say(f"Looking at {path} again and again: states are seen, not writes; Ctrl+C ends it")
    told.tell(act for act in changes_of(path, over) if act is not None)
    told.end("stopped" if told.interrupted else "the time is up")
    return ALL_WELL


class _Teller:
    """Prints acts as they come; whoever reads along has each at once."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._acts = 0
        self.interrupted = False

    def tell(self, acts: Iterable[Act]) -> None:
        """Until there are no more; Ctrl+C is an end like another."""
        try:
            for act in acts:
                self._acts += 1
                self._tell(act)
        except KeyboardInterrupt:
            self.interrupted = True

    def _tell(self, act: Act) -> None:
        now = time.time()
        if self._json:
            print_json({"time": round(now, 3), **act_json(act)})
        else:
            clock = time.strftime("%H:%M:%S", time.localtime(now))
            parts = [part for part in (_vendor(act), _amount(act)) if part]
            say(f"  {clock}  {act.title}" + (f"  ({', '.join(parts)})" if parts else ""))
        _flush()

    def end(self, how: str) -> None:
        """Say how it ended."""
        if self._json:
            print_json({"ended": how, "acts": self._acts})
        else:
            say(f"{count(self._acts, 'act')}: {how}")


def act_json(act: Act) -> dict[str, Any]:
    """One act, without the log's lines, which nobody has."""
    return {
        "title": act.title,
        "name": act.name or None,
        "guid": act.guid or None,
        "writes": act.writes,
        "programs": act.programs,
        "erases": act.erases,
    }


def _vendor(act: Act) -> str:
    from uuid import UUID

    return (guid_name(UUID(act.guid)) or act.guid) if act.guid else ""


def _amount(act: Act) -> str:
    parts = []
    if act.writes:
        parts.append(count(act.writes, "bus write"))
    if act.erases:
        parts.append(count(act.erases, "block") + " erased")
    return ", ".join(parts)


def _flush() -> None:
    import sys

    sys.stdout.flush()
