import pytest
from stores import REAL, pristine, real_store, record, store_of
from tiling import assert_tiles_span

from ovmfgui.budgets import MOST_LABEL
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.regions import nv_volume_region, used_bytes
from ovmfgui.span import Span


@pytest.mark.parametrize("name", REAL)
def test_a_real_volume_is_tiled_and_every_record_is_in_it(name):
    data = real_store(name)
    store = read_store(data)
    region = nv_volume_region(store, data)
    assert_tiles_span(region)
    assert region.span == store.volume.span
    drawn = list(of_kind((region,), Kind.VARIABLE, Kind.DEAD_VARIABLE))
    assert [r.span for r in drawn] == [r.span for r in store.records]
    live = {r.span for r in store.records if r.status is Status.LIVE}
    assert {r.span for r in drawn if r.kind is Kind.VARIABLE} == live


@pytest.mark.parametrize(
    ("layout", "kinds"),
    [
        ("2M", [Kind.VARIABLE_REGION, Kind.EVENT_LOG, Kind.FTW_WORKING, Kind.FTW_SPARE]),
        ("AAVMF", [Kind.VARIABLE_REGION, Kind.FTW_WORKING, Kind.FTW_SPARE]),
    ],
)
def test_the_parts_are_those_of_the_layout(layout, kinds):
    data = pristine(layout)
    region = nv_volume_region(read_store(data), data)
    assert [child.kind for child in region.children] == kinds


def test_used_counts_what_is_not_erased():
    data = store_of(record("A", b"abc"))
    region = nv_volume_region(read_store(data), data)
    (free,) = of_kind((region,), Kind.FREE)
    (spare,) = of_kind((region,), Kind.FTW_SPARE)
    (working,) = of_kind((region,), Kind.FTW_WORKING)
    assert (free.used, spare.used) == (0, 0)
    assert working.used == 32 - 3
    assert used_bytes(b"\xff\0\xff\1", Span(0, 4)) == 2


def test_a_blank_template_is_one_region():
    data = bytes(0x84000)
    region = nv_volume_region(read_store(data), data)
    assert region.span.size == len(data)
    assert region.used == 0
    assert_tiles_span(region)


def test_the_label_of_a_name_without_end_is_short_and_the_record_has_all_of_it():
    data = store_of(record("N" * 20_000, b"1"), record("Short", b"1"))
    store = read_store(data)
    drawn = [each.name for each in of_kind((nv_volume_region(store, data),), Kind.VARIABLE)]
    assert [len(name) for name in drawn] == [MOST_LABEL, 5]
    assert drawn[0].startswith("NNN")
    assert "…" in drawn[0]
    assert len(store.records[0].name) == 20_000
