import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import (
    FIRST_RECORD,
    NV_BS_RT,
    OTHER,
    VENDOR,
    patched,
    pristine,
    real_store,
    record,
    store_of,
    values,
)

from ovmfgui.nvram import timestamp as efi_time
from ovmfgui.nvram import vendors
from ovmfgui.nvram.edit import apply_writes
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.limits import OVMF_4M, SMALL, Limits, fits, limits_of
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes, Status
from ovmfgui.nvram.signature_list import SHA256, build_signature_list
from ovmfgui.refusal import Refused

AT = 0x27
GENERATIONS = pytest.mark.parametrize("generation", list(Generation))


def changed_offsets(before, after):
    return {at for at in range(len(before)) if before[at] != after[at]}


def shape(edit):
    return [(w.offset, len(w.data), w.data if len(w.data) == 1 else None) for w in edit.writes]


def test_a_new_variable_is_one_write_and_its_state():
    edit = Editor(pristine()).set_variable("A", VENDOR, b"abc")
    assert shape(edit) == [(FIRST_RECORD, 67, None), (FIRST_RECORD + 2, 1, b"\x3f")]
    assert edit.writes[0].data[2] == 0xFF
    assert edit.after == store_of(record("A", b"abc"))


def test_older_firmware_writes_header_and_contents_apart():
    edit = Editor(pristine(), Generation.OLD).set_variable("A", VENDOR, b"abc")
    assert shape(edit) == [
        (FIRST_RECORD, 60, None),
        (FIRST_RECORD + 2, 1, b"\x7f"),
        (FIRST_RECORD + 60, 7, None),
        (FIRST_RECORD + 2, 1, b"\x3f"),
    ]
    assert edit.after == store_of(record("A", b"abc"))


def test_a_store_that_was_read_before_is_edited_as_one_that_is_read_now():
    data = store_of(record("A", b"1"), record("B", b"2"))
    known = Editor(data, store=read_store(data, space=1))
    edits = [each.set_variable("A", VENDOR, b"3") for each in (known, Editor(data))]
    assert edits[0].writes == edits[1].writes
    assert known.find("B", VENDOR).data == b"2"


@GENERATIONS
def test_an_update_marks_the_old_value_writes_the_new_and_retires_the_old(generation):
    before = store_of(record("A", b"1"), record("B", b"2"))
    edit = Editor(before, generation).set_variable("A", VENDOR, b"new")
    assert shape(edit)[0] == (FIRST_RECORD + 2, 1, b"\x3e")
    assert shape(edit)[-1] == (FIRST_RECORD + 2, 1, b"\x3c")
    assert edit.after == store_of(
        record("A", b"1", state=0x3C), record("B", b"2"), record("A", b"new")
    )


def test_an_update_also_retires_the_twin_left_by_a_power_cut():
    before = store_of(record("A", b"0", state=0x3E), record("A", b"1"))
    edit = Editor(before).set_variable("A", VENDOR, b"2")
    assert [r.state for r in read_store(edit.after).records] == [0x3C, 0x3C, 0x3F]
    assert [w.data for w in edit.writes if len(w.data) == 1] == [
        b"\x3e",
        b"\x3f",
        b"\x3c",
        b"\x3c",
    ]
    twin = FIRST_RECORD + 2
    assert [w.offset for w in edit.writes][-2] == twin


def test_an_update_of_a_value_that_is_only_in_transition():
    before = store_of(record("A", b"0", state=0x3E))
    edit = Editor(before).set_variable("A", VENDOR, b"1")
    assert [r.state for r in read_store(edit.after).records] == [0x3C, 0x3F]


def test_a_deletion_is_one_byte_and_the_twin_goes_first():
    edit = Editor(store_of(record("A", b"1"))).delete_variable("A", VENDOR)
    assert shape(edit) == [(FIRST_RECORD + 2, 1, b"\x3d")]
    before = store_of(record("A", b"0", state=0x3E), record("A", b"1"))
    edit = Editor(before).delete_variable("A", VENDOR)
    assert [r.state for r in read_store(edit.after).records] == [0x3C, 0x3D]
    assert edit.writes[0].offset == FIRST_RECORD + 2


