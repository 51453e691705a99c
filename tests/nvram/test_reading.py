import time
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import (
    FIRST_RECORD,
    OTHER,
    REAL,
    VENDOR,
    oracle,
    patched,
    pristine,
    real_store,
    record,
    store_of,
    values,
    with_volume_checksum,
)
from tiling import assert_tiles_span

from ovmfgui.finding import Severity
from ovmfgui.nvram import carving, locating, walk
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.regions import nv_volume_region


def ids(store):
    return {finding.id for finding in store.findings}


@pytest.mark.parametrize("name", REAL)
def test_every_record_of_a_real_store_is_where_another_walker_sees_it(name):
    store = read_store(real_store(name))
    seen = [
        [r.span.start, r.state, r.attributes, r.name_span.size, r.data_span.size]
        for r in store.records
    ]
    assert seen == oracle(name)["records"]
    assert sum(store.gauge[:3]) == store.gauge.total
    assert not [f for f in store.findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize("name", ["ovmf-4m-lived", "ovmf-2m-ms-lived"])
def test_live_variables_are_those_that_firmware_lists_itself(name):
    store = read_store(real_store(name))
    ours = {(str(r.guid), r.name, r.attributes, r.data.hex()) for r in store.live}
    listed = {tuple(each) for each in oracle(name)["firmware"]}
    # The shell that lists them runs only with Secure Boot switched off, in a copy of the store.
    off = {each for each in listed if each[1] == "SecureBootEnable"}
    on = {(*each[:3], "01") for each in off}
    assert ours == (listed - off) | on
    assert store.find("TestA", VENDOR).data != store.find("TestA", OTHER).data


def test_a_header_formatted_by_arm_firmware_is_in_order():
    store = read_store(real_store("aavmf-lived"))
    assert store.volume.block_map == ((256, 0x40000),)
    assert store.volume.span.size == 0xC0000
    assert store.volume.checksum_ok
    assert store.ftw.working.start == 0x40000
    assert store.ftw.spare.start == 0x80000
    assert not store.findings


def test_64_mib_cost_no_more_than_the_volume_in_them():
    data = real_store("aavmf-lived")
    started = time.perf_counter()
    read_store(data)
    assert time.perf_counter() - started < 0.25


@pytest.mark.parametrize(("byte", "blank"), [(0x00, "zero"), (0xFF, "erased")])
def test_a_blank_template_is_no_damage(byte, blank):
    store = read_store(bytes([byte]) * 0x84000)
    assert store.blank == blank
    assert [f.severity for f in store.findings] == [Severity.INFO]
    assert store.live == ()


def test_one_byte_somewhere_makes_a_file_not_blank():
    assert read_store(bytes(0x300000) + b"\1").blank is None


def test_the_first_added_record_of_a_key_is_live_and_later_ones_are_shadowed():
    store = read_store(
        store_of(record("A", b"1"), record("A", b"2"), record("A", b"3", guid=OTHER))
    )
    assert values(store) == {(VENDOR, "A"): b"1", (OTHER, "A"): b"3"}
    assert [r.status for r in store.records] == [Status.LIVE, Status.SHADOWED, Status.LIVE]
    assert "record-shadowed" in ids(store)


def test_an_added_record_wins_over_one_in_transition_wherever_it_stands():
    for order in ((0x3E, 0x3F), (0x3F, 0x3E)):
        store = read_store(store_of(*(record("A", bytes([s]), state=s) for s in order)))
        assert values(store) == {(VENDOR, "A"): b"\x3f"}
        assert "record-stale" in ids(store)


def test_without_an_added_record_the_last_in_transition_is_live():
    store = read_store(store_of(record("A", b"1", state=0x3E), record("A", b"2", state=0x3E)))
    assert values(store) == {(VENDOR, "A"): b"2"}
    assert [r.status for r in store.records] == [Status.TRANSITION, Status.LIVE]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (0x3C, Status.SUPERSEDED),
        (0x3D, Status.DELETED),
        (0x7F, Status.TORN),
        (0x00, Status.INVALID),
        (0x80, Status.INVALID),
        (0x7E, Status.INVALID),
        (0xFD, Status.INVALID),
    ],
)
def test_other_states_are_no_variables_and_the_walk_goes_on(state, status):
    store = read_store(store_of(record("A", b"abc", state=state), record("B", b"x")))
    assert [r.status for r in store.records] == [status, Status.LIVE]
    assert values(store) == {(VENDOR, "B"): b"x"}
    assert ("record-state" in ids(store)) == (status is Status.INVALID)


