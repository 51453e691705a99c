"""The virt machines' flash driver, against a recording of Debian's AAVMF.

The recording is a first boot with a blank store and three commands in the shell: X set to "hello",
set to "world", and deleted.
"""

from __future__ import annotations

import lzma
from pathlib import Path
from uuid import UUID

import pytest

from ovmfgui.nvram.edit import FlashWrite
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.reading import read_store
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.firmware_driver import BusWrite
from ovmfgui.pflash.geometry import VIRT
from ovmfgui.pflash.nor_flash_driver import nor_flash_writes
from ovmfgui.pflash.trace import TraceWrite, read_trace

DATA = Path(__file__).parents[1] / "data"
GUID = UUID("4a67b082-0a4c-41cf-b6c7-440b29bb8c4f")
SIZE = 0xC0000
EDITS = (
    lambda editor: editor.set_variable("X", GUID, b"hello", 7),
    lambda editor: editor.set_variable("X", GUID, b"world", 7),
    lambda editor: editor.delete_variable("X", GUID),
)


@pytest.fixture(scope="module")
def recorded():
    lines = lzma.decompress((DATA / "aavmf-first-boot.trace.xz").read_bytes()).decode()
    events = read_trace(lines.splitlines())
    return [e for e in events if isinstance(e, TraceWrite) and e.chip == "virt.flash1"]


@pytest.fixture(scope="module")
def commands(recorded):
    """The store before the three commands, and their bus writes.

    The header of X does not fit into the rest of a buffer, so they begin with the last erase.
    """
    erases = [at for at, event in enumerate(recorded) if event.value == 0x200020]
    start = erases[-1] - 2
    chip = Cfi01(Pages.filled(SIZE), VIRT)
    for event in recorded[:start]:
        chip.write(event.offset, event.value, event.size)
    return chip.contents().tobytes(), recorded[start:]


def test_the_driver_writes_what_the_recorded_firmware_wrote(commands):
    store, events = commands
    made = []
    for edit in EDITS:
        editor = Editor(store, Generation.OLD, compact=True)
        writes = list(nor_flash_writes(edit(editor).writes, store))
        chip = Cfi01(Pages.of(store), VIRT)
        for write in writes:
            chip.write(write.offset, write.value, write.width)
        store = chip.contents().tobytes()
        made += writes
    assert [w[:2] for w in made] == [(e.offset, e.value) for e in events]
    assert {w.width for w in made} == {e.size for e in events} == {4}
    assert read_store(store).find("X") is None
    values = [r.data for r in read_store(store).records if r.name == "X"]
    assert values == [b"hello", b"world"]


def test_an_erased_block_is_an_erase_and_bits_that_are_to_be_set_need_one():
    erased = [BusWrite(*each, "", 4) for each in (
        (0x40008, 0x900090), (0x40000, 0x200020), (0x40000, 0xD000D0), (0, 0x700070), (0, 0xFF00FF),
    )]  # fmt: skip
    whole = FlashWrite(0x40000, b"\xff" * 0x40000, "")
    assert list(nor_flash_writes([whole], bytes(SIZE))) == erased
    byte = FlashWrite(0x40010, b"\x01", "")
    for before, erases in ((0xFF, False), (0x01, False), (0x02, True)):
        store = bytearray(b"\xff" * SIZE)
        store[0x40010] = before
        made = list(nor_flash_writes([byte], bytes(store)))
        assert (erased[1] in made) == erases
        chip = Cfi01(Pages.of(bytes(store)), VIRT)
        for write in made:
            chip.write(write.offset, write.value, write.width)
        store[0x40010] = 0x01
        assert chip.contents().tobytes() == bytes(store)
        assert chip.state().idle
