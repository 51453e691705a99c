"""Going from area to area of two columns with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.columns import Area, LayoutColumn


def first(columns: Sequence[LayoutColumn]) -> tuple[int, Area] | None:
    """The area at the top of the left column that has any."""
    for side, column in enumerate(columns):
        if column.areas:
            return side, column.areas[-1]
    return None


def up_or_down(
    columns: Sequence[LayoutColumn], here: tuple[int, Area], by: int
) -> tuple[int, Area]:
    """The area ``by`` steps higher in the same column; the last one where there are no more."""
    side, area = here
    areas = columns[side].areas
    index = min(max(areas.index(area) + by, 0), len(areas) - 1)
    return side, areas[index]


def across(columns: Sequence[LayoutColumn], here: tuple[int, Area], side: int) -> tuple[int, Area]:
    """The area of the same name in another column, or else the one that is nearest."""
    own, area = here
    areas = columns[side].areas
    if own == side or not areas:
        return here
    same = next((other for other in areas if other.name == area.name), None)
    if same is not None:
        return side, same
    middle = columns[own].base + area.start + area.size / 2
    base = columns[side].base
    return side, min(areas, key=lambda other: abs(base + other.start + other.size / 2 - middle))
