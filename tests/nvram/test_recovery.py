import pytest
from debian_firmware import VARS_4M_MS
from hypothesis import given, settings
from hypothesis import strategies as st
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

from ovmfgui.finding import Severity
from ovmfgui.flash.image import Role
from ovmfgui.flash.role import role_of
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.layouts import LAYOUTS, layout_named
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.recovery import recover
from ovmfgui.refusal import Refused


def half_compacted(name):
    """A store in the middle of a compaction, its first block erased."""
    edit = Editor(real_store(name)).compact()
    return next(s for s in edit.stages() if read_store(s).volume is None)


def assert_sound(data):
    store = read_store(data)
    assert not [f for f in store.findings if f.severity is not Severity.INFO]
    Editor(data)
    return store


@pytest.mark.parametrize("name", ["ovmf-2m-ms-lived", "ovmf-4m-lived", "aavmf-lived"])
def test_a_store_erased_in_the_middle_of_a_compaction_comes_back_from_the_spare_area(name):
    damaged = half_compacted(name)
    assert read_store(damaged).live == ()
    recovery = recover(damaged)
    assert recovery.source == "the FTW spare area"
    assert len(recovery.data) == len(damaged)
    assert values(assert_sound(recovery.data)) == values(read_store(real_store(name)))
    assert recovery.variables == len(read_store(recovery.data).live)
    assert recovery.lost == ()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    ("offset", "new"),
    [
        (0x32, b"\0\0"),
        (0x37, b"\1"),
        (0x20, b"\xff" * 8),
        (0x30, b"\x47\0"),
        (0x38, bytes(16)),
        (0x58, bytes(4)),
        (0x5C, b"\0\0"),
        (0, b"\xff" * 0x48),
        (0, bytes(0x64)),
    ],
)
def test_damaged_headers_are_made_anew(name, offset, new):
    damaged = patched(real_store(name), offset, new)
    recovery = recover(damaged)
    assert values(assert_sound(recovery.data)) == values(read_store(real_store(name)))
    assert recovery.notes
    assert len(recovery.data) == len(damaged)


def test_a_sound_header_of_arm_firmware_stays_as_it_is():
    damaged = patched(real_store("aavmf-lived"), FIRST_RECORD + 2, b"\0")
    recovery = recover(damaged)
    assert recovery.data[:FIRST_RECORD] == damaged[:FIRST_RECORD]
    assert recovery.data[0xC0000:] == damaged[0xC0000:]


def test_records_that_firmware_chokes_on_are_left_out_and_named():
    odd = patched(record("Odd", b"x"), 0x24, b"\7")
    damaged = store_of(record("A", b"1"), odd[:60] + b"O\0d\0d\0\0x", record("B", b"2"))
    recovery = recover(damaged)
    assert values(assert_sound(recovery.data)) == {(VENDOR, "A"): b"1", (VENDOR, "B"): b"2"}
    assert any("name is damaged" in line for line in recovery.lost)
    overrun = patched(store_of(record("A", b"1")), FIRST_RECORD + 68 + 0x28, b"\xff\xff\xff\x7f")
    overrun = patched(overrun, FIRST_RECORD + 68, record("B", b"2")[:0x28])
    recovery = recover(overrun)
    assert values(assert_sound(recovery.data)) == {(VENDOR, "A"): b"1"}
    assert recovery.lost == ("a variable at 0xA8: its record is damaged",)


def test_a_store_cut_off_keeps_what_stands_before_the_cut():
    whole = real_store("ovmf-4m-lived")
    recovery = recover(whole[:0x5000], layout_named("4m"))
    assert len(recovery.data) == 0x84000
    store = assert_sound(recovery.data)
    assert store.find("Boot0001").data == read_store(whole).find("Boot0001").data
    assert any("cut" in line or "ends at" in line for line in recovery.lost)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_a_blank_template_is_formatted(layout):
    recovery = recover(bytes(layout.file_size))
    store = assert_sound(recovery.data)
    assert recovery.layout == layout.name
    assert store.region.size == layout.variable_size
    assert len(recovery.data) == layout.file_size
    assert recovery.data[layout.fv_length :].strip(b"\0") == b""


@pytest.mark.parametrize("data", [b"", b"text", bytes(12345), b"\xff" * 0x1000, b"x" * 0x20000])
def test_what_cannot_be_told_is_refused(data):
    with pytest.raises(Refused) as refusal:
        recover(data)
    assert "\n" not in str(refusal.value)


