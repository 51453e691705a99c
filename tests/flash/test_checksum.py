from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.checksum import sum8


@given(st.binary(max_size=3000))
def test_the_sum_is_that_of_the_bytes(data):
    assert sum8(data) == sum(data) & 0xFF


def test_long_runs_of_the_largest_byte():
    assert sum8(b"\xff" * 1_000_003) == 0xFF * 1_000_003 & 0xFF
