"""Whose chip a trace is of, told by what the log says of itself; a real one of each board."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from qemu_device import Board, QemuDevice, arm_virt, q35

from ovmfgui.pflash.geometry import VIRT, X86, Geometry
from ovmfgui.pflash.trace import TraceLog, read_trace, replay_trace
from ovmfgui.pflash.trace_board import Survey, board_named
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path


def told(chip: str, *lines: str) -> Geometry:
    return Survey(lines).board_of(chip)


def erase(chip: str, size: int) -> str:
    return f"pflash_write_block_erase {chip}: block erase offset:0x0 bytes:0x{size:x}"


def write(chip: str, size: int, value: int) -> str:
    return f"pflash_io_write {chip}: offset:0x0000 size:{size} value:0x{value:04x} wcycle:0"


def test_the_chip_that_is_written_to_most_is_the_busiest():
    lines = [write("a", 1, 0x10), write("b", 1, 0x10), erase("a", 4096), write("b", 1, 0xFF)]
    assert Survey(iter(lines)).busiest_chip == "b"


@pytest.mark.parametrize(
    ("chip", "lines", "board"),
    [
        ("system.flash1", [], X86),
        ("virt.flash0", [], VIRT),
        ("nor", [erase("nor", 0x1000)], X86),
        ("nor", [erase("nor", 0x40000), erase("other", 0x1000)], VIRT),
        ("nor", [write("nor", 4, 0x400040)], VIRT),
    ],
)
def test_a_name_an_erase_or_a_doubled_command_tells(chip: str, lines: list[str], board: Geometry):
    assert told(chip, *lines) is board


@pytest.mark.parametrize(
    ("chip", "lines", "said"),
    [
        ("nor", [write("nor", 1, 0x40)], "cannot be told from this log; say it"),
        ("nor", [erase("nor", 0x10000)], "it erases blocks of 65,536 bytes"),
        ("virt.flash1", [erase("virt.flash1", 0x1000)], "called virt.flash1; it erases blocks of"),
    ],
)
def test_nothing_is_guessed(chip: str, lines: list[str], said: str):
    with pytest.raises(Refused, match=said):
        told(chip, *lines)


def test_a_machine_tells_by_its_architecture_or_its_type():
    assert board_named("x86_64", None) is X86
    assert board_named("aarch64", "virt-7.2") is VIRT
    assert board_named("riscv64", "virt") is VIRT
    assert board_named(None, "pc-q35-7.2") is X86
    assert board_named("arm", "vexpress-a15") is None
    assert board_named(None, None) is None


@pytest.mark.firmware
@pytest.mark.parametrize("machine", [q35(0x1E0000, 0x20000), arm_virt()], ids=["q35", "virt"])
def test_what_a_real_qemu_logged_leaves_what_it_wrote_to_its_file(machine: Board, tmp_path: Path):
    code, store, log = (tmp_path / name for name in ("code", "store", "log"))
    before = random.Random(1).randbytes(1 << 16) * (machine.vars_size >> 16)
    code.write_bytes(machine.idle_code(b"\x5a"))
    store.write_bytes(before)
    wide = machine.machine == "virt"
    letter, double = ("l", 0x10001) if wide else ("b", 1)
    block = 0x40000 if wide else 0x1000
    writes = [(3 * block, 0x20), (3 * block, 0xD0), (3 * block + 64, 0x40)]
    trace = ("-trace", "pflash_*", "-D", str(log))
    with QemuDevice(machine, code, store, extra=trace) as device:
        for offset, command in writes:
            device.run([f"write{letter} 0x{machine.vars_base + offset:x} 0x{command * double:x}"])
        device.run([f"write{letter} 0x{machine.vars_base + 3 * block + 64:x} 0x5a"])
        device.run([f"write{letter} 0x{machine.vars_base:x} 0x{0xFF * double:x}"])
    lines = list(TraceLog(log))
    events = list(read_trace(lines))
    chip = "virt.flash1" if wide else "system.flash1"
    replay = replay_trace(events, chip, before, Survey(lines).board_of(chip))
    assert dict(replay.wear) == {3: 1}
    assert replay.contents.tobytes() == store.read_bytes() != before
