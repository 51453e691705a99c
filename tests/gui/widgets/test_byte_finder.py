import pytest

from ovmfgui.flash.search import Notation, needle
from ovmfgui.gui.widgets.byte_finder import ByteFinder
from ovmfgui.span import Span

DATA = bytearray(3 << 20)
for _at in (5, 1 << 20, (3 << 20) - 2):
    DATA[_at : _at + 2] = b"\xab\xcd"


@pytest.fixture
def finder(qtbot):
    search = ByteFinder()
    search.start(bytes(DATA), needle(Notation.HEX, "ABCD"))
    qtbot.waitUntil(lambda: not search.running)
    return search


def test_all_matches_are_counted_and_numbered(finder):
    assert finder.count == 3
    assert [finder.number(span) for span in finder.spans()] == [1, 2, 3]
    assert finder.number(Span(6, 2)) == 0
    assert finder.number(Span(5, 1)) == 0


def test_next_and_previous_go_round(finder):
    first, second, third = finder.spans()
    assert finder.after(-1) == first
    assert finder.after(first.start) == second
    assert finder.after(third.start) == first
    assert finder.before(second.start) == first
    assert finder.before(first.start) == third


def test_stopping_drops_everything(finder):
    finder.stop()
    assert finder.count == 0
    assert finder.after(0) is None
    assert finder.before(0) is None


def test_a_new_search_replaces_one_that_is_under_way(qtbot):
    search = ByteFinder()
    search.start(bytes(8 << 20), needle(Notation.HEX, "00 01"))
    search.start(b"\x01\x02\x01", needle(Notation.HEX, "01"))
    qtbot.waitUntil(lambda: not search.running)
    assert [span.start for span in search.spans()] == [0, 2]
