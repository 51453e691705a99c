"""Live migration: both chips and the guest go to another host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.launch import launch
from ovmfgui.migration.simulation.snapshot import Stream, StreamBlock, StreamChip
from ovmfgui.migration.simulation.states import RunState, StreamState
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.backend import Failure, Transfer
    from ovmfgui.migration.simulation.domain import Domain
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import Machine, Sent


@dataclass(slots=True)
class _Move:
    """A migration under way."""

    simulation: Simulation
    name: str
    source: SimulatedHost
    destination: SimulatedHost
    leaving: Machine
    sent: tuple[Sent, ...]
    was_running: bool
    target: Machine | None = None
    brought: bool = False

    def stream(self, state: StreamState, cut: int = 100) -> Stream:
        """The stream as it stands, ``cut`` per cent of the flash gone over."""
        blocks: list[StreamBlock] = []
        left = sum(chip.contents.size for chip in self.sent) * cut // 100
        for chip in self.sent:
            gone = min(left, chip.contents.size)
            blocks.append(StreamBlock(chip.name, chip.contents.size, gone))
            left -= gone
        chips = tuple(StreamChip(c.name, c.state) for c in self.sent) if cut == 100 else ()
        names = (self.name, self.source.name, self.destination.name)
        return Stream(*names, state, tuple(blocks), chips)

    def abandon(self) -> None:
        """The destination's QEMU ends; what was made there for the domain goes again."""
        machine = self.destination.machines.pop(self.name, None)
        if machine is not None:
            machine.end()
        if self.brought:
            path = self.destination.domains.pop(self.name).private
            if path is not None and not self.destination.files[path].shared:
                self.simulation.remove_private(self.destination, path)


