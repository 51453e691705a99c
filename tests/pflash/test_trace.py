"""A QEMU trace on the emulated chip; the real one is of OVMF's first boot on Debian's template."""

from __future__ import annotations

import lzma
import time
import tracemalloc
from pathlib import Path

import pytest

from ovmfgui.pflash.geometry import X86
from ovmfgui.pflash.trace import (
    TraceLog,
    TraceReset,
    TraceWrite,
    read_trace,
    replay_trace,
)
from ovmfgui.pflash.trace_board import Survey
from ovmfgui.refusal import Refused

DATA = Path(__file__).parent.parent / "data"
TEMPLATE = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")


def test_lines_are_read_with_and_without_a_time_before_them():
    lines = [
        "pflash_reset system.flash1: reset",
        "12@1700000000.5:pflash_io_write system.flash1: offset:0x0064 size:1 value:0x0010 wcycle:0",
        "pflash_data_write system.flash1: data offset:0x0064 size:1 value:0x00aa",
        "something else",
    ]
    assert list(read_trace(lines)) == [
        TraceReset(1, "system.flash1"),
        TraceWrite(2, "system.flash1", 0x64, 1, 0x10, 0),
    ]


def write(offset: int, value: int, wcycle: int, chip: str = "c", line: int = 1) -> TraceWrite:
    return TraceWrite(line, chip, offset, 1, value, wcycle)


def test_programs_erases_and_wear_are_counted():
    events = [
        write(0x1000, 0x20, 0), write(0x1000, 0xD0, 1), write(0x1000, 0x20, 0),
        write(0x1000, 0xD0, 1), write(5, 0x10, 0), write(5, 0xAA, 1), write(5, 0xFF, 0),
        write(0, 0x20, 0, chip="other"),
    ]  # fmt: skip
    replay = replay_trace(events, "c", bytes(0x2000), X86)
    assert (replay.writes, replay.programs, replay.erases) == (7, 1, 2)
    assert dict(replay.wear) == {1: 2}
    assert replay.notes == ()
    assert replay.contents.tobytes() == bytes(5) + b"\xaa" + bytes(0xFFA) + b"\xff" * 0x1000


def test_a_log_with_a_hole_is_told():
    replay = replay_trace([write(0, 0x10, 0), write(1, 0x10, 0, line=9)], "c", bytes(0x1000), X86)
    assert replay.notes == (
        "line 9: the log has the chip in cycle 0, what comes before leads to 1; lines are missing, "
        "or it begins in the middle of a command",
    )


def test_a_log_of_a_larger_chip_and_a_log_of_nothing_are_refused():
    with pytest.raises(Refused, match="line 1 writes at 0x1000, and the file has 0x1000"):
        replay_trace([write(0x1000, 0x10, 0)], "c", bytes(0x1000), X86)
    with pytest.raises(Refused, match="no write to a flash chip"):
        assert Survey(["pflash_reset c: reset"]).busiest_chip


@pytest.mark.firmware
def test_a_first_boots_trace_gives_the_file_that_qemu_left_bit_for_bit():
    text = lzma.decompress((DATA / "ovmf-4m-first-boot.trace.xz").read_bytes()).decode()
    after = lzma.decompress((DATA / "ovmf-4m-first-boot.after.fd.xz").read_bytes())
    lines = text.splitlines()
    events = list(read_trace(lines))
    chip = Survey(lines).busiest_chip
    started = time.perf_counter()
    replay = replay_trace(events, chip, TEMPLATE.read_bytes(), X86)
    taken = time.perf_counter() - started
    assert (replay.chip, replay.writes, replay.erases) == ("system.flash1", 31_656, 0)
    assert replay.contents.tobytes() == after
    assert replay.notes == ()
    assert taken < 1


def test_a_log_is_read_anew_each_time_and_never_held(tmp_path):
    """As large as it may be, it takes the memory of a line."""
    line = b"pflash_io_write c: offset:0x0000 size:1 value:0x00ff wcycle:0\n"
    (tmp_path / "log").write_bytes(line * 100_000)
    (tmp_path / "log.xz").write_bytes(lzma.compress(line * 100_000, preset=0))
    for name in ("log", "log.xz"):
        log = TraceLog(tmp_path / name)
        tracemalloc.start()
        assert Survey(log).busiest_chip == "c"
        replay = replay_trace(log.events(), "c", bytes(0x1000), X86)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert replay.writes == 100_000
        assert peak < 1 << 20, name


@pytest.mark.parametrize(("flipped", "said"), [(0, "an xz file that ends"), (1, "a damaged xz")])
def test_a_damaged_xz_log_is_refused_by_name(tmp_path, flipped, said):
    packed = bytearray(lzma.compress(b"pflash_reset c: reset\n" * 50_000, preset=0)[:-40])
    packed[len(packed) // 2] ^= flipped
    (tmp_path / "log.xz").write_bytes(packed)
    with pytest.raises(Refused, match=rf"log\.xz is {said}"):
        list(TraceLog(tmp_path / "log.xz"))
