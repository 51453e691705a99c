"""From one difference to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.views.compare.tables import RunRow
    from ovmfgui.span import Place


def next_run(runs: Sequence[RunRow], here: Place | None, direction: int) -> int | None:
    """The index of the run behind (1) or before (-1) a place in A, going round at the ends."""
    if not runs:
        return None
    if here is None:
        return 0 if direction > 0 else len(runs) - 1
    spot = (here.space, here.span.start)
    numbers = range(len(runs)) if direction > 0 else range(len(runs) - 1, -1, -1)
    for number in numbers:
        start = (runs[number].spaces[0], runs[number].span.start)
        if start > spot if direction > 0 else start < spot:
            return number
    return numbers[0]
