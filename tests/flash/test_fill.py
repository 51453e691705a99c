import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.fill import end_of_content, fill_of, find_beside_fills
from ovmfgui.span import Span


@given(st.binary(max_size=300), st.sampled_from([0x00, 0xFF]))
def test_the_end_of_content_is_where_the_fill_begins(head, fill):
    data = head + bytes([fill]) * 200
    end = end_of_content(data, Span(0, len(data)), fill)
    assert data[end:].strip(bytes([fill])) == b""
    assert end == 0 or data[end - 1] != fill


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 200_000])
def test_a_run_of_one_byte_is_recognised_across_chunks(size):
    assert fill_of(b"\xff" * size, Span(0, size)) == 0xFF
    assert fill_of(b"\xff" * (size - 1) + b"\xfe", Span(0, size)) in (
        {0xFE, None} if size == 1 else {None}
    )


def test_nothing_has_no_fill():
    assert fill_of(b"abc", Span(1, 0)) is None
    assert fill_of(b"abc", Span(3, 5)) is None


@pytest.mark.parametrize("fill", [b"\xff", b"\0"])
@pytest.mark.parametrize("at", [0, 65_530, (1 << 20) + 65_529, (3 << 20) - 1])
def test_what_lies_between_fills_is_found_wherever_it_stands(fill, at):
    wanted = b"between"
    data = fill * at + wanted + fill * 2_200_000
    assert find_beside_fills(data, wanted, 0, len(data)) == at
    assert find_beside_fills(data, wanted, at + 1, len(data)) == -1
    assert find_beside_fills(data, wanted, 0, at + len(wanted) - 1) == -1
