"""What the offsets beside bytes are counted from, and how they are written."""

from __future__ import annotations

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.widgets.hex_painting import digits_for
from ovmfgui.gui.widgets.hex_style import HEX_STYLE


@dataclass(frozen=True, slots=True)
class OffsetBase:
    """A way to count.

    Attributes:
        id: in settings.
        title: as it is chosen by.
        heading: above the column.
        of: ``file``, ``item`` (the region around the selection) or ``guest`` (addresses).
        decimal: whether it is written in decimal.
    """

    id: str
    title: str
    heading: str
    of: str = "file"
    decimal: bool = False

    def digits(self, size: int, origin: int) -> int:
        """Characters that the longest offset of ``size`` bytes takes; ``origin`` counts as 0."""
        longest = max(abs(size - origin), abs(origin))
        sign = 1 if origin > 0 else 0
        return sign + (max(len(str(longest)), 8) if self.decimal else digits_for(longest))

    def text(self, offset: int, origin: int, digits: int) -> str:
        """An offset as it stands beside its row."""
        number = offset - origin
        if self.decimal:
            return f"{number:{digits}d}"
        return HEX_STYLE.written(f"{number:0{digits}X}")


OFFSET_BASES = (
    OffsetBase("file", "File offset", "offset"),
    OffsetBase("file-decimal", "File offset, decimal", "offset", decimal=True),
    OffsetBase("item", "Offset in the item", "in item", "item"),
    OffsetBase("item-decimal", "Offset in the item, decimal", "in item", "item", decimal=True),
    OffsetBase("guest", "Guest address", "guest", "guest"),
)
"""The first is the one that nothing has to be known for."""


def offset_base(name: str) -> OffsetBase:
    """The base of this id; the first where there is none."""
    return next((each for each in OFFSET_BASES if each.id == name), OFFSET_BASES[0])
