"""QEMU's words, asked of QEMU itself; and what it does to the destination's file, and when."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from qemu_device import Board, QemuDevice, q35

from ovmfgui.migration.engine.model import ModelMachine
from ovmfgui.migration.simulation.machine import ChipPlan
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash import qemu_words as messages
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.generation import QEMU_7_2

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.firmware

LARGE, SMALL = q35(0x37C000, 0x84000), q35(0x1E0000, 0x20000)


def files(folder: Path, board: Board, fill: int) -> tuple[Path, Path]:
    """A CODE that idles and a store full of one byte."""
    code, store = folder / f"code{fill}", folder / f"vars{fill}"
    code.write_bytes(board.idle_code(bytes((fill,))))
    store.write_bytes(bytes((fill,)) * board.vars_size)
    return code, store


def failed(source: QemuDevice, destination: QemuDevice) -> str:
    """Migrate where that must fail; what the source says in the end."""
    source.qmp("migrate", uri=f"unix:{destination.incoming}")
    deadline = time.monotonic() + 20
    while (answer := source.qmp("query-migrate")).get("status") != "failed":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert destination.process.wait(20) == 1
    return answer["error-desc"]


@pytest.mark.parametrize(("here", "there"), [(LARGE, SMALL), (SMALL, LARGE)])
def test_qemu_refuses_chips_of_other_sizes_in_these_words(tmp_path: Path, here, there):
    with (
        QemuDevice(here, *files(tmp_path, here, 1)) as source,
        QemuDevice(there, *files(tmp_path, there, 2), incoming=True) as destination,
    ):
        assert failed(source, destination) == "Unable to write to socket: Broken pipe"
        expected = messages.size_mismatch("system.flash0", here.code_size, there.code_size)
        assert destination.stderr() == expected
        # The two lines come from two threads, in either order.
        assert set(source.stderr().splitlines()) <= set(
            messages.source_could_not_save().splitlines()
        )
        assert source.qmp("query-status")["status"] == "running"


@pytest.mark.parametrize("size", [100_000, 0, 9 << 20])
def test_qemu_refuses_to_start_with_these_sizes_in_these_words(tmp_path: Path, size: int):
    code, store = files(tmp_path, LARGE, 1)
    store.write_bytes(bytes(size))
    command = [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-nodefaults", "-display", "none",
        "-drive", f"if=pflash,unit=0,format=raw,file={code},readonly=on",
        "-drive", f"if=pflash,unit=1,format=raw,file={store}",
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 1
    assert result.stderr.strip() == messages.launch_refusal((LARGE.code_size, size))


def model(code: bytes, store: bytes) -> tuple[ModelMachine, PagedArray]:
    """The same destination in the model, waiting for a stream."""
    file = PagedArray(Pages.of(store))
    plans = (
        ChipPlan("system.flash0", "code", PagedArray(Pages.of(code)), True, "x"),
        ChipPlan("system.flash1", "vars", file, False, ""),
    )
    return ModelMachine("vm", QEMU_7_2, plans, RunState.INMIGRATE), file


@pytest.mark.parametrize("continued", [True, False])
def test_the_file_is_written_when_the_guest_first_runs_and_never_where_it_does_not(
    tmp_path: Path, continued: bool
):
    code, store = files(tmp_path, SMALL, 1)
    other_code, other_store = files(tmp_path, SMALL, 2)
    origin, _ = model(code.read_bytes(), store.read_bytes())
    waiting, file = model(other_code.read_bytes(), other_store.read_bytes())
    with (
        QemuDevice(SMALL, code, store) as source,
        QemuDevice(SMALL, other_code, other_store, incoming=True, extra=("-S",)) as destination,
    ):
        for offset, value in ((0x1234, 0x10), (0x1234, 0x99), (0x40, 0x10)):
            source.run([f"writeb 0x{SMALL.vars_base + offset:x} 0x{value:x}"])
            origin.device("system.flash1").write(offset, value)
        source.migrate_to(destination)
        waiting.receive(origin.sent())
        assert destination.qmp("query-status")["status"] == "paused"
        assert other_store.read_bytes() == file.snapshot().tobytes() == b"\x02" * SMALL.vars_size
        if continued:
            destination.qmp("cont")
            waiting.change_run_state(RunState.RUNNING)
            assert file.snapshot().read(0x1234, 1) == b"\x99"
    assert other_store.read_bytes() == file.snapshot().tobytes()
    assert other_code.read_bytes() == SMALL.idle_code(b"\x02")