def _migrate(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    source, leaving = simulation.running(name)
    destination = simulation.host(arguments["to"])
    if destination is source:
        msg = f'the guest of "{name}" runs on {source.title} already; name another host in "to"'
        raise Refused(msg)
    if leaving.run_state is RunState.POSTMIGRATE:
        msg = f'the guest of "{name}" has left {source.title}; it cannot leave twice'
        raise Refused(msg)
    was_running = leaving.run_state is RunState.RUNNING
    move = _Move(simulation, name, source, destination, leaving, leaving.sent(), was_running)
    waiting = _prepare(move, arguments)
    yield waiting
    if not waiting.ok:
        return
    assert move.target is not None
    transfer = simulation.platform.transfer(leaving, move.target)
    cut_at = min(arguments["cut_at"], 99) if "cut_at" in arguments else None
    failure = transfer.attempt(cut_at)
    if failure is not None:
        yield from _cut(move, failure, cut_at or 0) if failure.cut else _refused(move, failure)
        return
    yield _flowing(move)
    yield _arrived(move, transfer)
    # Management (libvirt, or a person with -S) may hold the guest until it is told to go on.
    yield _runs(move) if was_running and not arguments.get("paused") else _stays_paused(move)


def _prepare(move: _Move, arguments: Mapping[str, Any]) -> StepResult:
    """The destination starts a QEMU that waits for the stream."""
    host, there = move.destination, move.source.domains[move.name]
    title = f"{host.title} gets ready"
    if move.name not in host.domains:
        move.brought = True
        host.domains[move.name] = there
    domain = host.domains[move.name]
    made = _provide_store(move, domain)
    machine = launch(
        move.simulation,
        host,
        domain,
        run_state=RunState.INMIGRATE,
        without_store=bool(arguments.get("without_store")),
    )
    if isinstance(machine, str):
        move.abandon()
        text = f"QEMU on {host.title} does not start, so there is nothing to migrate to."
        return StepResult(
            host.name,
            title,
            text,
            machine,
            ok=False,
            consequence=_stays(move),
            outcome=Outcome.REFUSED_BY_QEMU,
        )
    host.machines[move.name] = move.target = machine
    return StepResult(
        host.name,
        title,
        f"{host.title} starts a QEMU for {move.name} with {machine.code.firmware}; it waits for "
        f"the stream. {made}".strip(),
    )


def _provide_store(move: _Move, domain: Domain) -> str:
    """See that the domain's private file exists on the destination; says how it does."""
    host, path = move.destination, domain.private
    if path is None:
        return ""
    if path in host.files:
        where = "lies on storage that both hosts share" if host.files[path].shared else "is there"
        return f"The private file {path} {where}."
    package = next((p for p in host.packages.values() if p.code_path == domain.code), None)
    if package is not None and package.template is not None:
        contents, origin = Pages.of(package.template), f"{host.title}'s own template"
    else:
        size = move.source.file(path).contents.size
        contents, origin = Pages.of(bytes(size)), "nothing: it is empty"
    move.simulation.put_private(host, domain, contents)
    return f"The private file {path} is made from {origin}; what it holds does not matter yet."


def _stays(move: _Move) -> str:
    state = "keeps running" if move.was_running else "stays as it is"
    return f"The guest {state} on {move.source.title}; nothing is lost."


def _refused(move: _Move, failure: Failure) -> Iterator[StepResult]:
    destination, source = move.destination.title, move.source.title
    move.simulation.stream = move.stream(StreamState.REFUSED, 0)
    move.abandon()
    yield StepResult(
        move.destination.name,
        "QEMU refuses the stream",
        f"{_differing(move)} of the two hosts differ, so {destination}'s QEMU ends before any of "
        "the guest has gone over.",
        failure.destination,
        ok=False,
        consequence="QEMU compares them by name and size; what they hold it does not look at.",
        outcome=Outcome.REFUSED_BY_QEMU,
    )
    move.simulation.stream = None
    yield StepResult(
        move.source.name,
        f"The guest stays on {source}",
        f"{source}'s QEMU loses its peer and gives the migration up. {_stays(move)}",
        failure.source,
        consequence=f"To move it, give {destination} firmware whose files have the same sizes.",
    )


def _differing(move: _Move) -> str:
    return "The firmware's ROMs" if move.leaving.use is FirmwareUse.ROM else "The flash chips"


def _cut(move: _Move, failure: Failure, percent: int) -> Iterator[StepResult]:
    destination, source = move.destination.title, move.source.title
    move.simulation.stream = move.stream(StreamState.CUT, percent)
    move.abandon()
    yield StepResult(
        move.destination.name,
        "The link is cut",
        f"The connection breaks when {percent} % of the flash has gone over, and {destination}'s "
        "QEMU ends.",
        failure.destination,
        ok=False,
    )
    move.simulation.stream = None
    yield StepResult(
        move.source.name,
        f"The guest stays on {source}",
        f"{source}'s QEMU notices and gives the migration up. {_stays(move)}",
        failure.source,
        consequence="The migration can be tried again.",
    )


def _flowing(move: _Move) -> StepResult:
    move.simulation.stream = move.stream(StreamState.FLOWING)
    write = move.leaving.guest.write
    state = ""
    if write is not None and move.leaving.store is not None:
        words = move.leaving.store.device.state().words
        state = (
            f" The guest is in the middle of a write ({write.done} of {write.total} bus writes "
            f"done): the chip's command state, {words}, goes along."
        )
    title, what = "The chip goes over", "the flash chip"
    if len(move.sent) > 1:
        title, what = "Both chips go over", "the contents of both flash chips, CODE too"
    elif move.leaving.use is FirmwareUse.ROM:
        title, what = "The ROM goes over", "the firmware's ROM, as pc.bios"
    text = f"The stream carries the guest's memory, and in it {what}.{state}"
    return StepResult(move.source.name, title, text)


def _arrived(move: _Move, transfer: Transfer) -> StepResult:
    assert move.target is not None
    transfer.deliver()
    move.target.take_over(move.sent, replace(move.leaving.guest))
    move.simulation.stream = move.stream(StreamState.COMPLETE)
    code = move.target.code
    same = code.device.contents() == move.destination.file(code.path).contents.snapshot()
    own_code = same or code is move.target.store
    chips = "Both chips now hold what they" if len(move.sent) > 1 else "The chip now holds what it"
    if move.target.use is FirmwareUse.ROM:
        chips = "The ROM now holds what it"
    return StepResult(
        move.destination.name,
        "The guest arrives",
        f"{chips} held on {move.source.title}{_file_after_arrival(move)}.",
        consequence=""
        if own_code
        else f"The guest goes on with {code.firmware}, not with {code.path} of "
        f"{move.destination.title}.",
    )


def _file_after_arrival(move: _Move) -> str:
    path = move.destination.domains[move.name].private
    if path is None:
        return ""
    if move.destination.files[path].shared:
        return "; the private file, which both hosts see, holds the same already"
    return f"; the private file on {move.destination.title} is still the old one"


def _runs(move: _Move) -> StepResult:
    assert move.target is not None
    _leave(move)
    dumped = move.target.change_run_state(RunState.RUNNING)
    if not dumped:
        text = f"The guest runs on {move.destination.title}; there is no store to be written."
        return StepResult(move.destination.name, "The guest runs", text)
    path = dumped[-1].path
    shared = move.destination.files[path].shared
    why = ", which on shared storage changes nothing and does no harm" if shared else ""
    return StepResult(
        move.destination.name,
        "The guest runs, the store is dumped",
        f"The guest runs on {move.destination.title}, and with this change of run state QEMU "
        f"writes the whole chip to {path}{why}.",
        consequence="From now on every byte that the guest writes goes to that file.",
    )


def _stays_paused(move: _Move) -> StepResult:
    assert move.target is not None
    _leave(move)
    store = move.target.store
    if store is None:
        text = f"The guest waits on {move.destination.title} to be continued."
        return StepResult(move.destination.name, "The guest stands still", text)
    path = store.path
    return StepResult(
        move.destination.name,
        "The guest stands still",
        f"The guest waits on {move.destination.title} to be continued; QEMU has not written "
        f"{path}.",
        consequence="If this QEMU ends before it is continued, the file keeps what it held.",
    )


def _leave(move: _Move) -> None:
    """The source's QEMU has done its work and is ended, as libvirt does."""
    move.simulation.stream = None
    move.source.machines.pop(move.name).end()


PERFORM: Mapping[str, Perform] = {
    "migrate": _migrate,
}
"""What carries out each action, by its name."""
