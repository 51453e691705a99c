import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.gui.widgets.hex_layout import Column, HexLayout
from ovmfgui.gui.widgets.hex_painting import digits_for


def layout(size: int = 1000, per_row: int = 16) -> HexLayout:
    return HexLayout(size, per_row, cell=8, line=16, address_digits=8)


@pytest.mark.parametrize("per_row", [8, 16, 32])
def test_every_byte_is_found_where_it_is_drawn(per_row: int):
    grid = layout(per_row=per_row)
    for offset in range(per_row * 2):
        row, column = divmod(offset, per_row)
        for x in (grid.byte_x(column), grid.byte_x(column) + 15, grid.text_x(column) + 4):
            assert grid.offset_at(x, row) == offset
            assert grid.over_a_byte(x, row)


def test_the_last_row_ends_with_the_last_byte():
    grid = layout(size=18)
    assert grid.rows == 2
    assert grid.offset_at(grid.byte_x(15), 1) == 17
    assert not grid.over_a_byte(grid.byte_x(2), 1)
    assert not grid.over_a_byte(grid.byte_x(0), 2)


def test_a_drag_stays_in_the_part_that_it_began_in():
    grid = layout()
    assert grid.column_at(grid.text_x(3)) is Column.TEXT
    assert grid.offset_at(grid.text_x(3), 0, Column.BYTES) == 15
    assert grid.offset_at(grid.byte_x(3), 0, Column.TEXT) == 0


def test_no_bytes_no_offset():
    assert layout(size=0).offset_at(100, 0) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5000), st.integers(-500, 2000), st.integers(-9, 9999))
def test_any_point_gives_an_offset_inside(size: int, x: int, row: int):
    offset = layout(size=size).offset_at(x, row)
    assert offset is not None
    assert 0 <= offset < size


@pytest.mark.parametrize(("largest", "digits"), [(0, 8), (0xFFFF_FFFF, 8), (1 << 32, 12)])
def test_columns_are_as_wide_as_the_largest_number(largest: int, digits: int):
    assert digits_for(largest) == digits
