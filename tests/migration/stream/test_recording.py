"""Recorded migrations: what is in them comes out of them, however they are cut or damaged."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import os
import random
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qemu_device import QemuDevice, q35
from stream_building import (
    CONTINUE,
    EOS,
    FULL_PAGE,
    PAGE,
    be,
    block_pages,
    chip_body,
    footer,
    global_state,
    head,
    name,
    pflash,
    ram_part,
    ram_start,
    section,
)

from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.migration.stream.recording import Recording, read_recording
from ovmfgui.migration.stream.source import source_of
from ovmfgui.pflash.state import CommandState, WriteBuffer
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[2] / "data"
RANDOM = random.Random(5)
CODE, STORE = RANDOM.randbytes(2 * PAGE), RANDOM.randbytes(PAGE) + bytes(PAGE) + b"\xff" * PAGE
MEMORY = RANDOM.randbytes(40 * PAGE) + bytes(90 * PAGE) + RANDOM.randbytes(70 * PAGE)
BLOCKS = {"pc.ram": len(MEMORY), "system.flash0": len(CODE), "system.flash1": len(STORE)}
DESCRIPTION = b'{"page_size": 4096, "devices": []}'


def stream(*, description: bool = True, machine_state: str = "running") -> bytes:
    """Two rounds over the memory, both chips, a device that holds something like a footer."""
    old = RANDOM.randbytes(len(STORE))
    tricky = section(4, 5, "tricky", 0, 1, b"\x7e" + be(4, 5) + b"\x99 no footer")
    return b"".join(
        (
            head(),
            ram_start(BLOCKS),
            ram_part(block_pages("pc.ram", MEMORY) + block_pages("system.flash1", old)),
            ram_part(block_pages("system.flash0", CODE)),
            ram_part(block_pages("system.flash1", STORE), kind=3),
            tricky,
            pflash(0, chip_body()),
            pflash(1, chip_body(1, 0x10, 0x80, 7)),
            global_state(machine_state),
            b"\0",
            b"\x06" + be(4, len(DESCRIPTION)) + DESCRIPTION if description else b"",
        )
    )


WHOLE = stream()


def check_whole(recording: Recording) -> None:
    assert (recording.machine, recording.run_state) == ("pc-q35-7.2", "running")
    assert {b.name: b.size for b in recording.blocks} == BLOCKS
    assert {f.name: f.contents.tobytes() for f in recording.flash} == {
        "system.flash0": CODE,
        "system.flash1": STORE,
    }
    assert [(c.instance, c.state) for c in recording.chips] == [
        (0, CommandState()),
        (1, CommandState(1, 0x10, 0x80, 7, romd=False)),
    ]
    assert recording.findings == ()


@pytest.mark.parametrize("description", [True, False])
def test_the_last_copy_of_every_flash_page_and_both_states_are_read(description: bool):
    check_whole(read_recording(source_of(stream(description=description))))


def test_an_open_write_to_buffer_comes_with_its_block():
    block = RANDOM.randbytes(256)
    body = chip_body(2, 0xE8, 0x80, 1)
    body += b"\x05" + name("pflash_cfi01_blk_write") + be(4, 1) + block + be(4, 0x100)
    recording = read_recording(source_of(head() + pflash(1, body) + b"\0"))
    state = recording.chips[0].state
    assert state.buffer == WriteBuffer(0x100, block)
    assert (state.wcycle, state.counter) == (2, 1)


def test_a_stream_that_is_cut_off_gives_what_came_before_and_says_so():
    for cut in range(8, len(WHOLE) - len(DESCRIPTION) - 5, 997):
        recording = read_recording(source_of(WHOLE[:cut]))
        assert recording.findings[0].id == "stream-cut-off"
        assert f"0x{cut:X}" in recording.findings[0].text
        incomplete = {flash.name for flash in recording.flash if not flash.complete}
        told = {f.text.split(":")[0] for f in recording.findings[1:]}
        assert incomplete == told
        for flash in recording.flash:
            right = {"system.flash0": CODE, "system.flash1": STORE}[flash.name]
            assert not flash.complete or flash.contents.tobytes() == right


@settings(max_examples=150, deadline=None)
@given(
    damage=st.lists(
        st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
)
def test_damage_is_a_finding_or_a_refusal_never_a_fault(damage):
    data = bytearray(WHOLE)
    for at, value in damage:
        data[at] = value
    with contextlib.suppress(Refused):
        read_recording(source_of(bytes(data)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no migration stream"),
        (b"QEVM" + be(4, 2), "version 2; known is version 3"),
        (head() + b"\x08" + be(2, 5) + be(2, 0), "postcopy RUN"),
        (head() + b"\x08" + be(2, 7) + be(2, 4) + be(4, 9), "PACKAGED"),
        (head() + ram_start(BLOCKS) + b"\x02" + be(4, 2) + be(8, 0x80), "RDMA"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(data: bytes, words: str):
    with pytest.raises(Refused) as refused:
        read_recording(source_of(data))
    assert words in str(refused.value)


def libvirt(
    form: int, payload: bytes, order: str = "<", magic: bytes = b"LibvirtQemudSave"
) -> bytes:
    xml = b"<domain type='kvm'><name>vm1</name></domain>\0".ljust(1000, b"\0")
    words = struct.pack(f"{order}19I", 2, len(xml), 1, form, 0, *([0] * 14))
    return magic + words + xml + payload


@pytest.mark.parametrize(
    ("form", "pack"), [(0, bytes), (1, gzip.compress), (2, bz2.compress), (3, lzma.compress)]
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_libvirt_save_file_is_read_in_every_packing_of_the_standard_library(
    tmp_path: Path, form: int, pack, order: str
):
    path = tmp_path / "vm1.save"
    path.write_bytes(libvirt(form, pack(WHOLE), order))
    recording = open_recording(path)
    check_whole(recording)
    assert recording.format == "libvirt"


@pytest.mark.parametrize("program", ["zstd", "lzop"])
def test_other_packings_go_through_the_systems_program(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
):
    stand_in = tmp_path / program
    stand_in.write_text('#!/bin/sh\n[ "$1" = -dc ] && exec gzip -dc\n')
    stand_in.chmod(0o755)
    path = tmp_path / "vm1.save"
    path.write_bytes(libvirt({"lzop": 4, "zstd": 5}[program], gzip.compress(WHOLE)))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    check_whole(open_recording(path))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(Refused, match=f"packed with {program}; install that program"):
        open_recording(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (libvirt(0, WHOLE, magic=b"LibvirtQemudPart"), "libvirt did not finish this save file"),
        (libvirt(9, WHOLE), "packed in a way that is not known (format 9)"),
        (libvirt(1, b"no gzip"), "Not a gzipped file"),
        (libvirt(0, b""), "ends before the guest's state"),
        (libvirt(0, b"anything"), "no migration stream"),
        (b"LibvirtQemudSave", "ends inside its header"),
        (b"anything", "no recorded migration"),
        (b"", "no recorded migration"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_name(tmp_path: Path, data: bytes, words: str):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        open_recording(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert words in str(refused.value)


def test_a_pipe_and_a_directory_are_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "none"):
        with pytest.raises(Refused):
            open_recording(path)


def test_a_packed_stream_that_is_cut_off_is_told_as_cut_off(tmp_path: Path):
    path = tmp_path / "vm1.save"
    path.write_bytes(libvirt(1, gzip.compress(WHOLE)[:-1000]))
    assert open_recording(path).findings[0].id == "stream-cut-off"


@pytest.mark.parametrize(
    ("file", "format_", "state"),
    [
        ("qtest-array-10.0", "qemu", CommandState()),
        ("qtest-program-7.2", "qemu", CommandState(1, 0x10, romd=False)),
        ("qtest-program-10.0-mapped-ram", "mapped-ram", CommandState(1, 0x10, romd=False)),
    ],
)
def test_streams_of_real_qemu_are_read(tmp_path: Path, file: str, format_: str, state):
    path = tmp_path / "stream"
    path.write_bytes(lzma.decompress((DATA / f"{file}.stream.xz").read_bytes()))
    recording = open_recording(path)
    assert (recording.format, recording.machine) == (format_, "pc-q35-7.2")
    assert recording.run_state == "running"
    assert [c.state for c in recording.chips] == [CommandState(), state]
    first = open_recording(DATA / "qtest-array-10.0.stream.xz")
    assert [f.contents.size for f in recording.flash] == [0x20000, 0x10000]
    assert recording.flash[0].contents == first.flash[0].contents
    assert recording.flash[1].contents == first.flash[1].contents
    assert recording.findings == ()


def test_a_stream_in_the_middle_of_a_write_to_buffer_has_its_block():
    recording = open_recording(DATA / "qtest-buffer-7.2.stream.xz")
    buffer = recording.chips[1].state.buffer
    assert buffer is not None
    assert len(buffer.data) == 256
    assert recording.chips[1].state.cmd == 0xE8


def test_a_mapped_ram_file_has_to_be_unpacked_first():
    with pytest.raises(Refused, match="has to be unpacked first"):
        open_recording(DATA / "qtest-program-10.0-mapped-ram.stream.xz")


def test_much_memory_is_passed_over_in_little_memory_and_time(tmp_path: Path):
    size = 256 << 20
    page = RANDOM.randbytes(PAGE)
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(head() + ram_start({"pc.ram": size, "system.flash1": len(STORE)}))
        file.write(b"\x02" + be(4, 2) + be(8, FULL_PAGE) + name("pc.ram") + page)
        for at in range(PAGE, size, PAGE):
            file.write(be(8, at | FULL_PAGE | CONTINUE) + page)
        file.write(block_pages("system.flash1", STORE) + be(8, EOS) + b"\x7e" + be(4, 2) + b"\0")
    started = time.perf_counter()
    assert open_recording(path).flash[0].contents.tobytes() == STORE
    taken = time.perf_counter() - started
    tracemalloc.start()
    open_recording(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20
    assert taken < 5


@pytest.mark.firmware
def test_a_stream_that_qemu_records_now_holds_what_its_chips_hold(tmp_path: Path):
    board = q35(0x1E0000, 0x20000)
    code, store, recorded = (tmp_path / part for part in ("code", "vars", "stream"))
    code.write_bytes(board.idle_code(b"\x11\x22"))
    store.write_bytes(RANDOM.randbytes(board.vars_size))
    with QemuDevice(board, code, store) as device:
        base = board.vars_base
        device.run([f"writeb 0x{base + 0x2000:x} 0x20", f"writeb 0x{base + 0x2000:x} 0xd0"])
        device.run([f"writeb 0x{base + 5:x} 0x10", f"writeb 0x{base + 5:x} 0x77"])
        device.run([f"writeb 0x{base + 6:x} 0x40"])
        device.record_to(recorded)
    recording = open_recording(recorded)
    contents = {f.name: f.contents.tobytes() for f in recording.flash}
    assert contents == {"system.flash0": code.read_bytes(), "system.flash1": store.read_bytes()}
    assert recording.chips[1].state == CommandState(1, 0x40, romd=False)
    assert recording.findings == ()


@pytest.mark.parametrize("after", [b"\0\0\0\0\x1c\x4e", b"\x02\0\0\0\x77", b"\x08\x99\x99"])
def test_bytes_of_a_device_that_look_like_its_footer_do_not_end_it(after: bytes):
    chance = b"\0\x41\x1d\xdf" + footer(0) + after
    data = head() + section(4, 0, "timer", 0, 2, chance) + pflash(1, chip_body(1, 0x10)) + b"\0"
    assert read_recording(source_of(data)).chips[0].state.cmd == 0x10
