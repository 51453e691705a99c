"""Recordings that the installed QEMU makes now, in the ways that it has to migrate."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from qemu_device import QemuDevice, q35

from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.firmware, pytest.mark.xdist_group("recordings")]
BOARD = q35(0x20000, 0x4000)


@pytest.fixture
def device(tmp_path: Path):
    code, store = tmp_path / "code", tmp_path / "vars"
    code.write_bytes(BOARD.idle_code(b"\x11\x22"))
    store.write_bytes(random.Random(7).randbytes(BOARD.vars_size))
    with QemuDevice(BOARD, code, store) as made:
        yield made


def right(tmp_path: Path) -> dict[str, bytes]:
    code, store = (tmp_path / name for name in ("code", "vars"))
    return {"system.flash0": code.read_bytes(), "system.flash1": store.read_bytes()}


def set_capabilities(device: QemuDevice, *names: str) -> None:
    on = [{"capability": name, "state": True} for name in names]
    device.qmp("migrate-set-capabilities", capabilities=on)


class Connections:
    """Takes all that come to a socket, and keeps what each brings."""

    def __init__(self, path: Path):
        self.path, self.parts = path, []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            part = bytearray()
            self.parts.append(part)
            threading.Thread(target=self._drain, args=(connection, part), daemon=True).start()

    @staticmethod
    def _drain(connection: socket.socket, part: bytearray) -> None:
        with connection:
            while data := connection.recv(1 << 16):
                part += data


def whole(device: QemuDevice, path: Path):
    """The recording of one connection.

    With postcopy announced QEMU waits for an answer at the end: the recording is whole before the
    migration is.
    """
    connections = Connections(device.folder / "recorded")
    device.qmp("migrate", uri=f"unix:{connections.path}")
    deadline = time.monotonic() + 20
    while True:
        path.write_bytes(bytes(connections.parts[0]) if connections.parts else b"QEVM")
        with contextlib.suppress(Refused):
            recording = open_recording(path)
            if not recording.findings and recording.run_state:
                return recording
        assert time.monotonic() < deadline, device.qmp("query-migrate")
        time.sleep(0.05)


@pytest.mark.parametrize(
    "capabilities",
    [
        (),
        ("postcopy-ram",),
        ("dirty-bitmaps",),
        ("postcopy-ram", "dirty-bitmaps"),
        ("xbzrle",),
        ("x-ignore-shared",),
        ("auto-converge", "release-ram"),
    ],
    ids="+".join,
)
def test_what_may_come_later_does_not_hide_what_came(device, tmp_path: Path, capabilities):
    set_capabilities(device, *capabilities)
    recording = whole(device, tmp_path / "stream")
    assert {f.name: f.contents.tobytes() for f in recording.flash} == right(tmp_path)
    assert all(f.complete for f in recording.flash)
    assert [chip.instance for chip in recording.chips] == [0, 1]


def test_compressed_pages_are_read(device, tmp_path: Path):
    set_capabilities(device, "compress")
    device.record_to(tmp_path / "stream")
    recording = open_recording(tmp_path / "stream")
    assert recording.findings == ()
    assert {f.name: f.contents.tobytes() for f in recording.flash} == right(tmp_path)


def test_a_cut_anywhere_gives_no_chip_that_is_not_whole(device, tmp_path: Path):
    device.record_to(tmp_path / "stream")
    data = (tmp_path / "stream").read_bytes()
    for cut in range(9, len(data), len(data) // 40):
        (tmp_path / "cut").write_bytes(data[:cut])
        recording = open_recording(tmp_path / "cut")
        described = data.index(b'"vmsd_name"') - 200  # behind the guest's own state
        assert recording.findings or cut >= described
        for flash in recording.flash:
            assert not flash.complete or flash.contents.tobytes() == right(tmp_path)[flash.name]


def test_the_main_connection_of_a_multifd_migration_lacks_the_chips(device, tmp_path: Path):
    connections = Connections(device.folder / "multifd")
    set_capabilities(device, "multifd")
    device.qmp("migrate", uri=f"unix:{connections.path}")
    device._wait(lambda: device.qmp("query-migrate").get("status") == "completed")
    device._wait(lambda: any(part.startswith(b"QEVM") for part in connections.parts))
    main = next(part for part in connections.parts if part.startswith(b"QEVM"))
    (tmp_path / "stream").write_bytes(bytes(main))
    recording = open_recording(tmp_path / "stream")
    assert [(f.pages, f.missing) for f in recording.flash] == [(32, 32), (4, 4)]
    assert not any(f.complete for f in recording.flash)
    assert [chip.instance for chip in recording.chips] == [0, 1]
