"""Real QEMU processes: private, and ended with the program whatever happens to it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ovmfgui.migration.engine.qemu import QemuPlatform
from ovmfgui.migration.scenario.host import Host, Storage
from ovmfgui.migration.simulation.machine import ChipPlan
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.firmware_driver import BusWrite
from ovmfgui.pflash.generation import QEMU_7_2
from ovmfgui.refusal import Refused

pytestmark = pytest.mark.firmware

HOST = Host("a", "Host A", QEMU_7_2, (), Storage.OWN)
SIZE = 0x20000

STARTED = """
import signal, sys, time
# A shell that starts a command in the background has it ignore SIGINT, and what it starts too.
signal.signal(signal.SIGINT, {interrupt})
sys.path.insert(0, {tests!r})
from test_process import machine
from ovmfgui.migration.engine.qemu import QemuPlatform
with QemuPlatform() as platform:
    print(machine(platform).process.process.pid, flush=True)
    time.sleep(60)
"""


def machine(platform: QemuPlatform):
    """A machine with a CODE of one byte's value and a store of another's."""
    plans = []
    for name, value, read_only in (("system.flash0", 0x11, True), ("system.flash1", 0xA7, False)):
        file = platform.place(HOST, f"/{name}", Pages.filled(SIZE, value), shared=False)
        plans.append(ChipPlan(name, f"/{name}", file, read_only, ""))
    made = platform.launch(HOST, "vm", plans, RunState.RUNNING)
    assert not isinstance(made, str), made
    return made


def test_contents_are_read_as_they_are_while_reads_over_the_bus_give_status():
    with QemuPlatform() as platform:
        made = machine(platform)
        chip = made.chips[1]
        made.bus_writes(chip, [BusWrite(0x55, 0x10, ""), BusWrite(0x55, 0x42, "")])
        answer = made.qtest.run([f"readb 0x{chip.address + 0x55:x}"])
        assert int(answer[0], 16) == 0x80
        assert chip.device.contents().read(0x54, 3) == b"\xa7\x42\xa7"
        state = chip.device.state()
        assert (state.wcycle, state.cmd, state.status, state.romd) == (0, 0x10, 0x80, False)
        assert made.chips[0].device.state().romd


def test_sockets_and_files_are_private_and_nothing_is_left(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with QemuPlatform() as platform:
        pid = machine(platform).process.process.pid
        (root,) = tmp_path.iterdir()
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        assert "-nic none" in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    assert not Path(f"/proc/{pid}").exists()
    assert list(tmp_path.iterdir()) == []


def ended(pid: int) -> bool:
    """Whether a process has gone, or is about to: nobody may have waited for it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def started(interrupt: str) -> str:
    return STARTED.format(tests=str(Path(__file__).parent), interrupt=interrupt)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_qemu_ends_with_the_program(how: signal.Signals, tmp_path: Path):
    script = started("signal.default_int_handler")
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert not ended(pid)
        program.send_signal(how)
        program.wait(20)
        deadline = time.monotonic() + 10
        while not ended(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert ended(pid)
    if how is signal.SIGINT:
        assert list(tmp_path.iterdir()) == []


def test_a_program_that_was_started_to_ignore_ctrl_c_goes_on_and_its_qemu_with_it(tmp_path: Path):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", started("signal.SIG_IGN")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        program.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(1)
        assert not ended(pid)
        program.terminate()
        program.wait(20)
        deadline = time.monotonic() + 10
        while not ended(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert ended(pid)


def test_a_qemu_that_has_gone_is_told_with_its_words():
    with QemuPlatform() as platform:
        made = machine(platform)
        made.process.process.kill()
        with pytest.raises(Refused, match="QEMU has ended unexpectedly"):
            made.bus_writes(made.chips[1], [BusWrite(0, 0xFF, "")])
        with pytest.raises(Refused, match="QEMU has ended unexpectedly"):
            made.change_run_state(RunState.PAUSED)
