from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_regions import BASE, named, pair_parts, region

from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.map_geometry import (
    GAP,
    Wish,
    block_at,
    magnified,
    to_scale,
    without_overlap,
)
from ovmfgui.gui.widgets.map_model import Part, stacked


def test_chips_that_touch_are_drawn_touching_and_to_one_scale():
    code, store = to_scale(stacked(pair_parts()), top=10, height=576)
    assert code.top == 10
    assert code.top + code.height == pytest.approx(store.top)
    assert code.height / store.height == pytest.approx(8)
    assert store.top + store.height == pytest.approx(586)


def test_chips_that_do_not_touch_have_a_gap():
    upper, lower = pair_parts()
    moved = Part(lower.title, lower.name, lower.size, (lower.regions[0].at_address(BASE - 0x1000),))
    boxes = to_scale(stacked((upper, moved)), top=0, height=576)
    assert boxes[1].top - (boxes[0].top + boxes[0].height) == pytest.approx(GAP)


def test_low_addresses_are_below():
    parts = stacked(pair_parts())
    box = to_scale(parts, 0, 576)[1]
    spare = box.block(named(parts, "FTW spare area"))
    variables = box.block(named(parts, "variable region"))
    assert spare.bottom <= variables.top
    assert variables.bottom == pytest.approx(576)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 1 << 26), min_size=1, max_size=80), st.integers(100, 2000))
def test_in_the_lens_everything_is_high_enough_and_nothing_overlaps(sizes: list[int], height: int):
    at, regions = 0, []
    for size in sizes:
        regions.append(region("x", Kind.FILE, at, size))
        at += size
    blocks = magnified(regions, height, 20)
    assert all(block.height >= 20 for block in blocks)
    assert all(upper.bottom == pytest.approx(lower.top) for upper, lower in pairwise(blocks))
    assert blocks[-1].bottom == pytest.approx(max(height, 20 * len(sizes)))
    assert [block.region for block in blocks] == regions[::-1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([1, 7, 900, 40_000]), min_size=1, max_size=400))
def test_of_regions_closer_than_half_a_pixel_one_is_drawn_and_no_large_one_is_left_out(
    sizes: list[int],
):
    at, regions = 0, []
    for size in sizes:
        regions.append(region("x", Kind.FILE, at, size))
        at += size
    (box,) = to_scale([Part("CODE", "x", at, tuple(regions))], 0, 100)
    seen = list(box.seen(regions))
    assert len(seen) <= 2 * 2 * 100 + 1
    half = at / 100 / 2
    assert [each for each in regions if each.span.size >= half] == [
        each for each in seen if each.span.size >= half
    ]
    tops = [each.span.start for each in seen]
    assert all(later - earlier < 2 * half + max(sizes) for earlier, later in pairwise(tops))


def test_a_region_lower_than_a_pixel_can_be_hit():
    parts = stacked(pair_parts())
    box = to_scale(parts, 0, 300)[1]
    blocks = [box.block(area) for area in box.part.areas]
    log = box.block(named(parts, "event log"))
    assert log.height < 2
    hit = block_at(blocks, log.top + log.height / 2, reach=3)
    assert hit is not None
    assert hit.region is named(parts, "event log")


def test_labels_never_overlap_and_the_important_ones_win():
    wishes = [Wish(100, "later", 2), Wish(104, "first", 0), Wish(130, "free", 2)]
    placed = without_overlap(wishes, 12)
    assert [wish.text for wish in placed] == ["first", "free"]
