"""The rows of a hex grid in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from ovmfgui.gui.widgets.spoken import SpokenRow

if TYPE_CHECKING:
    from ovmfgui.gui.widgets.hex_grid import HexGrid


def hex_rows(grid: HexGrid, first: int, count: int) -> tuple[SpokenRow, ...]:
    """Offset, digits, characters and meaning of each row.

    Args:
        grid: that they are in.
        first: the number of the row at the top.
        count: how many there is room for.
    """
    layout, selection = grid.grid_layout, grid.selection
    found = []
    for row in range(first, min(first + count, layout.rows)):
        start = row * grid.bytes_per_row
        data = grid.data[start : start + grid.bytes_per_row]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in data)
        words = [f"{start:X}: {data.hex(' ').upper()}", text, grid.description(start)]
        top = (row - first + 1) * layout.line
        found.append(
            SpokenRow(
                ", ".join(filter(None, words)).replace("\n", ", "),
                QRect(0, top, grid.viewport().width(), layout.line),
                selection is not None and row == layout.row_of(grid.cursor_offset),
            )
        )
    return tuple(found)