def test_the_same_value_is_no_write_at_all():
    before = store_of(record("A", b"1"))
    edit = Editor(before).set_variable("A", VENDOR, b"1")
    assert edit.writes == ()
    assert edit.after is before


def test_the_same_name_of_another_vendor_is_another_variable():
    before = store_of(record("A", b"1"))
    after = Editor(before).set_variable("A", OTHER, b"2").after
    assert values(read_store(after)) == {(VENDOR, "A"): b"1", (OTHER, "A"): b"2"}


def test_appending_writes_the_merged_value():
    edit = Editor(store_of(record("A", b"1"))).append_variable("A", VENDOR, b"23")
    assert values(read_store(edit.after)) == {(VENDOR, "A"): b"123"}
    edit = Editor(pristine()).append_variable("A", VENDOR, b"23", NV_BS_RT | Attributes.APPEND)
    (created,) = read_store(edit.after).live
    assert (created.data, created.attributes) == (b"23", NV_BS_RT)
    assert Editor(store_of(record("A", b"1"))).append_variable("A", VENDOR, b"").writes == ()


def test_a_write_across_blocks_is_split_at_their_edge():
    edit = Editor(pristine()).set_variable("A", VENDOR, bytes(0x1800))
    assert [(w.offset, w.span.end) for w in edit.writes[:-1]] == [
        (FIRST_RECORD, 0x1000),
        (0x1000, FIRST_RECORD + 60 + 4 + 0x1800),
    ]
    one_block = Editor(pristine("AAVMF")).set_variable("A", VENDOR, bytes(0x1800))
    assert len(one_block.writes) == 2


def test_a_plain_store_gets_plain_records():
    before = store_of(plain=True)
    after = Editor(before).set_variable("A", VENDOR, b"abc").after
    assert after == store_of(record("A", b"abc", plain=True), plain=True)
    with pytest.raises(Refused, match="no authenticated variables"):
        Editor(before).set_variable("A", VENDOR, b"abc", AT)


def test_names_may_have_any_code_unit_but_nul():
    after = Editor(pristine()).set_variable("Ä變\ud800", VENDOR, b"x").after
    assert read_store(after).live[0].name == "Ä變\ud800"
    for name in ("", "A\0B"):
        with pytest.raises(Refused):
            Editor(pristine()).set_variable(name, VENDOR, b"x")


@pytest.mark.parametrize("attributes", [0, 2, 1, 5, 0x0F, 0x17, 0x87, 0x107])
def test_attributes_that_firmware_does_not_take_are_refused(attributes):
    with pytest.raises(Refused):
        Editor(pristine()).set_variable("A", VENDOR, b"x", attributes)


def test_attributes_do_not_change_with_a_write():
    editor = Editor(store_of(record("A", b"1", attributes=3)))
    with pytest.raises(Refused, match="NV,BS"):
        editor.set_variable("A", VENDOR, b"2", 7)
    assert read_store(editor.set_variable("A", VENDOR, b"2").after).live[0].attributes == 3


def test_an_empty_value_is_refused_and_nothing_is_deleted_by_accident():
    with pytest.raises(Refused, match="delete"):
        Editor(store_of(record("A", b"1"))).set_variable("A", VENDOR, b"")


def test_deleting_what_is_not_there_is_refused():
    with pytest.raises(Refused, match="no variable A"):
        Editor(pristine()).delete_variable("A", VENDOR)


def test_a_timestamp_is_kept_or_advanced_and_never_set_back():
    early, late = efi_time.from_text("2020-01-01"), efi_time.from_text("2024-05-31T12:00:00")
    after = Editor(pristine()).set_variable("A", VENDOR, b"1", AT, timestamp=late).after
    editor = Editor(after)
    assert editor.set_variable("A", VENDOR, b"1").writes == ()
    kept = read_store(editor.set_variable("A", VENDOR, b"2").after).live[0]
    assert efi_time.text(kept.timestamp) == "2024-05-31T12:00:00"
    with pytest.raises(Refused, match="2024-05-31"):
        editor.set_variable("A", VENDOR, b"2", timestamp=early)
    appended = read_store(editor.append_variable("A", VENDOR, b"2", timestamp=early).after).live[0]
    assert appended.timestamp == late
    with pytest.raises(Refused, match="no time"):
        Editor(pristine()).set_variable("B", VENDOR, b"1", timestamp=late)


