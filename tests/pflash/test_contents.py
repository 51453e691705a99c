"""Shared pages: equal to the plain bytes they stand for, and cheap."""

from __future__ import annotations

import os
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.pflash.contents import PAGE_SIZE, PagedArray, Pages
from ovmfgui.span import Span

SIZE = 3 * PAGE_SIZE + 100
WRITES = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.binary(min_size=1, max_size=PAGE_SIZE + 9)), max_size=6
)


def plain(writes, before: bytes) -> bytes:
    data = bytearray(before)
    for offset, piece in writes:
        piece = piece[: SIZE - offset]
        data[offset : offset + len(piece)] = piece
    return bytes(data)


@settings(max_examples=60, deadline=None)
@given(writes=WRITES, more=WRITES, at=st.integers(0, SIZE), size=st.integers(0, SIZE))
def test_an_array_and_its_snapshots_hold_what_was_written(writes, more, at, size):
    array = PagedArray(Pages.of(bytes(SIZE)))
    for offset, piece in writes:
        array.write(offset, piece[: SIZE - offset])
    first = array.snapshot()
    for offset, piece in more:
        array.write(offset, piece[: SIZE - offset])
    second = array.snapshot()

    expected = plain(writes, bytes(SIZE))
    assert first.tobytes() == expected
    assert second.tobytes() == plain(more, expected)
    assert second.read(at, size) == second.tobytes()[at : at + size]
    assert array.read(at, size) == second.read(at, size)


@settings(max_examples=60, deadline=None)
@given(writes=WRITES)
def test_changes_are_exactly_the_bytes_that_differ(writes):
    before = Pages.of(os.urandom(SIZE))
    after = Pages.of(plain(writes, before.tobytes()))
    changed = {i for span in after.changed_since(before) for i in range(span.start, span.end)}
    old, new = before.tobytes(), after.tobytes()
    assert changed == {i for i in range(SIZE) if old[i] != new[i]}
    spans = after.changed_since(before)
    assert all(a.end < b.start for a, b in pairwise(spans))


def test_a_run_of_changes_across_pages_is_one_span():
    before = Pages.of(bytes(4 * PAGE_SIZE))
    after = before.with_write(PAGE_SIZE - 5, b"\x01" * (PAGE_SIZE + 10))
    assert after.changed_since(before) == (Span(PAGE_SIZE - 5, PAGE_SIZE + 10),)


def test_contents_that_grew_count_their_new_end_as_changed():
    small, large = Pages.of(bytes(PAGE_SIZE + 1)), Pages.of(bytes(2 * PAGE_SIZE))
    assert large.changed_since(small) == (Span.between(PAGE_SIZE + 1, 2 * PAGE_SIZE),)
    assert small.changed_since(large) == large.changed_since(small)
    assert large.changed_since(None) == (Span(0, 2 * PAGE_SIZE),)
    assert Pages.of(b"").changed_since(None) == ()


def test_equal_contents_are_equal_however_they_came_about():
    written = Pages.of(bytes(SIZE)).with_write(7, b"abc").with_write(7, bytes(3))
    assert written == Pages.of(bytes(SIZE))
    assert hash(written) == hash(Pages.of(bytes(SIZE)))
    assert written != Pages.of(bytes(SIZE + 1))


def test_erased_and_zero_pages_exist_once():
    pages = [*Pages.of(b"\xff" * (2 * PAGE_SIZE) + bytes(2 * PAGE_SIZE)).pages()]
    assert pages[0] is pages[1]
    assert pages[2] is pages[3]


@pytest.mark.parametrize("size", [0, 5, PAGE_SIZE, SIZE])
def test_filled_contents_are_equal_to_those_made_of_bytes(size: int):
    assert Pages.filled(size) == Pages.of(bytes(size))
    assert Pages.filled(size, 0xA7) == Pages.of(b"\xa7" * size)


def test_writing_what_is_there_keeps_the_page():
    before = Pages.of(os.urandom(2 * PAGE_SIZE))
    array = PagedArray(before)
    array.write(3, before.read(3, 50))
    after = array.snapshot()
    assert all(a is b for a, b in zip(after.pages(), before.pages(), strict=True))


@pytest.mark.parametrize("offset", [-1, SIZE - 2])
def test_a_write_outside_is_an_error_of_the_program(offset):
    with pytest.raises(ValueError, match="do not lie inside"):
        PagedArray(Pages.of(bytes(SIZE))).write(offset, b"abc")


def test_a_thousand_steps_over_64_mib_take_under_twice_the_chips_memory():
    size = 64 << 20
    tracemalloc.start()
    try:
        array = PagedArray(Pages.of(os.urandom(size)))
        steps = []
        for step in range(1000):
            array.write_byte(step * 65_537 % size, step & 0xFF)
            steps.append(array.snapshot())
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len({id(step) for step in steps}) > 990
    assert taken < 2 * size
