import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.span import Span

SPANS = st.builds(Span, st.integers(0, 100), st.integers(0, 100))


@given(SPANS, SPANS)
def test_an_overlap_is_what_both_have(a, b):
    overlap = a.overlap(b)
    both = set(range(a.start, a.end)) & set(range(b.start, b.end))
    assert set(range(overlap.start, overlap.end) if overlap else ()) == both


@given(SPANS, SPANS)
def test_covering(a, b):
    if b.size:
        assert a.covers(b) == (set(range(b.start, b.end)) <= set(range(a.start, a.end)))


def test_a_span_is_never_negative():
    with pytest.raises(ValueError, match="negative"):
        Span(0, -1)
