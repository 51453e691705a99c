"""A recorded migration as a replay of one step, and its chips as files."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.flash.placement import FOUR_GIB, chip_address
from ovmfgui.migration.recorded.activity import Activity
from ovmfgui.migration.recorded.prepared import Aside, Prepared
from ovmfgui.migration.recorded.replay import recorded_host, recorded_replay, recorded_step
from ovmfgui.migration.recorded.segments import charts_of
from ovmfgui.migration.simulation.guest_view import GuestView
from ovmfgui.migration.simulation.snapshot import ChipState, GuestState
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.state import CommandState
from ovmfgui.refusal import Refused
from ovmfgui.wording import count, size_text

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.migration.stream.recording import FlashContents, Recording
    from ovmfgui.migration.stream.uefi_vars import UefiVars
    from ovmfgui.progress import Report

_FORMATS = {
    "qemu": "QEMU migration stream",
    "mapped-ram": "QEMU mapped-ram file",
    "libvirt": "libvirt save file",
    "live": "running QEMU",
}
"""Of the chips of ARM's virt machine (QEMU hw/arm/virt.c, base_memmap, VIRT_FLASH)."""


def prepare_recording(path: str, report: Report) -> Prepared:
    """Read a migration stream or a save file.

    Raises:
        Refused: it is none, of a kind that cannot be read, or has no flash in it.
    """
    from ovmfgui.migration.stream.opening import open_recording

    report(0, 2, "reading the recording")
    return _prepared(open_recording(path), path, report)


def prepare_running(socket: str, report: Report) -> Prepared:
    """Look at the chips of a running QEMU; the guest is left alone.

    Args:
        socket: the path of QEMU's QMP socket.
        report: told of progress; may raise to cancel.

    Raises:
        Refused: nothing speaks QMP there, or the machine has no flash chip.
    """
    from ovmfgui.migration.engine.attaching import attach

    report(0, 2, "asking QEMU")
    return _prepared(attach(socket), socket, report)


def _prepared(recording: Recording, path: str, report: Report) -> Prepared:
    from ovmfgui.flash.image import FlashFile, Format
    from ovmfgui.flash.role import role_of

    report(1, 2, "drawing the maps")
    if not any(flash.complete for flash in recording.flash):
        why = " ".join(f.text for f in recording.findings) or "the guest has no flash chips"
        msg = f"{path}: there are no flash contents in this recording: {why}"
        raise Refused(msg)
    name = Path(path).name
    chips = []
    for flash in recording.flash:
        if not flash.complete:
            continue
        data = flash.contents.tobytes()
        role = role_of(data)
        if role is not None:
            chips.append(FlashFile(f"{flash.name} in {name}", data, Format.RAW, role))
    replay = recording_replay(recording, path, inspected=bool(chips))
    return Prepared(
        replay,
        charts_of(replay.steps, lambda *_: None),
        Activity("writes", (0,), ((),)),
        Aside(_FORMATS[recording.format], _recording_html(recording)),
        tuple(chips),
        alone=True,
    )


def recording_replay(recording: Recording, path: str, *, inspected: bool) -> Replay:
    """A recording as a replay of one step.

    Args:
        recording: with flash in it.
        path: of its file.
        inspected: whether there is something in the chips that the other views show.
    """
    above = FOUR_GIB
    chips = []
    for flash in sorted(recording.flash, key=lambda each: each.unit):
        above -= flash.contents.size
        if flash.complete:  # what is not whole is told, not shown
            section = recording.chip_of(flash)
            state = section.state if section else None
            chips.append(_recorded_chip(flash, state, above, only=len(recording.flash) < 2))
    running = RunState.RUNNING if recording.run_state == "running" else RunState.PAUSED
    store = next((chip for chip in chips if not chip.read_only), None)
    guest_view = GuestView(
        "the CODE that is in the recording",
        True,
        running,
        True,
        "the array",
        store.contents if store is not None else None,
    )
    guest = GuestState(
        recording.machine or "of the recording", running, "", tuple(chips), guest_view
    )
    name = Path(path).name
    tense = "is" if recording.format == "live" else "was"
    consequence = " ".join(
        f"{chip.name} {tense} in the middle of a command: {chip.command.words}."
        for chip in chips
        if not chip.command.idle
    )
    seen = f", the guest {recording.run_state}" if recording.run_state else ""
    text = (
        f"{_FORMATS[recording.format]}{seen}: {count(len(recording.blocks), 'RAM block')}, "
        f"{len(recording.flash)} of them flash. "
    ) + (
        "What the chips hold is open in the other views too."
        if inspected
        else "The chips hold no firmware, so there is nothing for the other views to show."
    )
    cut = " ".join(finding.text for finding in recording.findings)
    host = recorded_host(name, guest)
    title = "As it is now" if recording.format == "live" else "As it was recorded"
    step = recorded_step(0, title, text, host)
    step = replace(step, consequence=f"{consequence} {cut}".strip(), ok=not cut)
    return recorded_replay(path, text, (step,))


def _recorded_chip(
    flash: FlashContents, state: CommandState | None, address: int, *, only: bool
) -> ChipState:
    place = flash.name.rpartition(".")[2]
    if flash.name.startswith("virt."):
        address = chip_address(flash.name, flash.contents.size, x86=False)
    code = flash.unit < 0 or (place != "flash1" and not only)
    known = state or CommandState()
    return ChipState(flash.name, flash.contents, known, address, code, "a file of the guest's host")


def _recording_html(recording: Recording) -> str:
    blocks = "".join(
        f"<tr><td>{escape(block.name)}&nbsp;&nbsp;</td>"
        f'<td align="right">{size_text(block.size)}</td></tr>'
        for block in recording.blocks
    )
    machine = f"<p>Machine {escape(recording.machine)}</p>" if recording.machine else ""
    state = f"<p>Run state {escape(recording.run_state)}</p>" if recording.run_state else ""
    notes = "".join(f"<p>{escape(finding.text)}</p>" for finding in recording.findings)
    held = "".join(_service_html(service) for service in recording.services)
    return f"{machine}{state}{notes}{held}<p>RAM blocks</p><table>{blocks}</table>"


def _service_html(service: UefiVars) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.name)}&nbsp;&nbsp;</td>"
        f'<td align="right">{size_text(len(each.data))}</td></tr>'
        for each in service.variables
    )
    return (
        f"<p>Variables in QEMU's {escape(service.device)} device, which needs no flash</p>"
        f"<table>{rows}</table>"
    )
