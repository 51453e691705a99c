"""Regions in words: tooltips and headings of the flash map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.widgets.map_model import filling, inside
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.region import Region


def region_tip(region: Region) -> str:
    """What a region is, where, how large and how full; a line each."""
    span = region.span
    lines = [region.name]
    if region.detail:
        lines.append(region.detail)
    where = f"offset 0x{span.start:X} to 0x{span.end:X}"
    lines.append(f"{where}, {size_text(span.size)} (0x{span.size:X})")
    if region.address is not None:
        lines.append(f"guest address 0x{region.address:08X}")
    full = filling(region)
    if full is not None and region.children:
        lines.append(f"{full.text}, {full.free:,} bytes free")
    if region.guid is not None:
        lines.append(str(region.guid))
    items = inside(region)
    if items:
        lines.append(f"{len(items)} parts inside; Enter goes in")
    return "\n".join(lines)


def heading_below(owner: Region, items: Sequence[Region]) -> str:
    """The line under a lens column's title."""
    if items and items[0].place.space != owner.place.space:
        return f"unpacks to {size_text(sum(item.span.size for item in items))}"
    return f"{size_text(owner.span.size)}, enlarged"
