import pytest
from stores import (
    FIRST_RECORD,
    REAL,
    VENDOR,
    patched,
    pristine,
    real_store,
    record,
    store_of,
    values,
)

from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.recovery import recover
from ovmfgui.refusal import Refused


@pytest.mark.parametrize("name", REAL)
def test_a_real_store_is_compacted_to_its_live_records(name):
    data = real_store(name)
    before = read_store(data)
    after = read_store(Editor(data).compact().after)
    assert values(after) == values(before)
    assert list(values(after)) == list(values(before))
    assert after.gauge.dead == 0
    assert after.gauge.live == before.gauge.live
    assert [r.header for r in after.live] == [r.header for r in before.live]


def test_what_is_free_after_compaction_is_what_firmware_got():
    # Firmware compacted this very store at its next start and left so many bytes free.
    data = real_store("ovmf-2m-ftw-record-only")
    assert read_store(Editor(data).compact().after).gauge.free == 36652


def test_added_records_come_first_and_those_in_transition_are_promoted():
    data = store_of(
        record("A", b"1", state=0x3E),
        record("B", b"old", state=0x3E),
        record("C", b"3"),
        record("D", b"x", state=0x3C),
        record("B", b"2"),
    )
    after = Editor(data).compact().after
    assert (
        after[:0xE000] == store_of(record("C", b"3"), record("B", b"2"), record("A", b"1"))[:0xE000]
    )


def test_the_write_is_left_in_the_queue_as_complete_and_the_spare_as_it_was():
    data = store_of(record("A", b"1", state=0x3C), record("B", b"2"))
    after = Editor(data).compact().after
    ftw = read_store(after).ftw
    (write,) = ftw.writes
    assert (write.complete, ftw.pending) == (True, None)
    (target,) = write.records
    assert (target.lba, target.offset, target.length) == (0, 0x48, 0xDFB8)
    assert target.relative_offset == -0x10000
    assert after[0xF020] == 0xF8
    assert after[0xF048] == 0xF9
    assert after[0x10000:] == data[0x10000:]
    assert after[0xE000:0xF020] == data[0xE000:0xF020]


def test_a_full_queue_or_a_damaged_working_block_is_left_alone():
    data = store_of(record("A", b"1", state=0x3C), record("B", b"2"))
    for damage in (patched(data, 0xF010, b"\0"), patched(data, 0xF020, b"\xfe" * 100)):
        after = Editor(damage).compact().after
        assert values(read_store(after)) == {(VENDOR, "B"): b"2"}
        assert after[0xE000:] == damage[0xE000:]


def test_many_compactions_fill_the_queue_and_go_on_without_it():
    data = store_of(record("A", b"1"))
    for n in range(60):
        data = Editor(data).set_variable("A", VENDOR, bytes([n, 1])).after
        data = Editor(data).compact().after
        assert read_store(data).findings == ()
    assert values(read_store(data)) == {(VENDOR, "A"): b"\x3b\1"}
    assert len(read_store(data).ftw.writes) == (0x1000 - 32) // 80


def test_a_store_with_nothing_to_drop_is_not_written():
    assert Editor(store_of(record("A", b"1"))).compact().writes == ()
    assert Editor(pristine()).compact().writes == ()


def test_what_is_not_erased_behind_the_list_is_swept_away():
    data = store_of(record("A", b"1"), b"\xff" * 8, b"rest")
    after = Editor(data).compact().after
    assert after[:0xE000] == store_of(record("A", b"1"))[:0xE000]


@pytest.mark.parametrize("name", ["ovmf-2m-ms-lived", "ovmf-4m-lived", "aavmf-lived"])
def test_cut_off_after_any_write_every_variable_can_still_be_had(name):
    data = real_store(name)
    wanted = values(read_store(data))
    for stage in Editor(data).compact().stages():
        store = read_store(stage)
        if store.volume is None or (store.ftw and store.ftw.pending == "spare-complete"):
            with pytest.raises(Refused):
                Editor(stage)
            stage = recover(stage).data
        assert values(read_store(stage)) == wanted


def full_store():
    return store_of(
        *(record("Old", bytes(0x1E00), state=0x3C) for _ in range(6)), record("A", bytes(0x1000))
    )


def test_a_variable_without_room_comes_with_the_compaction():
    data = full_store()
    with pytest.raises(Refused, match="compaction"):
        Editor(data).set_variable("B", VENDOR, bytes(0x1F00))
    editor = Editor(data, compact=True)
    after = read_store(editor.set_variable("B", VENDOR, bytes(0x1F00)).after)
    assert [r.name for r in after.records] == ["A", "B"]
    updated = read_store(editor.set_variable("A", VENDOR, bytes(0x1F00)).after)
    assert [(r.name, len(r.data)) for r in updated.records] == [("A", 0x1F00)]


def test_what_does_not_fit_even_then_is_refused():
    data = store_of(*(record(f"V{n}", bytes(0x1E00)) for n in range(7)))
    with pytest.raises(Refused, match="no room"):
        Editor(data, compact=True).set_variable("B", VENDOR, bytes(0x1F00))


def test_the_first_record_stays_where_it_belongs():
    after = Editor(full_store()).compact().after
    assert read_store(after).records[0].span.start == FIRST_RECORD
