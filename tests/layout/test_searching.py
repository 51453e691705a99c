import pytest

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.searching import readings, search


@pytest.fixture(scope="module")
def demo():
    return inspect(image_of(demo_files()))


def quiet(*_told):
    pass


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Boot", ["text", "UCS-2 text"]),
        ("5F 46 56 48", ["bytes", "text", "UCS-2 text"]),
        ("0x5F465648", ["bytes", "text", "UCS-2 text"]),
        ("8be4df61-93ca-11d2-aa0d-00e098032b8c", ["GUID", "bytes", "text", "UCS-2 text"]),
        ("ab", ["text", "UCS-2 text"]),
    ],
)
def test_what_is_typed_is_read_in_all_ways_that_it_can_be(text, wanted):
    assert [what for what, _needle in readings(text)] == wanted


def test_each_place_is_told_once_names_first(demo):
    found = search(demo, "timeout", quiet)
    assert found[0].what == "name"
    assert found[0].item.endswith("Timeout")
    places = [each.place for each in found]
    assert len(places) == len(set(places))
    assert any(each.what == "UCS-2 text" for each in found)


def test_a_file_is_named_by_what_it_holds(demo):
    inside = [each for each in search(demo, "_FVH", quiet) if each.file is not None]
    assert inside
    for each in inside:
        assert each.item.startswith(each.file.name)


def test_nothing_and_no_words(demo):
    assert search(demo, "  ", quiet) == ()
    assert search(demo, "no such thing at all", quiet) == ()


def test_it_can_be_ended(demo):
    class Stop(Exception):
        pass

    def stop(*_told):
        raise Stop

    with pytest.raises(Stop):
        search(demo, "_FVH", stop)
