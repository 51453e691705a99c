"""A running QEMU's writes, named as they happen; QEMU's events and log are as before afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from debian_firmware import CODE_4M, VARS_4M
from guest_run import run_guest
from running_qemu import GUID, STORE, deleting, edit, running, setting, states

from ovmfgui.cli.main import main
from ovmfgui.migration.engine.attaching import monitor_at
from ovmfgui.migration.engine.following import EVENTS, followed
from ovmfgui.migration.recorded.trace_timeline import timeline
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from qemu_device import QemuDevice

pytestmark = pytest.mark.firmware


def logged(device: QemuDevice) -> None:
    """Have QEMU log something of its own: a reset, which tells of itself."""
    device.qmp("trace-event-set-state", name="pflash_reset", enable=True)
    device.reset()
    device.qmp("trace-event-set-state", name="pflash_reset", enable=False)


def test_each_write_is_named_as_it_happens(tmp_path: Path):
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        edit(device, setting("Before", b"0"))
        seen = []
        with followed(device.second) as machine:
            assert (machine.chip, machine.state) == ("system.flash1", "running")
            assert machine.path == str(device.store)
            assert machine.before.tobytes() == device.store.read_bytes()
            waiting = [setting("One", b"1"), setting("One", b"2"), deleting("Before")]
            events = machine.events(lambda: len(seen) == 3)
            before = machine.before.tobytes()

            def fed():
                for event in events:
                    # The next is written only when the one before has been told.
                    if event is None and len(waiting) == 3 - len(seen) and waiting:
                        edit(device, waiting.pop(0))
                    yield event

            for act in timeline(fed(), machine.chip, before, machine.board):
                seen.append(act)
                assert act.contents.tobytes() == device.store.read_bytes()
        assert [act.title for act in seen] == ["Create One", "Set One", "Delete Before"]
        assert {act.guid for act in seen} == {str(GUID)}


@pytest.mark.parametrize("kind", ["pipe", "nothing", "file", "own log"])
def test_events_and_log_are_as_they_were(tmp_path: Path, kind: str):
    """What QEMU logs afterwards goes where it went before, and no event stays on."""
    read, write = os.pipe()
    file = (tmp_path / "err").open("w+b")
    file.write(b"words of before\n")
    file.flush()
    own = tmp_path / "own.log"
    errors = {"pipe": write, "nothing": subprocess.DEVNULL}.get(kind, file)
    extra = ("-D", str(own)) if kind == "own log" else ()
    with file, running(tmp_path, *extra, errors=errors) as device:
        os.close(write)
        if kind == "own log":
            logged(device)
        device.qmp("trace-event-set-state", name="pflash_write_block_erase", enable=True)
        before = states(device)
        with followed(device.second) as machine:
            assert states(device) == before | dict.fromkeys(EVENTS, "enabled")
            edit(device, setting("One", b"1"))
            kept = {"file": tmp_path / "err", "own log": own}.get(kind)
            assert machine.kept_in == (str(kept) if kept else "")
        assert states(device) == before
        assert device.qmp("query-status")["status"] == "running"
        logged(device)
        after = b"pflash_reset system.flash1: reset\npflash_reset system.flash0: reset\n"
        match kind:
            case "pipe":
                assert os.read(read, 1 << 16) == after
            case "file":
                told = (tmp_path / "err").read_bytes()
                assert told.startswith(b"words of before\npflash_io_write")
                assert told.endswith(after)
            case "own log":
                told = own.read_bytes()
                assert told.startswith(after + b"pflash_io_write")
                assert told.endswith(after)
    os.close(read)


def test_nothing_of_ours_stays_on_the_disk(tmp_path: Path, monkeypatch):
    ours = tmp_path / 'a folder with “quotes" and spaces'
    ours.mkdir()
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        monkeypatch.setattr("tempfile.tempdir", str(ours))
        with followed(device.second) as machine:
            edit(device, setting("One", b"1"))
            assert list(ours.iterdir()) == []
            events = machine.events(lambda: False)
            assert next(event for event in events if event is not None).chip == "system.flash1"


def test_ctrl_c_ends_the_command_well_and_everything_is_put_back(tmp_path: Path):
    read, write = os.pipe()
    with running(tmp_path, errors=write) as device:
        os.close(write)
        before = states(device)
        command = [sys.executable, "-m", "ovmfgui", "follow", "--qmp", str(device.second), "--json"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            # Under nohup an interrupt is ignored, by what it starts too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as process:
            begun = json.loads(process.stdout.readline())
            assert (begun["following"], begun["size"]) == ("system.flash1", len(STORE))
            edit(device, setting("One", b"1"))
            assert json.loads(process.stdout.readline())["title"] == "Create One"
            process.send_signal(signal.SIGINT)
            ended = json.loads(process.stdout.readline())
            assert ended["acts"] == 1
            assert ended["ended"].startswith("stopped")
            assert process.wait(20) == 0
        assert states(device) == before
        logged(device)
        assert os.read(read, 1 << 16).count(b"pflash_reset") == 2
    os.close(read)


def test_a_qemu_that_ends_is_an_end(tmp_path: Path, capsys):
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        with followed(device.second) as machine:
            device.process.kill()
            device.process.wait()
            assert [event for event in machine.events(lambda: False) if event is not None] == []
            assert machine.gone
        assert main(["follow", "--qmp", str(device.second)]) == 2
        assert "no QEMU answers there" in capsys.readouterr().err


def test_what_cannot_be_followed_is_refused_and_the_file_named(tmp_path: Path, monkeypatch):
    """A confined QEMU is told before anything is changed; the other way is said."""
    monkeypatch.setattr(
        "ovmfgui.migration.engine.log_place._confined_by", lambda _folder: "libvirt-x (enforce)"
    )
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        before = states(device)
        with (
            pytest.raises(Refused, match=r"confined .*; ovmfgui follow .*vars\.fd names what"),
            followed(device.second),
        ):
            pass
        assert states(device) == before


@pytest.mark.boots
@pytest.mark.timeout(300)
def test_a_first_boot_of_real_firmware_is_told_variable_by_variable(tmp_path: Path):
    store, socket, other = (tmp_path / name for name in ("vars.fd", "monitor", "other"))
    store.write_bytes(VARS_4M.read_bytes())
    machine = ("-machine", "q35,accel=tcg,smm=off", "-cpu", "qemu64", "-m", "256", "-S")
    arguments = [
        *machine,
        *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={CODE_4M}"),
        *("-drive", f"if=pflash,format=raw,unit=1,file={store}"),
        *("-qmp", f"unix:{socket},server=on,wait=off"),
        *("-qmp", f"unix:{other},server=on,wait=off"),
    ]
    acts = []
    deadline = time.monotonic() + 200

    def follow(_process: int, _printed: str) -> bool:
        if not other.exists():
            return False
        with followed(socket) as here, monitor_at(other) as (monitor, _):
            assert here.state == "prelaunch"
            monitor.execute("cont")
            events = here.events(
                lambda: time.monotonic() > deadline or any(a.name == "Key0001" for a in acts)
            )
            # The end is told by what has come so far: ``extend`` would keep that back.
            for act in timeline(events, here.chip, here.before.tobytes(), here.board):
                acts.append(act)  # noqa: PERF402
        return True

    run_guest("qemu-system-x86_64", arguments, tmp_path, follow)
    assert {"MTC", "PlatformLang", "Timeout"} <= {act.name for act in acts}
    live = {record.name for record in read_store(acts[-1].contents.tobytes()).live}
    assert {act.name for act in acts if act.title.startswith("Create ")} == live
