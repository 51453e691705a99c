import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.byte_overview import overview
from ovmfgui.progress import Cancelled


@given(st.binary(max_size=600), st.integers(1, 40))
def test_every_byte_counts_once(data, parts):
    found = overview(data, parts=parts)
    size = max(-(-len(data) // parts), 1)
    assert len(found) == -(-len(data) // size)
    used = sum(
        round(part.used * len(data[at * size : (at + 1) * size])) for at, part in enumerate(found)
    )
    assert used == sum(byte not in (0, 0xFF) for byte in data)
    assert all(0 <= part.entropy <= 8 for part in found)


def test_erased_text_and_packed_bytes_are_told_apart():
    text = b"a store of variables " * 200
    packed = random.Random(6).randbytes(len(text))
    erased, words, mixed = overview(b"\xff" * len(text) + text + packed, parts=3)
    assert (erased.used, erased.entropy) == (0, 0)
    assert 2 < words.entropy < 5 < 7.5 < mixed.entropy
    assert mixed.used > 0.98


def test_it_can_be_stopped():
    def stop(_done: int, _total: int, _text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        overview(bytes(5000), stop)
