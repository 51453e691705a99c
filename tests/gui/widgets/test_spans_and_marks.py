from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.span import Span


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
