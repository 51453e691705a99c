"""What is kept from one reading of a store to the next changes nothing of what is read."""

import random

import pytest

from ovmfgui.flash.region import Kind
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram import faults, regions, walk
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.regions import nv_volume_region
from ovmfgui.nvram.structures import STATE_ADDED, STATE_DELETED, STATE_IN_TRANSITION
from ovmfgui.nvram.vendors import GLOBAL


def anew(data):
    """Read as by a program that has just started."""
    walk._before.clear()
    faults._last["sound"] = {}
    regions._last.clear()
    return read_whole(data)


def read_whole(data):
    store = read_store(data)
    return store, nv_volume_region(store, data, 0xFFC00000)


@pytest.fixture(scope="module")
def full():
    """A store with three dozen variables, some replaced and deleted."""
    editor = Editor(next(file.data for file in demo_files() if "VARS" in file.path.upper()))
    for number in range(36):
        editor.go_on(editor.set_variable(f"V{number % 30:02}", GLOBAL, bytes([number + 1]) * 9))
    editor.go_on(editor.delete_variable("V07", GLOBAL))
    return editor.data


def test_a_single_changed_byte_is_seen_wherever_it_lies(full):
    store, _region = anew(full)
    rng = random.Random(14)
    for _ in range(150):
        record = rng.choice(store.records)
        at = rng.randrange(record.span.start, record.span.end + 4)
        changed = bytearray(full)
        changed[at] ^= 1 << rng.randrange(8)
        read_whole(full)
        again = read_whole(bytes(changed))
        assert again == anew(bytes(changed)), hex(at)


def test_states_that_change_what_other_records_are(full):
    store, _region = anew(full)
    for record in store.records:
        for state in (STATE_ADDED, STATE_IN_TRANSITION, STATE_DELETED, 0xFF):
            changed = bytearray(full)
            changed[record.span.start + 2] = state
            read_whole(full)
            assert read_whole(bytes(changed)) == anew(bytes(changed))


def test_a_store_that_moves_or_is_another_is_read_for_what_it_is(full):
    read_whole(full)
    moved = b"\xff" * 0x1000 + full
    again = read_store(moved, start=0x1000)
    anew(full[: 1 << 16])
    assert again == read_store(moved, start=0x1000)
    assert again.live[0].span.start == read_store(full).live[0].span.start + 0x1000
    read_whole(full)
    empty = next(file.data for file in demo_files() if "VARS" in file.path.upper())
    assert read_whole(empty) == anew(empty)


def test_what_did_not_change_is_not_made_anew(full):
    store, region = anew(full)
    editor = Editor(full)
    after = editor.set_variable("Fresh", GLOBAL, b"1").after
    again, newer = read_whole(after)
    same = [a is b for a, b in zip(store.live, again.live, strict=False)]
    assert all(same)
    assert len(again.live) == len(store.live) + 1
    before = {id(each) for each in region.walk()}
    new = [each for each in newer.walk() if id(each) not in before]
    assert [each.name for each in new if each.kind is Kind.VARIABLE] == ["Fresh"]
