"""The cfi01 chip, command by command; the real device is asked in test_chip_against_qemu."""

from __future__ import annotations

import pytest

from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.generation import QEMU_7_2, QEMU_7_2_0, QEMU_10_0
from ovmfgui.pflash.geometry import VIRT
from ovmfgui.pflash.state import CommandState, WriteBuffer

SIZE = 0x20000
PATTERN = bytes(range(256)) * (SIZE // 256)


def chip(generation=QEMU_7_2, **options) -> Cfi01:
    return Cfi01(Pages.of(PATTERN), generation=generation, **options)


def send(flash: Cfi01, *writes: tuple[int, int]) -> None:
    for offset, value in writes:
        flash.write(offset, value)


def contents(flash: Cfi01) -> bytes:
    return flash.array.snapshot().tobytes()


def test_a_program_stores_bits_from_0_to_1_too_and_leaves_status_mode_open():
    flash = chip()
    send(flash, (0x0F, 0x10), (0x0F, 0xF0))
    assert contents(flash)[0x0F] == 0xF0
    assert flash.state() == CommandState(0, 0x10, 0x80, romd=False)
    assert flash.read(0) == 0x80
    send(flash, (0x0F, 0xFF))
    assert flash.read(0x0F) == 0xF0


def test_a_block_is_erased_at_the_first_cycle_whatever_follows():
    flash = chip()
    send(flash, (0x1234, 0x20))
    assert contents(flash)[0x1000:0x2000] == b"\xff" * 0x1000
    assert flash.erases == {1: 1}
    send(flash, (0x1234, 0xFF))
    assert flash.state().idle
    assert contents(flash)[:0x1000] == PATTERN[:0x1000]
    assert contents(flash)[0x2000:] == PATTERN[0x2000:]


def test_clearing_the_status_clears_ready_as_firmwares_probe_relies_on():
    flash = chip()
    send(flash, (0x10, 0x50), (0x10, 0x70))
    assert flash.read(0x10) == 0x00
    assert flash.read(0x10, 4) == 0
    send(flash, (0x10, 0xFF))
    assert flash.read(0x10) == 0x10


def test_a_read_only_chip_keeps_its_bytes_and_collects_both_error_bits():
    flash = chip(read_only=True)
    send(flash, (5, 0x10), (5, 0x99))
    assert flash.read(0) == 0x90
    send(flash, (5, 0x20), (5, 0xD0))
    assert flash.read(0) == 0xB0
    assert contents(flash) == PATTERN


def test_a_secure_chip_refuses_writes_and_hides_its_mode_outside_smm():
    flash = chip(secure=True)
    assert not flash.write(0, 0x70)
    assert flash.state().idle
    assert flash.write(0, 0x70, smm=True)
    assert flash.read(3) == 3
    assert flash.read(3, smm=True) == 0x80


def test_a_four_byte_status_read_shows_the_register_twice():
    flash = chip()
    flash.write(0, 0x70)
    assert flash.read(0, 4) == 0x0080_0080
    assert flash.read(0, 2) == 0x80
    assert flash.read(0, 8) == 0x0080_0080_0080_0080
    assert flash.read(1, 4) == 0x80_0080_80


@pytest.mark.parametrize(("size", "exponent"), [(0x20000, 0x11), (0x84000, 0x0E), (0x1E0000, 0x11)])
def test_the_query_tells_the_size_by_its_trailing_zeros(size: int, exponent: int):
    flash = Cfi01(Pages.of(bytes(size)))
    flash.write(0, 0x98)
    assert bytes(flash.read(i) for i in (0x10, 0x11, 0x12)) == b"QRY"
    assert flash.read(0x27) == exponent
    assert flash.read(0x2D) | flash.read(0x2E) << 8 == size // 0x1000 - 1
    assert flash.read(0x52) == 0
    flash.write(0, 0x70)
    assert flash.read(0x10) == ord("Q")
    flash.write(0, 0xFF)
    assert flash.state().idle


def test_arm_virts_chip_answers_for_both_of_its_devices():
    flash = Cfi01(Pages.of(bytes(0x100000)), VIRT)
    flash.write(0, 0x98, 4)
    assert flash.read(0x10 * 4, 4) == ord("Q") << 16 | ord("Q")
    assert flash.read(0x2D * 4, 1) == 3
    flash.reset()
    flash.write(0, 0x90, 4)
    assert flash.read(0, 4) == 0x0089_0089
    assert flash.read(4, 4) == 0x0018_0018
    flash.write(0, 0x70, 4)
    assert flash.read(0, 4) == 0x0080_0080


def buffered(flash: Cfi01, data: bytes, offset: int = 0x120, end: int = 0xD0) -> None:
    send(flash, (offset, 0xE8), (offset, len(data) - 1))
    send(flash, *((offset + i, value) for i, value in enumerate(data)), (offset, end))


@pytest.mark.parametrize("generation", [QEMU_7_2_0, QEMU_7_2, QEMU_10_0])
def test_a_confirmed_write_to_buffer_reaches_array_and_file(generation):
    file = PagedArray(Pages.of(PATTERN))
    flash = chip(generation, backing=file)
    buffered(flash, b"hello")
    assert contents(flash)[0x120:0x125] == b"hello"
    assert file.snapshot() == flash.array.snapshot()
    assert (flash.wcycle, flash.status) == (0, 0x80)
    assert flash.counter == (0 if generation is QEMU_10_0 else (1 << 64) - 1)


@pytest.mark.parametrize(
    ("generation", "status", "stored"),
    [(QEMU_7_2_0, 0x80, True), (QEMU_7_2, 0x80, True), (QEMU_10_0, 0x90, False)],
)
def test_a_one_byte_write_to_buffer_fails_in_10_0(generation, status, stored):
    flash = chip(generation)
    buffered(flash, b"\x77")
    assert flash.status == status
    assert (contents(flash)[0x120] == 0x77) is stored


@pytest.mark.parametrize(
    ("generation", "stays"), [(QEMU_7_2_0, True), (QEMU_7_2, False), (QEMU_10_0, False)]
)
def test_a_write_to_buffer_that_is_not_confirmed_is_dropped_since_7_2_9(generation, stays):
    flash = chip(generation)
    buffered(flash, b"hello", end=0xFF)
    assert flash.state().idle
    assert (contents(flash)[0x120:0x125] == b"hello") is stays


@pytest.mark.parametrize("generation", [QEMU_7_2, QEMU_10_0])
def test_a_byte_outside_the_buffers_block_fails_the_command(generation):
    flash = chip(generation)
    send(flash, (0x100, 0xE8), (0x100, 1), (0x100, 0xAA), (0x200, 0xBB), (0x100, 0xD0))
    assert flash.status & 0x10
    assert contents(flash) == PATTERN


def test_what_goes_to_the_file_is_widened_to_512_bytes():
    written = []

    class File:
        def write(self, offset, data):
            written.append((offset, len(data)))

        def write_byte(self, offset, value):
            written.append((offset, 1))

    flash = chip(backing=File())
    send(flash, (0x1FE, 0x10), (0x1FE, 0), (0x3000, 0x20), (0x3000, 0xD0))
    assert written == [(0, 512), (0x3000, 0x1000)]
    # The second byte of a sector needs no more than itself, until something else was written.
    send(flash, (0x1FE, 0x10), (0x1FE, 0), (0x1FF, 0x10), (0x1FF, 0), (0x200, 0x10), (0x200, 0))
    assert written[2:] == [(0, 512), (0x1FF, 1), (0x200, 512)]


@pytest.mark.parametrize("generation", [QEMU_7_2_0, QEMU_7_2, QEMU_10_0])
def test_a_file_follows_programs_and_writes_to_buffer_in_one_sector(generation):
    file = PagedArray(Pages.of(PATTERN))
    flash = chip(generation, backing=file)
    send(flash, (0x10, 0x10), (0x10, 0xA1), (0x11, 0x10), (0x11, 0xA2))
    send(flash, (0x20, 0xE8), (0x20, 1), (0x20, 0xB1), (0x21, 0xB2), (0x20, 0xD0))
    send(flash, (0x12, 0x10), (0x12, 0xA3), (0x12, 0xFF))
    assert file.snapshot().tobytes() == contents(flash)
    assert contents(flash)[0x10:0x13] == b"\xa1\xa2\xa3"
    assert contents(flash)[0x20:0x22] == b"\xb1\xb2"


def test_an_unaligned_access_is_cut_and_its_parts_are_cycles_of_their_own():
    flash = chip()
    flash.write(0x1FE, 0x10)
    flash.write(0x1FE, 0x0040CCDD, 4)
    assert contents(flash)[0x1FE:0x202] == b"\xdd\xcc\x00\x01"
    assert flash.state() == CommandState(1, 0x40, romd=False)


def test_a_reset_keeps_the_counter_and_the_array():
    flash = chip()
    send(flash, (0, 0xE8), (0, 9), (0, 0x55))
    flash.reset()
    assert flash.state() == CommandState(counter=8)
    assert contents(flash) == PATTERN


@pytest.mark.parametrize(("generation", "answer"), [(QEMU_7_2, 0x33), (QEMU_10_0, 0x80)])
def test_reads_right_after_arriving_in_mid_command_differ_between_releases(generation, answer):
    source, target = chip(generation), Cfi01(Pages.of(b"\xa7" * SIZE), generation=generation)
    source.write(0x33, 0x10)
    target.load(source.array.snapshot(), source.state())
    assert target.read(0x33) == answer
    target.write(0x33, 0x00)
    assert contents(target)[0x33] == 0x00
    target.write(0x33, 0x70)
    assert target.read(0x33) == 0x80


def test_the_dump_to_the_file_waits_for_the_next_change_of_run_state_and_happens_once():
    file = PagedArray(Pages.of(b"\xa7" * SIZE))
    target = Cfi01(file.snapshot(), backing=file)
    target.load(Pages.of(PATTERN), CommandState())
    assert file.snapshot().tobytes() == b"\xa7" * SIZE
    assert target.run_state_changed()
    assert file.snapshot().tobytes() == PATTERN
    assert not target.run_state_changed()


def test_an_open_buffer_travels_with_the_state():
    source, target = chip(), chip()
    send(source, (0x100, 0xE8), (0x100, 1), (0x100, 0xAA))
    state = source.state()
    assert state.buffer == WriteBuffer(0x100, b"\xaa" + PATTERN[0x101:0x200])
    target.load(source.array.snapshot(), state)
    send(target, (0x101, 0xBB), (0x100, 0xD0))
    assert contents(target)[0x100:0x102] == b"\xaa\xbb"


@pytest.mark.parametrize(
    "state", [CommandState(1, 0x70), CommandState(3, 0xE8), CommandState(9, 0x10)]
)
def test_a_loaded_state_that_no_command_leads_to_ends_in_the_array(state):
    flash = chip()
    flash.load(Pages.of(PATTERN), state)
    flash.write(0, 0xD0)
    assert flash.state().idle
    assert contents(flash) == PATTERN
