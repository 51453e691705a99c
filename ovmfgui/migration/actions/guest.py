"""What the guest does with its variables."""

from __future__ import annotations

from collections import deque
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.flash.placement import MAX_CHIP_SIZE
from ovmfgui.migration.simulation.boot import remember
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.driver import firmware_writes
from ovmfgui.migration.simulation.machine import GuestWrite
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.migration.simulation.take_snapshot import guest_view_of
from ovmfgui.pflash.geometry import VIRT
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import FlashChip, Machine
    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor

GLOBAL_VARIABLE = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
"""EFI_GLOBAL_VARIABLE (UEFI specification, section 3.3)."""

_FULL = (
    " The store was full: the firmware reclaims the room of deleted records, through the FTW areas "
    "so that a power loss at any byte loses nothing. (Once an operating system runs it would not; "
    "it would report that there is no room.)"
)


def _awake(simulation: Simulation, domain: str) -> tuple[SimulatedHost, Machine]:
    """The running guest of a domain, whose firmware is up."""
    host, machine = simulation.running(domain)
    if not machine.guest.alive:
        msg = f'the firmware of "{domain}" did not come up, so nobody can use a variable there'
        raise Refused(msg)
    if machine.run_state is not RunState.RUNNING:
        msg = f'the guest of "{domain}" is {machine.run_state}; continue it first'
        raise Refused(msg)
    return host, machine


def finish_first(simulation: Simulation, domain: str) -> Iterator[StepResult]:
    """What a write under way needs before the guest can do anything else."""
    _, machine = simulation.running(domain)
    if machine.guest.write is not None and machine.run_state is RunState.RUNNING:
        yield from _finish(simulation, {"domain": domain})


