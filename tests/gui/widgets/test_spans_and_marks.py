from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.spans import EqualSpans, SpanList
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


def test_spans_of_one_size_are_those_of_any_size():
    starts = [0, 2, 4, 9, 30, 31_000]
    equal, any_size = EqualSpans(starts, 2), SpanList(Span(at, 2) for at in starts)
    for window in (Span(0, 40), Span(1, 2), Span(5, 4), Span(10, 20), Span(31_001, 9)):
        assert list(equal.within(window)) == list(any_size.within(window))
    assert [at for at in range(40) if equal.holds(at)] == [0, 1, 2, 3, 4, 5, 9, 10, 30, 31]
    assert list(equal) == [Span(at, 2) for at in starts]
    assert len(equal) == 6
