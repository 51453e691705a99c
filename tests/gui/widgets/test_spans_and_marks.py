from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.hex_marks import Mark, Marks
from ovmfgui.gui.widgets.spans import SpanList, differing
from ovmfgui.span import Span


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=9000), st.binary(max_size=9000), st.integers(0, 8999))
def test_differing_names_exactly_the_bytes_that_differ(before: bytes, after: bytes, at: int):
    after = before[:at] + after
    told = {offset for span in differing(before, after) for offset in range(span.start, span.end)}
    expected = {i for i, byte in enumerate(after) if i >= len(before) or before[i] != byte}
    assert told == expected


def test_spans_that_touch_become_one():
    assert list(SpanList([Span(8, 2), Span(0, 4), Span(4, 4), Span(20, 0)])) == [Span(0, 10)]


def test_only_the_parts_in_the_window_are_given():
    spans = SpanList([Span(0, 4), Span(10, 10), Span(40, 1)])
    assert list(spans.within(Span(2, 12))) == [Span(2, 2), Span(10, 4)]
    assert list(spans.within(Span(25, 5))) == []
    assert spans.holds(19)
    assert not spans.holds(20)


def test_marks_are_found_by_offset_and_by_window():
    first, second = Mark(Span(0, 4), Kind.HEADER, "a"), Mark(Span(6, 4), Kind.FILE, "b")
    marks = Marks([second, first])
    assert [marks.at(at) for at in (0, 3, 4, 6, 9, 10)] == [
        first,
        first,
        None,
        second,
        second,
        None,
    ]
    assert list(marks.within(Span(3, 4))) == [first, second]
    assert list(marks.within(Span(4, 2))) == []
