import pytest

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.lookup import completions, find_place
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span


@pytest.fixture(scope="module")
def demo():
    """The demo pair, inspected."""
    return inspect(image_of(demo_files()))


def test_an_offset_is_meant_in_the_space_shown(demo):
    assert find_place(demo, "0x40", 1) == Place(1, Span(0x40, 1))
    assert find_place(demo, "1_000", 0) == Place(0, Span(0x1000, 1))
    assert find_place(demo, "64d", 1) == Place(1, Span(64, 1))


def test_what_lies_behind_the_file_is_a_guest_address(demo):
    code, store = demo.image.files
    base = (1 << 32) - code.size - store.size
    assert find_place(demo, f"{base + 0x48:X}", 1) == Place(1, Span(0x48, 1))
    assert find_place(demo, "FFFFFFF0", 1) == Place(0, Span(code.size - 16, 1))


def test_a_variable_is_found_by_its_name_in_any_case(demo):
    timeout = Place(1, demo.store.find("Timeout").span)
    assert find_place(demo, "Timeout", 0) == timeout
    assert find_place(demo, " timeout ", 0) == timeout
    assert find_place(demo, "PlatformL", 0) == Place(1, demo.store.find("PlatformLang").span)


def test_a_name_wins_over_a_number(demo):
    # "db" is two hex digits and a variable of many stores; here no variable has that name.
    assert find_place(demo, "db", 1) == Place(1, Span(0xDB, 1))


def test_a_guid_finds_the_first_region_that_has_it(demo):
    place = find_place(demo, str(GLOBAL).upper(), 0)
    assert place == Place(1, demo.store.records[0].span)
    assert find_place(demo, "{" + str(GLOBAL) + "}", 0) == place


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Type an offset"),
        ("no such thing", "Nothing here is called"),
        ("FFFFFFFFFFFF", "no offset here"),
        ("00112233-4455-6677-8899-aabbccddeeff", "Nothing here has the GUID"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(demo, text, part):
    with pytest.raises(Refused, match=part):
        find_place(demo, text, 1)


def test_names_are_offered_once_each_variables_first(demo):
    names = completions(demo)
    assert names[: len(demo.store.live)] == [record.name for record in demo.store.live]
    assert len(set(names)) == len(names)
    assert "FTW spare area" in names