def test_a_header_never_finished_is_stepped_over_as_60_bytes():
    torn = record("A", b"", state=0xFF)[:60]
    for offset in (0, 0x04, 0x24, 0x28):
        header = patched(torn, offset, b"\xff\xff\xff\xff") if offset else torn
        header = patched(header, 0, b"\xaa\x55\x3f") if offset else header
        store = read_store(store_of(header, record("B", b"x")))
        assert store.records[0].span.size == 60
        assert store.records[0].status is Status.TORN
        assert values(store) == {(VENDOR, "B"): b"x"}


def test_records_of_a_plain_store_have_headers_of_32_bytes():
    store = read_store(store_of(record("A", b"abc", plain=True), plain=True))
    assert values(store) == {(VENDOR, "A"): b"abc"}
    assert store.records[0].header_span.size == 32
    assert store.records[0].timestamp is None
    assert not store.authenticated
    assert "store-plain" in ids(store)


def _damaged_header(offset, new, *, checksum=True):
    data = patched(store_of(record("A", b"abc")), offset, new)
    return with_volume_checksum(data) if checksum else data


DAMAGES = {
    "checksum": (_damaged_header(0x32, b"\0\0", checksum=False), "fv-checksum"),
    "odd header length": (_damaged_header(0x30, b"\x49\0"), "fv-header-length"),
    "no header length": (_damaged_header(0x30, b"\0\0"), "fv-header-length"),
    "huge header length": (_damaged_header(0x30, b"\xfe\xff"), "fv-header-length"),
    "map without end": (_damaged_header(0x40, b"\1\0\0\0\0\x10\0\0"), "fv-block-map"),
    "blocks of no length": (_damaged_header(0x3C, b"\0\0\0\0"), "fv-block-map"),
    "length beyond the file": (_damaged_header(0x20, b"\0\0\0\1"), "fv-length"),
    "length of 2^64-1": (_damaged_header(0x20, b"\xff" * 8), "fv-length"),
    "no length": (_damaged_header(0x20, bytes(8)), "fv-length"),
    "revision": (_damaged_header(0x37, b"\1"), "fv-revision"),
    "unknown store": (_damaged_header(0x48, bytes(16)), "store-guid"),
    "erased store": (_damaged_header(0x48, b"\xff" * 28), "store-erased"),
    "no size": (_damaged_header(0x58, bytes(4)), "store-size"),
    "size beyond the volume": (_damaged_header(0x58, b"\xff\xff\xff\xff"), "store-size"),
    "format": (_damaged_header(0x5C, b"\0"), "store-state"),
    "state": (_damaged_header(0x5D, b"\xff"), "store-state"),
    "odd name": (_damaged_header(FIRST_RECORD + 0x24, b"\3"), "name-size-odd"),
    "no name": (store_of(record("", b"abc")), "name-empty"),
    "endless name": (_damaged_header(FIRST_RECORD + 0x24, b"\0\0\0\x7f"), "record-overruns"),
    "endless data": (_damaged_header(FIRST_RECORD + 0x28, b"\xff\xff\xff\x7f"), "record-overruns"),
    "name without NUL": (_damaged_header(FIRST_RECORD + 0x3E, b"BC"), "name-unterminated"),
    "NUL in the name": (store_of(record("A\0B", b"abc")), "name-embedded-nul"),
    "half a surrogate": (store_of(record("A\ud800", b"abc")), "name-surrogate"),
    "hidden": (store_of(record("A", b"abc"), b"\0" * 8, record("B", b"x")), "hidden-data"),
    "tail": (store_of(record("A", b"abc"), b"\xff" * 8, b"old"), "tail-not-erased"),
    "cut in the store": (store_of(record("A", b"abc"))[:0x1000], "store-cut-off"),
    "FTW header": (patched(pristine(), 0xF010, b"\0\0\0\0"), "ftw-header"),
    "FTW state": (patched(pristine(), 0xF014, b"\xfc"), "ftw-header"),
    "no FTW": (patched(pristine(), 0xF000, b"\xff" * 32), "ftw-missing"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_a_finding_with_its_bytes(what):
    data, ident = DAMAGES[what]
    store = read_store(data, space=3)
    assert ident in ids(store)
    for finding in store.findings:
        assert "\n" not in finding.text
        assert finding.place is None or finding.place.space == 3
        assert finding.place is None or finding.place.span.end <= max(len(data), 0x20000)
    assert_tiles_span(nv_volume_region(store, data))


def test_what_stands_before_damage_is_still_shown():
    for what in ("cut in the store", "checksum", "odd header length", "size beyond the volume"):
        assert values(read_store(DAMAGES[what][0])) == {(VENDOR, "A"): b"abc"}


def test_a_header_that_does_not_fit_before_the_end_is_not_read():
    room = 0xE000 - FIRST_RECORD
    filler = record("A", bytes(room - 64 - 40))
    store = read_store(store_of(filler, b"\xaa\x55"))
    assert "header-cut-off" in ids(store)
    assert len(store.records) == 1


def test_a_record_may_end_exactly_at_the_end_of_the_store():
    room = 0xE000 - FIRST_RECORD
    store = read_store(store_of(record("A", bytes(room - 64))))
    assert store.end == 0xE000
    assert store.gauge.free == 0
    assert store.free.size == 0
    assert len(store.live) == 1


@pytest.mark.parametrize("size", [0, 1, 2, 71, 100])
def test_too_few_bytes_are_no_store(size):
    store = read_store(pristine()[:size])
    assert ids(store) & {"not-a-store", "store-cut-off", "blank-zero"}
    assert store.live == ()


def test_names_keep_every_code_unit():
    for name in ("ÄÖ-變數", "A\ud800", "A\u202eB", "\U0001f600"):
        (found,) = read_store(store_of(record(name, b"x"))).live
        assert found.name == name


def test_findings_of_one_kind_are_counted_beyond_some():
    store = read_store(store_of(*(record("A", b"", state=0x00) for _ in range(300))))
    texts = [f.text for f in store.findings]
    assert len(texts) < 100
    assert any("more of the kind" in text for text in texts)


def test_the_volume_is_found_by_its_guid_only():
    other = UUID("8c8ce578-8a3d-4f1c-9935-896185c32dd3")
    store = read_store(patched(pristine(), 0x10, other.bytes_le))
    assert store.volume is None


@st.composite
def mutated(draw):
    name = draw(st.sampled_from(("ovmf-4m-lived", "ovmf-2m-ftw-record-only")))
    data = bytearray(real_store(name))
    for _ in range(draw(st.integers(1, 8))):
        interesting = draw(
            st.sampled_from((0x48, 0x100, 0x6400, 0xE000, 0xF100, 0x42000, len(data)))
        )
        at = draw(st.integers(0, min(interesting, len(data)) - 1))
        new = draw(st.binary(min_size=1, max_size=8) | st.sampled_from((b"\xff" * 8, bytes(8))))
        data[at : at + len(new)] = new
    return bytes(data[: draw(st.sampled_from((len(data), len(data), 0x60, 0x5000, 0xF010)))])


@settings(max_examples=60, deadline=None)
@given(mutated())
def test_mutated_stores_are_read_within_bounds_and_tile(data):
    started = time.perf_counter()
    store = read_store(data)
    assert time.perf_counter() - started < 2
    assert len(store.live) == len({r.key for r in store.live})
    assert sum(store.gauge[:3]) == store.gauge.total
    assert_tiles_span(nv_volume_region(store, data))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_behind_a_store_header_are_read(tail):
    data = patched(pristine(), FIRST_RECORD, tail)
    store = read_store(data)
    at = FIRST_RECORD
    for each in store.records:
        assert each.span.start == at
        at = each.span.end
    assert store.end == at


def test_a_search_that_ended_early_is_told(monkeypatch):
    broken = bytearray(store_of(record("A", b"x"), record("B", b"y"), record("C", b"z")))
    second = bytes(broken).index(b"\xaa\x55", FIRST_RECORD + 2)
    broken[second] = 0
    junk = b"\xaa\x55\0\0" * 8
    data = bytes(broken).replace(b"\xff" * len(junk), junk, 1)
    whole = read_store(data)
    assert [each.name for each in whole.carved] == ["B", "C"]
    assert "search-ended" not in ids(whole)
    monkeypatch.setattr(carving, "MOST_TRIES", 2)
    assert "search-ended" in ids(read_store(data))
    monkeypatch.undo()
    monkeypatch.setattr(carving, "MOST_RECORDS", 1)
    assert "search-ended" in ids(read_store(data))


def test_more_places_that_begin_like_a_store_than_are_looked_at_are_told(monkeypatch):
    decoys = pristine()[:0x48].replace(b"\0\0\x08\x40", b"\0\0\x08\x41") * 3
    data = pristine() + bytes(0x1000) + decoys
    assert "store-search-ended" not in ids(read_store(data, start=0))
    monkeypatch.setattr(locating, "MOST_VOLUMES", 2)
    found = read_store(data, start=0)
    assert "store-search-ended" in ids(found)
    assert Severity.ERROR in {each.severity for each in found.findings}


def test_as_many_records_as_are_read_are_no_more(monkeypatch):
    data = store_of(record("A", b"x"), record("B", b"y"))
    monkeypatch.setattr(walk, "MOST_RECORDS", 2)
    assert read_store(data).findings == ()
    assert Editor(data).set_variable("A", VENDOR, b"z").after
    monkeypatch.setattr(walk, "MOST_RECORDS", 1)
    assert "too-many-records" in ids(read_store(data))
