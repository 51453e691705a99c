import pytest
from made_regions import named, pair_parts, store_regions

from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.map_model import Part, filling, inside, position_text, stacked, touching
from ovmfgui.gui.widgets.map_walk import MapWalk
from ovmfgui.span import Place, Span


@pytest.fixture
def walk():
    found = MapWalk()
    found.set_parts(pair_parts())
    return found


def names(regions) -> list[str]:
    return [region.name for region in regions]


def test_the_highest_address_is_on_top_and_the_chips_touch():
    upper, lower = stacked(reversed(pair_parts()))
    assert (upper.title, lower.title) == ("CODE", "VARS")
    assert touching(upper, lower)
    assert not touching(lower, upper)


def test_at_first_the_lens_shows_the_variable_region(walk):
    assert names(walk.trail) == ["NvData volume", "variable region"]
    assert names(walk.columns[0][1]) == [
        "variable region",
        "event log",
        "FTW working block",
        "FTW spare area",
    ]


def test_wrappers_are_stepped_through(walk):
    assert names(inside(named(walk.parts, "variable region")))[:3] == [
        "volume header",
        "variable store header",
        "Boot0000",
    ]
    assert names(inside(named(walk.parts, "volumes"))) == [
        "file header",
        "section header",
        "compressed body",
    ]
    assert names(inside(named(walk.parts, "compressed body"))) == ["PEIFV", "DXEFV"]


def test_a_selection_from_elsewhere_is_brought_into_sight(walk):
    walk.select(Place(2, Span(0x2010, 4)))
    assert walk.current is named(walk.parts, "DXEFV")
    assert walk.column_of(walk.current) == 1
    assert walk.deeper


def test_a_selection_of_a_few_bytes_selects_the_region_around(walk):
    walk.select(Place(1, Span(0xF004, 2)))
    assert walk.current is named(walk.parts, "FTW working block")
    assert walk.selected()(named(walk.parts, "NvData volume"))
    assert not walk.selected()(named(walk.parts, "event log"))


def test_a_wrapper_that_is_not_drawn_marks_what_it_holds(walk):
    walk.select(named(walk.parts, "variable store").place)
    assert walk.selected()(named(walk.parts, "Boot0003"))
    assert not walk.selected()(named(walk.parts, "event log"))


def test_neighbours_go_up_to_higher_addresses_and_end_at_the_ends(walk):
    walk.choose(named(walk.parts, "variable region"))
    assert walk.neighbour(1) is named(walk.parts, "event log")
    assert walk.neighbour(-1) is None
    walk.choose(named(walk.parts, "FTW spare area"))
    assert walk.neighbour(1) is None


def test_in_and_out_again_lead_back(walk):
    walk.choose(named(walk.parts, "FVMAIN_COMPACT"))
    way = []
    while (inner := walk.step_in()) is not None:
        # Headers have nothing inside: go on with the last item, the contents.
        walk.choose(inner)
        while (higher := walk.neighbour(1)) is not None and higher.kind is not Kind.FREE:
            walk.choose(higher)
        way.append(walk.current)
    assert names(way) == ["volumes", "compressed body", "DXEFV"]
    back = []
    while (outer := walk.step_out()) is not None:
        walk.choose(outer)
        back.append(outer)
    assert names(back) == ["compressed body", "volumes", "FVMAIN_COMPACT"]


def test_after_an_edit_the_lens_stays_where_it_was(walk):
    walk.select(named(walk.parts, "DXEFV").place)
    walk.set_parts(pair_parts(records=9))
    assert walk.trail[-1] is named(walk.parts, "compressed body")
    assert walk.current is named(walk.parts, "DXEFV")


def test_nothing_open_nothing_shown():
    walk = MapWalk()
    walk.set_parts(())
    walk.select(Place(0, Span(0, 1)))
    assert walk.columns == ()
    assert walk.neighbour(1) is None
    assert walk.step_in() is None
    assert walk.step_out() is None


def test_live_dead_and_free_bytes_are_told_apart():
    (volume,) = store_regions(records=6)
    full = filling(volume.children[0])
    assert full is not None
    assert full.dead == 2 * 0x40
    assert full.live + full.dead + full.free == 0xE000
    assert full.text == "<1 % live, <1 % dead"


def test_positions_are_addresses_or_offsets(walk):
    assert position_text(named(walk.parts, "event log"), 0xE000) == "0xFFEEE000"
    assert position_text(named(walk.parts, "DXEFV"), 0x2000) == "+0x2000"


def test_a_part_without_addresses_still_has_its_place():
    regions = tuple(region.at_address(None) for region in store_regions())
    walk = MapWalk()
    walk.set_parts([Part("VARS", "a", 0x20000, regions), Part("VARS", "b", 0x20000, regions)])
    assert [part.name for part in walk.parts] == ["b", "a"]