def test_a_spare_copy_with_a_damaged_header_still_gives_its_variables():
    damaged = patched(half_compacted("ovmf-2m-ms-lived"), 0x10032, b"\0\0")
    recovery = recover(damaged)
    assert "spare" in recovery.source
    assert values(assert_sound(recovery.data)) == values(read_store(real_store("ovmf-2m-ms-lived")))


@pytest.mark.parametrize(
    ("name", "variables", "lost"),
    [
        ("dead-record-name-size", 31, ()),
        ("record-size-7fffffff", 30, ("certdb",)),
        ("spare-only-2M", 31, ()),
        ("spare-complete-half-target", 45, ()),
    ],
)
def test_what_stands_behind_a_break_or_in_the_spare_area_comes_back(name, variables, lost):
    store = read_store(real_store(name))
    recovery = recover(real_store(name))
    assert recovery.variables == variables
    assert [line.split()[0] for line in recovery.lost] == list(lost)
    names = {record.name for record in assert_sound(recovery.data).live}
    if store.ftw is None or store.ftw.pending is None:
        assert {"PK", "KEK", "db", "dbx"} <= names
        assert len(store.live) + len(store.carved) == variables
    assert {record.status for record in store.carved} <= {Status.CARVED}


@pytest.mark.parametrize("step", [0, 1, 2, 3, 7])
def test_a_damaged_start_id_costs_one_variable_at_most(step):
    whole = real_store("ovmf-4m-lived")
    victim = read_store(whole).live[step]
    recovery = recover(patched(whole, victim.span.start, bytes(4)))
    assert recovery.variables == len(read_store(whole).live) - 1
    assert [line.split(" at ")[0] for line in recovery.lost] == [victim.name]
    start_id = recover(patched(whole, victim.span.start, bytes(2)))
    assert start_id.variables == len(read_store(whole).live)
    assert start_id.lost == ()


def test_nothing_read_of_something_is_no_recovery():
    garbage = patched(store_of(record("A", b"1")), FIRST_RECORD, b"\x12" * 0x1000)
    with pytest.raises(Refused, match="no variables can be read"):
        recover(garbage)


def test_a_broken_ftw_block_is_made_anew():
    recovery = recover(patched(store_of(record("A", b"1")), 0xF000, bytes(0x1000)))
    assert recovery.data == store_of(record("A", b"1"))


def test_a_sound_store_is_only_compacted():
    recovery = recover(real_store("ovmf-2m-ms-lived"))
    assert recovery.data[:0xE000] == Editor(real_store("ovmf-2m-ms-lived")).compact().after[:0xE000]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 0x11000), st.binary(min_size=1, max_size=40)), max_size=6),
    st.sampled_from((0x20000, 0x20000, 0x11000, 0x2000, 0x64)),
)
def test_whatever_happened_a_recovered_store_is_sound(damages, size):
    data = bytearray(real_store("ovmf-2m-ms-lived"))
    for at, new in damages:
        data[at : at + len(new)] = new
    try:
        recovery = recover(bytes(data[:size]))
    except Refused:
        return
    errors = [f for f in read_store(recovery.data).findings if f.severity is Severity.ERROR]
    assert not errors
    Editor(recovery.data)
    assert recovery.data[:0x48] == pristine()[:0x48]


ERASED = b"\xff" * 0x1000


@pytest.mark.parametrize(
    ("damage", "kept", "lost"),
    [
        ((0x10, b"\xaa" * 16), 31, False),
        ((0, bytes(0x64)), 31, False),
        ((0x48, b"\xaa" * 16), 31, False),
        ((0, ERASED), 26, True),
    ],
)
def test_variables_behind_headers_that_are_gone_come_back_and_lost_ones_are_told(
    damage, kept, lost
):
    """Without a volume header, a store header or a whole first block, and no copy in the spare."""
    whole = VARS_4M_MS.read_bytes()
    damaged = patched(whole, *damage)
    assert role_of(damaged) is Role.VARS
    store = read_store(damaged)
    assert any(f.severity is Severity.ERROR for f in store.findings)
    recovery = recover(damaged)
    assert (recovery.variables, bool(recovery.lost)) == (kept, lost)
    there = values(read_store(whole))
    assert all(there[key] == value for key, value in values(assert_sound(recovery.data)).items())