def test_the_largest_variable_is_that_of_the_build():
    assert limits_of(read_store(pristine("2M"))) == SMALL
    assert limits_of(read_store(pristine("AAVMF"))) == SMALL
    assert limits_of(read_store(pristine("4M"))) == OVMF_4M
    editor = Editor(pristine())
    largest = 0x2000 - 60 - 4
    editor.set_variable("A", VENDOR, bytes(largest))
    with pytest.raises(Refused, match="8,133"):
        editor.set_variable("A", VENDOR, bytes(largest + 1))
    editor.set_variable("A", VENDOR, bytes(largest + 1), AT)
    with pytest.raises(Refused):
        Editor(pristine(), limits=Limits(100, 100)).set_variable("A", VENDOR, bytes(40))


def test_no_room_is_refused_with_the_room_that_compaction_would_make():
    before = store_of(*(record("A", bytes(0x1E00), state=0x3C) for _ in range(7)))
    free = read_store(before).gauge.free
    editor = Editor(before)
    with pytest.raises(Refused, match=f"{free:,} are free"):
        editor.set_variable("B", VENDOR, bytes(0x1F00))
    room = fits(read_store(before))
    assert room.now == free - 60
    assert room.after_compaction == 0x2000 - 60
    editor.set_variable("B", VENDOR, bytes(room.now - 4))


def test_flash_that_is_not_erased_is_not_written_upon():
    before = store_of(record("A", b"1"), b"\xff" * 40, b"x")
    with pytest.raises(Refused, match="not erased"):
        Editor(before).set_variable("B", VENDOR, b"1")
    Editor(before).delete_variable("A", VENDOR)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(0x20000),
        b"\xff" * 0x20000,
        patched(pristine(), 0x32, b"\0\0"),
        patched(pristine(), 0x5C, b"\0"),
        store_of(record("A", b"x", state=0x00)),
        store_of(record("A", b"x"))[:0x2000],
    ],
)
def test_a_store_that_firmware_would_wipe_is_not_changed(data):
    with pytest.raises(Refused) as refusal:
        Editor(data)
    assert "\n" not in str(refusal.value)


def test_a_store_with_a_recorded_ftw_write_may_be_changed():
    data = real_store("ovmf-2m-ftw-record-only")
    after = Editor(data).set_variable("A", VENDOR, b"x").after
    assert read_store(after).find("A", VENDOR).data == b"x"
    assert changed_offsets(data, after) <= set(range(0xD29C, 0xE000))


# Long values are a few bytes over and over: thousands drawn one by one use up what hypothesis may
# draw for one example, and what they hold is not what is tried.
LONG_VALUES = st.builds(
    lambda some, size: (some * size)[:size],
    st.binary(min_size=1, max_size=8),
    st.integers(4090, 4100),
)
OPERATIONS = st.tuples(
    st.sampled_from(("set", "append", "delete")),
    st.sampled_from(("A", "B", "TestA", "Boot0001", "變")),
    st.sampled_from((VENDOR, OTHER)),
    st.binary(min_size=1, max_size=40) | LONG_VALUES,
)


def perform(editor, operation, name, guid, data):
    if operation == "delete":
        return editor.delete_variable(name, guid)
    change = editor.set_variable if operation == "set" else editor.append_variable
    return change(name, guid, data)


@settings(max_examples=25, deadline=None)
@given(st.lists(OPERATIONS, min_size=1, max_size=6), st.sampled_from(list(Generation)))
def test_cut_off_after_any_write_there_is_the_old_or_the_new_value_and_never_a_third(
    operations, generation
):
    data = real_store("ovmf-4m-lived")
    for operation in operations:
        editor = Editor(data, generation)
        try:
            edit = perform(editor, *operation)
        except Refused:
            continue
        old, new = values(read_store(edit.before)), values(read_store(edit.after))
        key = (operation[2], operation[1])
        for stage in edit.stages():
            seen = values(read_store(stage))
            assert seen.get(key) in (old.get(key), new.get(key))
            assert {k: v for k, v in seen.items() if k != key} == {
                k: v for k, v in old.items() if k != key
            }
        touched = {at for w in edit.writes for at in range(w.span.start, w.span.end)}
        assert changed_offsets(edit.before, edit.after) <= touched
        assert apply_writes(edit.after, edit.reverts) == edit.before
        data = edit.after


