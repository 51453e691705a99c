"""The bus writes of OVMF's flash driver, and that the chip ends as the firmware means it to."""

from __future__ import annotations

from typing import NamedTuple

from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.firmware_driver import bus_writes, erase


class Written(NamedTuple):
    offset: int
    data: bytes
    what: str


def test_a_program_run_ends_in_read_array_at_its_last_byte():
    assert [tuple(w)[:2] for w in bus_writes([Written(0x40, b"\xaa\x55", "head")])] == [
        (0x40, 0x10), (0x40, 0xAA), (0x41, 0x10), (0x41, 0x55), (0x41, 0xFF),
    ]  # fmt: skip


def test_a_write_across_a_block_boundary_is_two_runs():
    writes = [*bus_writes([Written(0xFFF, b"\x01\x02", "x")])]
    assert [(w.offset, w.value) for w in writes] == [
        (0xFFF, 0x10), (0xFFF, 1), (0xFFF, 0xFF), (0x1000, 0x10), (0x1000, 2), (0x1000, 0xFF),
    ]  # fmt: skip


def test_an_erase_leaves_the_chip_in_status_mode_until_a_program_run_ends():
    flash = Cfi01(Pages.of(bytes(0x4000)))
    for write in erase(2, "spare"):
        flash.write(write.offset, write.value)
    assert flash.state().words == "status mode after an erase (0x80 ready)"
    for write in bus_writes([Written(0x2000, b"hello", "x")]):
        flash.write(write.offset, write.value)
    assert flash.state().idle
    expected = bytes(0x2000) + b"hello".ljust(0x1000, b"\xff") + bytes(0x1000)
    assert flash.array.snapshot().tobytes() == expected


def test_erased_flash_over_whole_blocks_is_erased_and_anything_less_is_programmed():
    whole = [*bus_writes([Written(0x1000, b"\xff" * 0x2000, "spare")])]
    assert [(w.offset, w.value) for w in whole] == [
        (0x1000, 0x20), (0x1000, 0xD0), (0x2000, 0x20), (0x2000, 0xD0),
    ]  # fmt: skip
    assert all(w.value in (0x10, 0xFF) for w in bus_writes([Written(0x1000, b"\xff" * 64, "x")]))
    assert all(w.value in (0x10, 0xFF) for w in bus_writes([Written(0x10, b"\xff" * 0x1000, "x")]))
