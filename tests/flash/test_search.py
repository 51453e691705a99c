import re
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash import search
from ovmfgui.flash.image import Image, Role, Space
from ovmfgui.flash.search import SLICE, Notation, find_in, matches, needle
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

GUID = "fff12b8d-7696-4c8b-a985-2747075b4f50"


def starts(data: bytes, notation: Notation, text: str) -> list[int]:
    return [at for step in matches(data, needle(notation, text)) for at in step.found]


@pytest.mark.parametrize(
    "text", ["5F 46 56 48", "5f465648", "0x5F, 0x46, 0x56, 0x48", "5F:46:56:48"]
)
def test_hex_is_read_however_it_is_written(text: str):
    assert starts(b"..._FVH.", Notation.HEX, text) == [3]


def test_a_wildcard_stands_for_any_byte_even_a_line_feed():
    assert starts(b"\x01\x0a\x03 \x01\x00\x03", Notation.HEX, "01 ?? 03") == [0, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "hex"), ("5", "half a byte"), ("5G", "“5G”"), ("12 3", "half a byte")],
)
def test_what_is_no_hex_is_refused_in_words(text: str, words: str):
    with pytest.raises(Refused, match=re.escape(words)):
        needle(Notation.HEX, text)


def test_a_guid_is_found_in_either_byte_order():
    guid = UUID(GUID)
    assert starts(b"--" + guid.bytes_le + guid.bytes, Notation.GUID, GUID.upper()) == [2, 18]


def test_what_is_no_guid_is_refused_with_an_example():
    with pytest.raises(Refused, match="32 hex digits"):
        needle(Notation.GUID, "not one")


def test_text_is_taken_literally_in_both_encodings():
    data = b"a.c abc" + "a.c".encode("utf-16-le")
    assert starts(data, Notation.TEXT, "a.c") == [0]
    assert starts(data, Notation.UTF16, "a.c") == [7]


def test_a_match_across_the_border_of_two_slices_is_found_once():
    data = bytes(SLICE - 2) + b"\xaa\xbb\xcc\xdd" + bytes(10)
    assert starts(data, Notation.HEX, "AABBCCDD") == [SLICE - 2]


def test_matches_do_not_overlap_even_where_slices_meet():
    data = b"\x11" * (2 * SLICE)
    found = starts(data, Notation.HEX, "11 11 11")
    assert found == list(range(0, len(data) - 2, 3))


def test_counting_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "MOST_MATCHES", 5)
    assert len(starts(bytes(100), Notation.HEX, "00")) == 5


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.binary(min_size=1, max_size=3))
def test_finds_what_a_plain_scan_finds(data: bytes, wanted: bytes):
    expected, at = [], data.find(wanted)
    while at >= 0:
        expected.append(at)
        at = data.find(wanted, at + len(wanted))
    assert starts(data, Notation.HEX, wanted.hex()) == expected


def test_a_variable_name_is_found_whole_with_its_end():
    data = "BootOrder\0BootOrder2\0".encode("utf-16-le")
    assert starts(data, Notation.NAME, "BootOrder") == [0]
    assert needle(Notation.NAME, "BootOrder").size == 20


def image_of_spaces(*contents: bytes) -> Image:
    spaces = tuple(Space(f"space {i}", data) for i, data in enumerate(contents))
    return Image((), Role.CODE, None, spaces, (), ())


def test_every_space_is_looked_through_in_order_with_progress():
    image = image_of_spaces(b"..ab", bytes(SLICE + 10), b"abxab")
    told: list[tuple[int, int, str]] = []
    found = find_in(image, needle(Notation.TEXT, "ab"), lambda *step: told.append(step))
    assert list(found) == [Place(0, Span(2, 2)), Place(2, Span(0, 2)), Place(2, Span(3, 2))]
    total = SLICE + 19
    assert [done for done, _all, _name in told] == [4, SLICE + 4, SLICE + 14, total]
    assert {whole for _done, whole, _name in told} == {total}
    assert told[-1][2] == "space 2"


def test_a_search_through_all_spaces_has_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "MOST_MATCHES", 5)
    image = image_of_spaces(b"aaa", b"aaa", b"aaa")
    assert len(list(find_in(image, needle(Notation.TEXT, "a")))) == 5
