"""The horizontal order of a flash map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetricsF

_PAD = theme.GRID


@dataclass(frozen=True, slots=True)
class Columns:
    """The horizontal places of a map, in logical pixels.

    Attributes:
        title: width of the strip at the left with the parts' titles.
        gutter: width of the addresses left of each box.
        funnel: width between a box and the gutter of the column that magnifies a part of it.
        boxes: left edge and width of the overview and of the two lens columns.
        top: where the boxes begin; above it are the columns' headings.
        height: of the boxes.
    """

    title: float
    gutter: float
    funnel: float
    boxes: tuple[tuple[float, float], ...]
    top: float
    height: float

    @classmethod
    def fitting(cls, width: float, height: float, metrics: QFontMetricsF, digits: float) -> Columns:
        """The places in a widget of this size; ``digits`` is the width of an address."""
        title = round(metrics.height() + 2 * _PAD)
        gutter, funnel = round(digits + 3 * _PAD), 5 * _PAD
        step = gutter + funnel
        room = max(width - title - gutter - 2 * step - 2 * _PAD, 120.0)
        first = round(min(room * 0.30, 220.0))
        other = round((room - first) / 2)
        left = title + gutter
        lefts = (left, left + first + step, left + first + other + 2 * step)
        widths = (first, other, other)
        top = round(2 * metrics.height() + 3 * _PAD)
        boxes = tuple(zip(map(float, lefts), map(float, widths), strict=True))
        return cls(title, gutter, funnel, boxes, top, max(height - top - 2 * _PAD, 40.0))

    @property
    def bottom(self) -> float:
        """Where the boxes end."""
        return self.top + self.height
