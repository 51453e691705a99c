"""XBZRLE: differences are applied to flash pages and passed over elsewhere."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from qemu_device import QemuDevice, q35
from stream_building import PAGE, be, block_pages, head, name, ram_part, ram_start

from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.migration.stream.recording import Recording, read_recording
from ovmfgui.migration.stream.source import source_of
from ovmfgui.migration.stream.xbzrle import applied
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

RANDOM = random.Random(3)
STORE = RANDOM.randbytes(2 * PAGE)


def record(block: str, offset: int, difference: bytes) -> bytes:
    return be(8, offset | 0x40) + name(block) + b"\1" + be(2, len(difference)) + difference


def recorded(*parts: bytes) -> Recording:
    blocks = {"pc.ram": 2 * PAGE, "system.flash1": len(STORE)}
    data = head() + ram_start(blocks) + ram_part(b"".join(parts), kind=3) + b"\0"
    return read_recording(source_of(data))


@pytest.mark.parametrize(
    ("difference", "at", "new"),
    [
        (b"\x00\x02AB", 0, b"AB"),
        (b"\x05\x01Z", 5, b"Z"),
        (b"\xfe\x1f\x02AB", 0xFFE, b"AB"),
        (b"\x80\x01\xc8\x01" + bytes(200), 128, bytes(200)),
    ],
)
def test_runs_are_uleb128_pairs(difference: bytes, at: int, new: bytes):
    page = RANDOM.randbytes(PAGE)
    assert applied(page, difference) == page[:at] + new + page[at + len(new) :]


def test_several_runs_and_none():
    page = bytes(PAGE)
    assert applied(page, b"\x01\x01A\x02\x01B")[:6] == b"\0A\0\0B\0"
    assert applied(page, b"") == page


@pytest.mark.parametrize(
    "difference",
    [b"\x00", b"\x00\x00", b"\x00\x05AB", b"\xff\x1f\x02AB", b"\x80\x80\x01A", b"\x80"],
)
def test_a_difference_that_does_not_fit_is_refused(difference: bytes):
    with pytest.raises(Refused, match="damaged"):
        applied(bytes(PAGE), difference)


def test_a_difference_goes_onto_a_flash_page_and_is_passed_over_elsewhere():
    recording = recorded(
        block_pages("pc.ram", bytes(2 * PAGE)),
        block_pages("system.flash1", STORE),
        record("pc.ram", 0, b"\x00\x01A"),
        record("system.flash1", PAGE, b"\x03\x02hi"),
        record("pc.ram", PAGE, b"never looked at"),
    )
    right = STORE[: PAGE + 3] + b"hi" + STORE[PAGE + 5 :]
    assert recording.flash[0].contents.tobytes() == right
    assert recording.findings == ()


def test_a_difference_to_a_page_that_never_came_leaves_it_missing():
    recording = recorded(
        block_pages("system.flash1", STORE[:PAGE]), record("system.flash1", PAGE, b"\0\1A")
    )
    assert [flash.missing for flash in recording.flash] == [1]


@pytest.mark.firmware
def test_differences_that_qemu_sends_are_applied(tmp_path: Path, monkeypatch):
    """QEMU marks no flash page as changed, so its RAM is read as if it were a chip's."""
    board = q35(0x20000, 0x4000)
    code, store, path = (tmp_path / part for part in ("code", "vars", "stream"))
    code.write_bytes(board.idle_code(b"\x11\x22"))
    store.write_bytes(RANDOM.randbytes(board.vars_size))
    at = 0x500000
    with QemuDevice(board, code, store) as device:
        device.run([f"write 0x{at:x} 0x1000 0x{RANDOM.randbytes(PAGE).hex()}"])
        wanted = ("xbzrle", "pause-before-switchover")
        on = [{"capability": each, "state": True} for each in wanted]
        device.qmp("migrate-set-capabilities", capabilities=on)
        # Slow, so that the page changes while its first copy is on its way: later differences are
        # to its second copy.
        device.qmp("migrate-set-parameters", **{"max-bandwidth": 150_000, "downtime-limit": 1})
        device.qmp("migrate", uri=f"exec:cat > '{path}'")
        number = 0
        while (status := device.qmp("query-migrate")["status"]) != "pre-switchover":
            assert status in ("setup", "active", "device"), status
            number += 1
            device.run([f"writeb 0x{at + number % 64 * 3:x} 0x{number % 251:02x}"])
        device.run([f"writeb 0x{at + 1000:x} 0x5a"])
        (right,) = device.run([f"read 0x{at:x} 0x1000"])
        device.qmp("migrate-continue", state="pre-switchover")
        device._wait(lambda: device.qmp("query-migrate").get("status") == "completed")
        assert device.qmp("query-migrate")["xbzrle-cache"]["pages"] > 0
    recording = open_recording(path)
    assert recording.findings == ()
    contents = {f.name: f.contents.tobytes() for f in recording.flash}
    assert contents == {"system.flash0": code.read_bytes(), "system.flash1": store.read_bytes()}
    monkeypatch.setattr("ovmfgui.migration.stream.ram.is_flash", "pc.ram".__eq__)
    (memory,) = open_recording(path).flash
    assert memory.contents.read(at, PAGE).hex() == right.removeprefix("0x")
    assert memory.complete
