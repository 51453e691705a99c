"""A running QEMU's chips, looked at through its monitor; the guest is left alone."""

from __future__ import annotations

import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from qemu_device import QemuDevice, q35

from ovmfgui.cli.main import main
from ovmfgui.migration.engine.attaching import attach
from ovmfgui.pflash.state import CommandState
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

BOARD = q35(0x1E0000, 0x20000)


@pytest.fixture
def device(tmp_path: Path):
    """A QEMU with a second monitor, as the first is the test's own."""
    code, store = tmp_path / "code", tmp_path / "vars"
    code.write_bytes(BOARD.idle_code(b"\x11"))
    store.write_bytes(b"\xa7" * BOARD.vars_size)
    monitor = f"unix:{tmp_path}/second,server=on,wait=off"
    with QemuDevice(BOARD, code, store, extra=("-qmp", monitor)) as running:
        running.second = tmp_path / "second"
        running.store = store
        yield running


def write(device: QemuDevice, *values: tuple[int, int]) -> None:
    device.run([f"writeb 0x{BOARD.vars_base + at:x} 0x{value:x}" for at, value in values])


@pytest.mark.firmware
def test_chips_are_shown_as_they_are_and_nothing_changes(device):
    write(device, (0x10, 0x10), (0x10, 0x42), (0x10, 0xFF))
    before = device.store.read_bytes()
    recording = attach(device.second)
    assert (recording.format, recording.run_state) == ("live", "running")
    assert recording.machine.startswith("pc-q35")
    names = {flash.name: flash.contents.tobytes() for flash in recording.flash}
    assert names == {"system.flash0": BOARD.idle_code(b"\x11"), "system.flash1": before}
    assert before[0x10] == 0x42
    assert [chip.state for chip in recording.chips] == [CommandState(), CommandState()]
    assert recording.findings == ()
    assert device.qmp("query-status")["status"] == "running"


@pytest.mark.firmware
def test_while_a_command_is_open_the_file_is_shown_and_the_command_stays_open(device):
    write(device, (0x10, 0x10), (0x10, 0x42), (0x11, 0x10))
    recording = attach(device.second)
    contents = next(f.contents for f in recording.flash if f.name == "system.flash1")
    assert contents.tobytes() == device.store.read_bytes()
    assert contents.read(0x10, 1) == b"\x42"
    (finding,) = recording.findings
    assert finding.id == "chip-from-file"
    assert "a command is open in it" in finding.text
    write(device, (0x11, 0x43))
    assert device.store.read_bytes()[0x11] == 0x43


@pytest.mark.firmware
def test_a_file_that_was_changed_behind_the_chip_is_told(device):
    device.store.write_bytes(b"\xa7" * 16 + b"changed" + b"\xa7" * (BOARD.vars_size - 23))
    (finding,) = attach(device.second).findings
    assert finding.text.startswith("system.flash1 and its file differ in 7 bytes")


@pytest.mark.firmware
def test_the_command_shows_and_extracts_them(device, tmp_path: Path, capsys):
    folder = tmp_path / "out"
    assert main(["stream", "--qmp", str(device.second), "--extract", str(folder)]) == 0
    assert "running QEMU, machine pc-q35" in capsys.readouterr().out
    assert (folder / "system.flash1.fd").read_bytes() == device.store.read_bytes()
    assert main(["stream", "--qmp", str(device.second), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "live"


def test_what_is_no_monitor_is_refused_in_one_line(tmp_path: Path, capsys):
    assert main(["stream"]) == 2
    assert main(["stream", "--qmp", str(tmp_path / "none")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 2
    assert "No such file or directory" in error


def test_a_monitor_that_serves_somebody_else_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ovmfgui.migration.engine.attaching.MONITOR_SECONDS", 0.3)
    path = tmp_path / "busy"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        with pytest.raises(Refused, match="a monitor serves one client at a time"):
            attach(path)


def test_something_that_speaks_no_qmp_is_refused(tmp_path: Path):
    path = tmp_path / "other"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"SSH-2.0-hello\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Refused, match="no QEMU answers there"):
            attach(path)
        thread.join()


def answers_with(listener: socket.socket, status: bytes) -> None:
    """A monitor whose ``query-status`` answers that, until its client hangs up."""
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b'{"QMP": {"version": {}, "capabilities": []}}\r\n')
        while line := connection.recv(4096):
            asked = json.loads(line)
            told = status if asked["execute"] == "query-status" else b"{}"
            name = json.dumps(asked.get("id")).encode()
            connection.sendall(b'{"return": ' + told + b', "id": ' + name + b"}\r\n")


DEEP = b"[" * 5000 + b"]" * 5000


@pytest.mark.parametrize("status", [b"[]", b'"on"', DEEP], ids=["list", "text", "deep"])
def test_answers_that_qemu_never_gives_are_refused(tmp_path: Path, status: bytes):
    path = tmp_path / "other"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        thread = threading.Thread(target=answers_with, args=(listener, status))
        thread.start()
        with pytest.raises(Refused, match="what answers there is no QEMU"):
            attach(path)
        thread.join()
