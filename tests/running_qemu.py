"""A QEMU whose store is written to as firmware would, with a monitor for whoever looks at it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from qemu_device import QemuDevice, q35

from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.pflash.firmware_driver import bus_writes

if TYPE_CHECKING:
    from pathlib import Path

STORE = synthetic_package("2m").vars
BOARD = q35(0x1E0000, len(STORE))
GUID = UUID("5f0c8a52-1d3a-4a53-9d2e-6f6d66677569")


@contextmanager
def running(folder: Path, *extra: str, errors=None):
    """A QEMU with a second monitor, as the first is the test's own."""
    code, store = folder / "code", folder / "vars.fd"
    code.write_bytes(BOARD.idle_code(b"\x11"))
    store.write_bytes(STORE)
    monitor = ("-qmp", f"unix:{folder}/second,server=on,wait=off")
    with QemuDevice(BOARD, code, store, extra=(*monitor, *extra), errors=errors) as device:
        device.second, device.store = folder / "second", store
        yield device


def edit(device: QemuDevice, *edits) -> None:
    """Have the device's chip written to as firmware would."""
    for each in edits:
        change = each(Editor(device.store.read_bytes(), Generation.NEW, compact=True))
        device.run(
            [
                f"writeb 0x{BOARD.vars_base + write.offset:x} 0x{write.value:x}"
                for write in bus_writes(change.writes)
            ]
        )


def setting(name: str, value: bytes):
    return lambda editor: editor.set_variable(name, GUID, value)


def deleting(name: str):
    return lambda editor: editor.delete_variable(name, GUID)


def states(device: QemuDevice) -> dict[str, str]:
    listed = device.qmp("trace-event-get-state", name="pflash_*")
    return {event["name"]: event["state"] for event in listed}
