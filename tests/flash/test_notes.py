import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.notes import MOST, SIGNS, Note, notes_json, notes_of
from ovmfgui.refusal import Refused
from ovmfgui.span import Span

notes = st.builds(
    Note,
    st.builds(Span, st.integers(0, 1 << 40), st.integers(1, 1 << 30)),
    st.text(max_size=200),
    st.text(max_size=300),
    st.integers(0, len(SIGNS) - 1),
)


@given(st.lists(notes, max_size=20))
def test_notes_come_back_as_they_were(given_notes):
    written = notes_json("/a/file", given_notes)
    assert notes_of(written.encode("utf-8", "surrogatepass")) == tuple(sorted(given_notes))


@given(st.binary(max_size=60) | st.just(b'{"format": 1, "notes": [{"offset": -1, "size": 1}]}'))
def test_anything_else_is_refused_in_words(data):
    with pytest.raises(Refused, match="no notes"):
        notes_of(data)


def test_more_than_there_may_be_are_refused():
    many = [Note(Span(at, 1), "n") for at in range(MOST + 1)]
    with pytest.raises(Refused, match="at most"):
        notes_of(notes_json("/a", many).encode())
