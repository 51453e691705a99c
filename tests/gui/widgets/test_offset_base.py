import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.gui.widgets.hex_grid import HexGrid
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES, offset_base

ADDRESS = 0xFFC84000


@given(st.sampled_from(OFFSET_BASES), st.integers(1, 1 << 30), st.integers(0, 1 << 30))
def test_every_offset_has_the_same_room(base, size, origin):
    digits = base.digits(size, origin)
    for offset in (0, size // 2, size):
        assert len(base.text(offset, origin, digits)) == digits
        assert int(base.text(offset, origin, digits), 10 if base.decimal else 16) == offset - origin


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("file", "00000100"),
        ("file-decimal", "     256"),
        ("item", "000000010"),
        ("item-decimal", "       16"),
        ("guest", "FFC84100"),
        ("no such", "00000100"),
    ],
)
def test_a_grid_counts_from_what_was_chosen(qtbot, name, text):
    grid = HexGrid()
    qtbot.addWidget(grid)
    grid.set_data(bytes(4096), ADDRESS)
    grid.set_item(0xF0)
    grid.set_offset_base(offset_base(name))
    assert grid.offset_text(0x100) == text
    assert bool(grid.grid_layout.address_digits) is (name != "guest")


def test_what_lies_before_the_item_is_negative(qtbot):
    grid = HexGrid()
    qtbot.addWidget(grid)
    grid.set_data(bytes(4096))
    grid.set_offset_base(offset_base("item"))
    grid.set_item(0x20)
    assert grid.offset_text(0x10) == "-00000010"