def _finish(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain = simulation.domain_name(arguments.get("domain"))
    host, machine = _awake(simulation, domain)
    write = machine.guest.write
    if simulation.firmware is not None:
        yield StepResult(host.name, "The rest", "A real guest has made the whole write already.")
        return
    if write is None:
        msg = f'the guest of "{domain}" is in no write; set-variable with stop_after starts one'
        raise Refused(msg)
    left = len(write.todo)
    chip = _conduct(simulation, machine, left)
    yield StepResult(
        host.name,
        f"{write.title}: the rest",
        f"The guest goes on where it was: {count(left, 'bus write')} more and the variable is "
        f"saved. Each {_unit(chip)} goes to {chip.path} as it is written.",
    )


def _conduct(simulation: Simulation, machine: Machine, number: int) -> FlashChip:
    """Make the next bus writes of the write under way; a finished one is remembered."""
    write, chip = machine.guest.write, machine.store
    assert write is not None
    assert chip is not None
    machine.bus_writes(chip, [write.todo.popleft() for _ in range(min(number, len(write.todo)))])
    if not write.todo:
        machine.guest.write = None
        remember(simulation, machine.domain, write.key, write.value)
    return chip


def _value(arguments: Mapping[str, Any]) -> bytes:
    given = [name for name in ("text", "data", "size") if name in arguments]
    if len(given) != 1:
        msg = 'say what the value is, in one of three ways: text = "…", data = "hex" or size = n'
        raise Refused(msg)
    if "text" in arguments:
        return _text_value(arguments["text"], arguments["name"], _guid(arguments))
    if "data" in arguments:
        return bytes(arguments["data"])
    size = arguments["size"]
    if size > MAX_CHIP_SIZE:
        msg = f"size is more than the {MAX_CHIP_SIZE:,} bytes of the largest chip"
        raise Refused(msg)
    return bytes(i & 0xFF for i in range(size))


def _text_value(text: str, name: str, guid: UUID) -> bytes:
    """A text as its variable holds it: languages end in NUL, boot loaders write UTF-16."""
    from ovmfgui.nvram.decode.registry import decoder_for

    decoder = decoder_for(guid, name)
    kind = decoder.kind if decoder is not None else ""
    if kind == "boot loader":
        return text.encode("utf-16-le") + b"\0\0"
    return text.encode() + (b"\0" if kind == "language" else b"")


def _set(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    value, name, guid = _value(arguments), arguments["name"], _guid(arguments)
    attributes = arguments.get("attributes")

    def edit(editor: Editor) -> Edit:
        return editor.set_variable(name, guid, value, attributes)

    yield from _write(simulation, arguments, edit, value)


def _delete(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    def edit(editor: Editor) -> Edit:
        return editor.delete_variable(arguments["name"], _guid(arguments))

    yield from _write(simulation, arguments, edit, None)


def _guid(arguments: Mapping[str, Any]) -> UUID:
    from ovmfgui.nvram.well_known import vendor_of

    given = arguments.get("guid")
    if isinstance(given, UUID):
        return given
    return vendor_of(arguments["name"]) or GLOBAL_VARIABLE


def _write(
    simulation: Simulation,
    arguments: Mapping[str, Any],
    edit: Callable[[Editor], Edit],
    value: bytes | None,
) -> Iterator[StepResult]:
    domain = simulation.domain_name(arguments.get("domain"))
    host, machine = _awake(simulation, domain)
    yield from finish_first(simulation, domain)
    name = arguments["name"]
    title = f"{'Delete' if value is None else 'Set'} {name}"
    if simulation.firmware is not None:
        key, bits = (_guid(arguments), name), arguments.get("attributes")
        yield simulation.firmware.write(simulation, host, machine, title, key, value, bits)
        return
    chip = machine.store
    if machine.guest.volatile is not None or chip is None:
        yield _in_memory(simulation, host, machine, (_guid(arguments), name), value, title)
        return
    try:
        editor = _editor(simulation, machine, chip)
        change = edit(editor)
    except Refused as refusal:
        text = f"The firmware does not do it: {refusal}."
        simulation.unmet.append(f"{title} was asked for and not done: {refusal}.")
        yield StepResult(host.name, title, text, ok=False)
        return
    try:
        editor.go_on(change)
    except Refused:
        # What is there now is no store to change any more: the next write says so.
        machine.guest.editor = None
    todo = deque(firmware_writes(chip, change.writes))
    machine.guest.write = GuestWrite(title, (_guid(arguments), name), value, todo, len(todo))
    yield from _perform(simulation, host, machine, arguments, change)


def _editor(simulation: Simulation, machine: Machine, chip: FlashChip) -> Editor:
    """What the firmware knows of the store: read anew where the chip holds anything else.

    Raises:
        Refused: the store must not be changed as it is.
    """
    from ovmfgui.nvram.editor import Editor, Generation

    generation = Generation.OLD if simulation.appends_as_before(machine) else Generation.NEW
    data, known = chip.device.contents().tobytes(), machine.guest.editor
    if known is None or known.generation is not generation or known.data != data:
        known = machine.guest.editor = Editor(data, generation, compact=True)
    return known


def _unit(chip: FlashChip) -> str:
    """What goes to the chip's file at once: the virt machines' firmware fills buffers."""
    return "buffer" if chip.device.geometry is VIRT else "byte"


def _perform(
    simulation: Simulation,
    host: SimulatedHost,
    machine: Machine,
    arguments: Mapping[str, Any],
    change: Edit,
) -> Iterator[StepResult]:
    write, flash_writes = machine.guest.write, len(change.writes)
    full = _FULL if "compacting" in change.title else ""
    assert write is not None
    stop = arguments.get("stop_after")
    if stop is not None and stop >= write.total:
        machine.guest.write = None
        msg = f"{write.title} takes {write.total} bus writes; stop_after has to be less"
        raise Refused(msg)
    if stop is not None:
        chip = _conduct(simulation, machine, stop)
        yield StepResult(
            host.name,
            f"{write.title}, in the middle",
            f"The firmware is in the middle of the write: {stop} of {write.total} bus writes "
            f"are done, the chip is {chip.device.state().words}.{full}",
            consequence="What is written is in the file already, byte by byte."
            if chip.device.state().buffer is None
            else "The open buffer is in the chip alone; it goes to the file as a whole.",
        )
        return
    if arguments.get("slowly"):
        yield from _write_by_write(simulation, host, machine, write)
        return
    chip = _conduct(simulation, machine, write.total)
    yield StepResult(
        host.name,
        write.title,
        f"The firmware makes {count(flash_writes, 'flash write')} of it, "
        f"{count(write.total, 'bus write')} in all, and each {_unit(chip)} goes to {chip.path} at "
        f"once."
        f"{full}"
        if write.total
        else "The variable already has this value: the firmware writes nothing.",
    )


def _write_by_write(
    simulation: Simulation, host: SimulatedHost, machine: Machine, write: GuestWrite
) -> Iterator[StepResult]:
    """A step for every flash write of a variable write."""
    groups = [(what, len(list(group))) for what, group in groupby(write.todo, lambda w: w.what)]
    for what, number in groups:
        chip = _conduct(simulation, machine, number)
        text = f"{count(number, 'bus write')}; each {_unit(chip)} is in {chip.path} at once."
        yield StepResult(host.name, what, text)


def _in_memory(
    simulation: Simulation,
    host: SimulatedHost,
    machine: Machine,
    key: tuple[UUID, str],
    value: bytes | None,
    title: str,
) -> StepResult:
    """A variable of a firmware that found no flash for its store."""
    volatile = machine.guest.volatile
    if volatile is None:
        text = "This machine has no variable store."
        simulation.unmet.append(f"{title} was asked for and not done: there is no variable store.")
        return StepResult(host.name, title, text, ok=False)
    if value is None:
        volatile.pop(key, None)
    else:
        volatile[key] = value
    remember(simulation, machine.domain, key, value)
    declared = machine.use is FirmwareUse.STATELESS
    file = "" if machine.store is None else ": the file is not touched"
    return StepResult(
        host.name,
        title,
        f"The firmware reports success and keeps the variable in memory{file}.",
        ok=declared,
        consequence="It is gone at the next power-off, as declared."
        if declared
        else "It is lost at the next power-off, and nobody is told.",
    )


def _get(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    domain = simulation.domain_name(arguments.get("domain"))
    host, machine = _awake(simulation, domain)
    yield from finish_first(simulation, domain)
    key = (_guid(arguments), arguments["name"])
    name, title = key[1], f"Read {key[1]}"
    seen = {(v.guid, v.name): v.data for v in guest_view_of(machine).variables}
    data = seen.get((str(key[0]), name))
    if data is None:
        text = f"The guest asks for {name} and does not find it."
        if key in simulation.deleted.get(domain, ()):
            yield StepResult(host.name, title, f"{text} It had deleted it.")
            return
        simulation.unmet.append(f"{name} was asked for and not found.")
        yield StepResult(host.name, title, text, ok=False)
        return
    text = f"The guest reads {name}: {_shown(data)}."
    saved = simulation.known.get(domain, {}).get(key, data)
    if data != saved:
        text += f" It had been told that {_shown(saved)} is saved."
        simulation.unmet.append(f"{name} was read with another value than the one that was saved.")
    yield StepResult(host.name, title, text, ok=data == saved)


def _shown(data: bytes) -> str:
    text = data.removesuffix(b"\0")
    if text and all(0x20 <= byte < 0x7F for byte in text):
        return f"“{text.decode()}”"
    return f"{count(len(data), 'byte')}, {data[:8].hex(' ')}{' …' if len(data) > 8 else ''}"


PERFORM: Mapping[str, Perform] = {
    "set-variable": _set,
    "delete-variable": _delete,
    "finish-write": _finish,
    "get": _get,
}
"""What carries out each action, by its name."""
