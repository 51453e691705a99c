import pytest
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
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.layouts import LAYOUTS, layout_named
from ovmfgui.nvram.recovery import recover
from ovmfgui.nvram.store import read_store
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
    assert any("past the store's end" in line for line in recovery.lost)


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


def test_a_spare_copy_that_is_damaged_is_not_trusted():
    damaged = patched(half_compacted("ovmf-2m-ms-lived"), 0x10032, b"\0\0")
    with pytest.raises(Refused, match="damaged itself"):
        recover(damaged)


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