@settings(max_examples=25, deadline=None)
@given(st.lists(OPERATIONS, min_size=1, max_size=6))
def test_state_bytes_only_ever_lose_bits_and_records_never_move(operations):
    data = store_of(record("A", b"1"), record("B", b"2"))
    for operation in operations:
        try:
            edit = perform(Editor(data), *operation)
        except Refused:
            continue
        before, after = read_store(edit.before).records, read_store(edit.after).records
        for old, new in zip(before, after, strict=False):
            assert old.span == new.span
            assert new.state & ~old.state == 0
        assert len(after) - len(before) in (0, 1)
        data = edit.after


def test_a_thousand_variables_stay_quick():
    data = pristine("4M")
    records = b"".join(record(f"V{n:04}", bytes(40)) for n in range(1000))
    data = patched(data, FIRST_RECORD, records)
    started = time.process_time()
    store = read_store(data)
    assert time.process_time() - started < 0.5
    assert len(store.live) == 1000
    assert all(r.status is Status.LIVE for r in store.records)


def test_renaming_creates_before_it_deletes_and_keeps_all_but_the_name():
    stamp = efi_time.from_text("2024-05-31T12:00:00")
    lists = build_signature_list(SHA256, [(VENDOR, bytes(32))])
    before = pristine()
    before = (
        Editor(before).set_variable("dbx", vendors.IMAGE_SECURITY, lists, AT, timestamp=stamp).after
    )
    edit = Editor(before).rename_variable("dbx", vendors.IMAGE_SECURITY, "dbt")
    assert edit.title == "Rename dbx to dbt"
    assert [r.state for r in read_store(edit.after).records] == [0x3D, 0x3F]
    (renamed,) = read_store(edit.after).live
    assert (renamed.name, renamed.data, renamed.attributes) == ("dbt", lists, AT)
    assert renamed.timestamp == stamp
    assert Editor(before).rename_variable("dbx", vendors.IMAGE_SECURITY, "dbx").writes == ()


def test_a_name_that_is_taken_or_bound_to_a_signer_is_refused():
    before = store_of(record("A", b"1"), record("B", b"2"), record("Mine", b"3", attributes=AT))
    editor = Editor(before)
    with pytest.raises(Refused, match="B already"):
        editor.rename_variable("A", VENDOR, "B")
    with pytest.raises(Refused, match="signer"):
        editor.rename_variable("Mine", VENDOR, "Yours")
    with pytest.raises(Refused, match="no variable C"):
        editor.rename_variable("C", VENDOR, "D")
    with pytest.raises(Refused, match="NUL"):
        editor.rename_variable("A", VENDOR, "D\0")
    editor.rename_variable("A", VENDOR, "B", OTHER)


def test_other_attributes_come_as_an_update_does():
    edit = Editor(store_of(record("A", b"1"))).change_attributes("A", VENDOR, 3)
    assert [r.state for r in read_store(edit.after).records] == [0x3C, 0x3F]
    (only,) = read_store(edit.after).live
    assert (only.attributes, only.data) == (3, b"1")
    assert Editor(edit.after).change_attributes("A", VENDOR, 3).writes == ()


def test_attributes_that_firmware_would_not_have_are_refused():
    lists = build_signature_list(SHA256, [(VENDOR, bytes(32))])
    before = store_of(record("A", b"1"), record("Mine", b"3", attributes=AT))
    before = Editor(before).set_variable("db", vendors.IMAGE_SECURITY, lists, AT).after
    editor = Editor(before)
    for name, guid, attributes, words in (
        ("A", VENDOR, 6, "volatile"),
        ("A", VENDOR, AT, "signer"),
        ("Mine", VENDOR, NV_BS_RT, "signer"),
        ("db", vendors.IMAGE_SECURITY, NV_BS_RT, "no others"),
        ("C", VENDOR, NV_BS_RT, "no variable C"),
    ):
        with pytest.raises(Refused, match=words):
            editor.change_attributes(name, guid, attributes)
