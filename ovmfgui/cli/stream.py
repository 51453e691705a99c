"""``ovmfgui stream``: what a recorded migration holds of the flash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_findings, print_table, say
from ovmfgui.cli.parsing import add_json
from ovmfgui.guid import guid_name
from ovmfgui.migration.stream.opening import open_recording, snapshots_in
from ovmfgui.nvram.record import attribute_names
from ovmfgui.refusal import Refused
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.migration.stream.recording import Recording
    from ovmfgui.migration.stream.snapshots import SavedGuest
    from ovmfgui.migration.stream.uefi_vars import UefiVars
    from ovmfgui.nvram.exchange import Variable


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="a QEMU migration stream, a file that 'virsh save' wrote, or a qcow2 image that "
        "'savevm' put guests into",
    )
    parser.add_argument(
        "--snapshot",
        metavar="NAME",
        default="",
        help="the snapshot of a qcow2 image to open; without it they are listed",
    )
    parser.add_argument(
        "--qmp",
        metavar="SOCKET",
        help="instead of a file: the chips of a running QEMU, by its QMP socket; the guest is "
        "left alone",
    )
    parser.add_argument(
        "--extract", metavar="DIR", help="write each flash chip's contents to a new file there"
    )
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Read the recording."""
    if arguments.file is not None and not arguments.snapshot:
        guests = snapshots_in(arguments.file)
        if guests is not None:
            return _list_snapshots(arguments, guests)
    recording = _recording(arguments)
    written = extract(recording, Path(arguments.extract)) if arguments.extract else []
    if arguments.json:
        print_json(as_document(recording))
    else:
        print_recording(recording)
        for path in written:
            say(f"written: {path}")
    cut = any(finding.severity == "error" for finding in recording.findings)
    return ANSWER_IS_NO if cut else ALL_WELL


def _recording(arguments: Namespace) -> Recording:
    if (arguments.file is None) == (arguments.qmp is None):
        msg = "name a recorded migration, or after --qmp the monitor socket of a running QEMU"
        raise Refused(msg)
    if arguments.qmp is None:
        return open_recording(arguments.file, arguments.snapshot)
    from ovmfgui.migration.engine.attaching import attach  # asyncio and more

    return attach(arguments.qmp)


def _list_snapshots(arguments: Namespace, guests: tuple[SavedGuest, ...]) -> int:
    if arguments.extract:
        msg = f"{arguments.file} is a qcow2 image; name the snapshot to extract (--snapshot NAME)"
        raise Refused(msg)
    if arguments.json:
        listed = [
            {
                "id": guest.snapshot.id,
                "name": guest.snapshot.name,
                "seconds": guest.snapshot.seconds,
                "state_size": guest.snapshot.state_size,
                "same_as_active": guest.same_as_active,
            }
            for guest in guests
        ]
        print_json({"format": "qcow2", "snapshots": listed})
    elif guests:
        print("qcow2 image with snapshots; open one with --snapshot NAME")
        print_table([(guest.snapshot.name, guest.words) for guest in guests])
    else:
        print("qcow2 image without a snapshot; open its store with: ovmfgui inspect FILE")
    return ALL_WELL if guests else ANSWER_IS_NO


def extract(recording: Recording, folder: Path) -> list[Path]:
    """Write the chips' contents as NAME.fd, QEMU's own variables as JSON; nothing is overwritten.

    A chip of which something is missing is not written.
    """
    from ovmfgui.nvram.saving import create

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: {error.strerror}; name a folder after --extract"
        raise Refused(msg) from error
    written = []
    for flash in recording.flash:
        if not flash.complete:
            continue  # told among the findings
        path = folder / f"{Path(flash.name).name}.fd"
        create(path, flash.contents.tobytes())
        written.append(path)
    for service in recording.services:
        path = folder / f"{service.device}.json"
        create(path, service.to_json().encode())
        written.append(path)
    return written


def as_document(recording: Recording) -> dict[str, Any]:
    """The command's JSON."""
    return {
        "format": recording.format,
        "machine": recording.machine,
        "run_state": recording.run_state,
        "blocks": [{"name": block.name, "size": block.size} for block in recording.blocks],
        "pflash": [
            {
                "instance": chip.instance,
                "wcycle": chip.state.wcycle,
                "cmd": chip.state.cmd,
                "status": chip.state.status,
                "counter": chip.state.counter,
                "block_offset": chip.state.buffer.offset if chip.state.buffer else None,
            }
            for chip in recording.chips
        ],
        "flash": [
            {
                "name": flash.name,
                "size": flash.contents.size,
                "sha256": flash.contents.sha256 if flash.complete else None,
                "pages": {"total": flash.pages, "missing": flash.missing},
                "complete": flash.complete,
            }
            for flash in recording.flash
        ],
        "uefi_vars": [
            {
                "device": service.device,
                "exited_boot_services": service.exited_boot_services,
                "variables": [_variable_document(each) for each in service.variables],
            }
            for service in recording.services
        ],
        "findings": [
            {"id": f.id, "severity": f.severity.value, "text": f.text} for f in recording.findings
        ],
    }


def _variable_document(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "guid": str(variable.guid),
        "guid_name": guid_name(variable.guid),
        "attributes": list(attribute_names(variable.attributes)),
        "attr": variable.attributes,
        "size": len(variable.data),
        "data": variable.data.hex(),
    }


def print_recording(recording: Recording) -> None:
    """The recording for a person."""
    kinds = {
        "qemu": "QEMU migration stream",
        "mapped-ram": "QEMU mapped-ram file",
        "libvirt": "libvirt save file",
        "live": "running QEMU",
    }
    machine = f", machine {recording.machine}" if recording.machine else ""
    verb = {"live": "is", "libvirt": "was saved"}.get(recording.format, "was")
    state = f", the guest {verb} {recording.run_state}" if recording.run_state else ""
    say(f"{kinds[recording.format]}{machine}{state}")
    print("\nRAM blocks")
    print_table([(b.name, f"{b.size:,}") for b in recording.blocks], frozenset((1,)))
    print("\nFlash")
    for flash in recording.flash:
        chip = recording.chip_of(flash)
        words = chip.state.words if chip else "its command state is not known"
        say(f"  {flash.name}  {'a ROM (-bios), no chip' if flash.unit < 0 else words}")
        say(f"    sha256 {flash.contents.sha256}" if flash.complete else f"    {flash.lack}")
    for service in recording.services:
        _print_service(service)
    print_findings(recording.findings)


def _print_service(service: UefiVars) -> None:
    say(f"\nVariables in QEMU's {service.device} device, which needs no flash")
    rows = [
        (
            each.name,
            guid_name(each.guid) or str(each.guid),
            " ".join(attribute_names(each.attributes)),
            size_text(len(each.data)),
        )
        for each in service.variables
    ]
    print_table(rows, frozenset((3,)))
