"""What is said of the lines between two columns, and where."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.widgets.map_geometry import Wish
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ovmfgui.layout.columns import Join


@dataclass(frozen=True, slots=True)
class JoinWords:
    """How boundaries that do not meet are named.

    Attributes:
        position: an address or an offset as text.
        apart: what becomes of the bytes between: they "overlap", or the ends are "apart".
        fits: whether there is room for a text.
    """

    position: Callable[[int], str]
    apart: str
    fits: Callable[[str], bool]

    def broken(self, join: Join, more: int) -> str:
        """What a boundary does here and there, in as many words as there is room for."""
        here, there = self.position(join.left), self.position(join.right)
        beside = f", and {more} more" if more else ""
        short = f"{join.name}{beside}: {size_text(join.distance)} {self.apart}"
        texts = (
            f"{join.says} at {here} here, {there} there: {join.distance:,} bytes "
            f"{self.apart}{beside}",
            f"{join.says} at {here} | {there}: {join.distance:,} bytes{beside}",
            f"{join.says}: {size_text(join.distance)} {self.apart}{beside}",
        )
        return next((text for text in texts if self.fits(text)), short)


def broken_labels(joins: Iterable[Join], y: Callable[[int], float], words: JoinWords) -> list[Wish]:
    """What is said of the lines that do not meet; those that are equally far apart share."""
    groups: dict[int, list[Join]] = {}
    for join in joins:
        if not join.meets:
            groups.setdefault(join.left - join.right, []).append(join)
    labels: list[Wish] = []
    for group in groups.values():
        middles = [(y(join.left) + y(join.right)) / 2 for join in group]
        # Two names of one line, as where variables end and the next region begins, are one.
        lines = len({join.left for join in group})
        text = words.broken(group[0], lines - 1)
        labels.append(Wish(sum(middles) / len(middles), text, len(labels)))
    return labels


def quiet_height(heights: Sequence[float], frame: tuple[float, float]) -> float:
    """The middle of the widest gap between lines at these heights; of ``frame`` without any."""
    ordered = sorted(heights)
    if len(ordered) < 2:
        top, height = frame
        return top + height / 2
    upper, lower = max(pairwise(ordered), key=lambda pair: pair[1] - pair[0])
    return (upper + lower) / 2
