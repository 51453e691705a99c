import random
from uuid import UUID

import pytest
from debian_firmware import CODE_2M, CODE_4M, VARS_2M, VARS_4M_MS
from hypothesis import given
from hypothesis import strategies as st
from synthetic_images import memory_file

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.alignment import (
    MOST_PLACES,
    AlignedFile,
    Difference,
    aligned_files,
    next_row,
    place_rows,
)
from ovmfgui.layout.comparison import compare
from ovmfgui.layout.comparison_words import bytes_text, headline
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor
from ovmfgui.span import Place, Span

VENDOR = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
NAMES = ("Alpha", "Beta", "Gamma", "Delta")
values = st.binary(min_size=1, max_size=60)


def store_with(values_by_name, *, compact: bool = False) -> bytes:
    data = synthetic_package("2m").vars
    for name, value in values_by_name:
        data = Editor(data).set_variable(name, VENDOR, value, 7).after
    return Editor(data).compact().after if compact else data


def compared(first: bytes, second: bytes):
    return compare(*(inspect(image_of([memory_file(data)])) for data in (first, second)))


def held(comparison, files: tuple[AlignedFile, ...]) -> None:
    """Each file's stretches are both sides whole, and what is outside the places is the same."""
    for file in files:
        first, second = (
            side.image.spaces[space].data
            for side, space in zip((comparison.first, comparison.second), file.spaces, strict=True)
        )
        assert b"".join(each.first.of(first) for each in file.stretches) == first
        assert b"".join(each.second.of(second) for each in file.stretches) == second
        here = there = 0
        for place in (*file.places, Difference(Span(len(first), 0), Span(len(second), 0))):
            assert first[here : place.first.start] == second[there : place.second.start]
            here, there = place.first.end, place.second.end
        assert len(file.places) <= MOST_PLACES


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6),
    st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6),
    st.booleans(),
)
def test_any_two_stores_come_back_whole(first, second, compact):
    comparison = compared(store_with(first), store_with(second, compact=compact))
    held(comparison, aligned_files(comparison))


@given(st.data())
def test_damaged_stores_come_back_whole(data):
    first = store_with([(name, b"value of " + name.encode()) for name in NAMES])
    second = bytearray(first)
    for _hit in range(data.draw(st.integers(1, 8))):
        second[data.draw(st.integers(0, 1200))] = data.draw(st.integers(0, 255))
    comparison = compared(first, bytes(second))
    held(comparison, aligned_files(comparison))


def test_records_behind_one_that_was_put_in_are_the_same():
    first = store_with([("Beta", b"2"), ("Gamma", b"3" * 40)])
    second = store_with([("Alpha", b"put in first"), ("Beta", b"2"), ("Gamma", b"3" * 40)])
    (file,) = aligned_files(compared(first, second))
    kinds = [place.kind for place in file.places]
    assert kinds == ["only-second", "only-first"]
    put_in, at_the_end = file.places
    assert put_in.second.size == at_the_end.first.size == file.alone(0) == file.alone(1)
    assert file.changed == 0
    gamma = first.index("Gamma".encode("utf-16-le"))
    assert file.across(0, gamma) == second.index("Gamma".encode("utf-16-le"))
    assert file.across(1, put_in.second.start) is None


def test_a_replaced_record_is_held_against_what_it_was():
    first = store_with([("Alpha", b"old"), ("Beta", b"2")])
    second = store_with([("Alpha", b"old"), ("Beta", b"2"), ("Alpha", b"new one")])
    (file,) = aligned_files(compared(first, second))
    state, appended, less_room = file.places
    assert (state.kind, state.first.size) == ("differs", 1)
    assert appended.kind == "only-second"
    assert less_room.kind == "only-first"
    assert set(less_room.first.of(first)) == {0xFF}
    assert bytes_text((file,)) == (
        f"3 places: 1 byte differs, {appended.second.size} bytes only in A, "
        f"{appended.second.size} bytes only in B."
    )


def test_steps_go_round():
    first = store_with([("Alpha", b"1")])
    second = store_with([("Alpha", b"2"), ("Beta", b"3")])
    comparison = compared(first, second)
    rows = place_rows(aligned_files(comparison))
    assert next_row(rows, None, 1) == 0
    assert next_row(rows, None, -1) == len(rows) - 1
    assert next_row(rows, rows[0].in_first(comparison), 1) == 1 % len(rows)
    assert next_row(rows, rows[-1].in_first(comparison), 1) == 0
    assert next_row(rows, Place(0, Span(0, 1)), -1) == len(rows) - 1
    assert next_row((), None, 1) is None


def test_too_many_places_are_joined_and_keep_what_they_cover():
    chance = random.Random(4)
    first = bytearray(synthetic_package("2m").vars)
    second = bytearray(first)
    # In the spare area, where no structure says anything.
    for at in range(0x11000, 0x20000, 2):
        second[at] = chance.randrange(256)
    comparison = compared(bytes(first), bytes(second))
    files = aligned_files(comparison)
    held(comparison, files)
    assert files[0].places


@pytest.mark.firmware
def test_debians_two_builds():
    sides = ([CODE_4M, VARS_4M_MS], [CODE_2M, VARS_2M])
    comparison = compare(*(inspect(open_image(paths)) for paths in sides))
    files = aligned_files(comparison)
    held(comparison, files)
    assert [file.role for file in files] == ["CODE", "VARS"]
    # SECFV lies 1.6 MiB further up in the larger one, and is nearly the same.
    code = files[0]
    assert code.across(0, 0x348000 + 0x28) == 0x1AC000 + 0x28
    assert "bytes differ in" in headline(comparison, files)
