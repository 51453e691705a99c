"""The rows of a hex grid in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from ovmfgui.gui.widgets.spoken import SpokenRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.widgets.hex_layout import HexLayout


def hex_rows(
    data: bytes,
    layout: HexLayout,
    describe: Callable[[int], str],
    cursor: int | None,
    sight: tuple[int, int, int],
) -> tuple[SpokenRow, ...]:
    """Offset, digits, characters and meaning of each row in sight.

    Args:
        data: what the grid shows.
        layout: where the rows stand.
        describe: what the byte at an offset is.
        cursor: the byte whose row is the chosen one; None for none.
        sight: the number of the row at the top, how many there is room for, and how wide they are.
    """
    first, count, wide = sight
    found = []
    for row in range(first, min(first + count, layout.rows)):
        start = row * layout.per_row
        part = data[start : start + layout.per_row]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        words = [f"{start:X}: {part.hex(' ').upper()}", text, describe(start)]
        place = QRect(0, (row - first + 1) * layout.line, wide, layout.line)
        chosen = cursor is not None and row == layout.row_of(cursor)
        found.append(SpokenRow(", ".join(filter(None, words)).replace("\n", ", "), place, chosen))
    return tuple(found)
