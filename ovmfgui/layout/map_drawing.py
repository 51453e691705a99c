"""The flash map as SVG: regions to scale, the crowded ones enlarged beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ovmfgui.flash.region import Kind
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.region import Region

_WIDTH, _HEIGHT = 960, 560
_COLUMN, _LEFT, _GAP = 260, 120, 170
_LEAST = 3.0
"""Pixels that the smallest region gets, so that it is seen at all."""
_LABEL = 15.0
"""Pixels that a label needs."""
_CLASSES = {
    Kind.NV_VOLUME: "nv",
    Kind.VARIABLE_REGION: "live",
    Kind.STORE: "live",
    Kind.EVENT_LOG: "log",
    Kind.FTW_WORKING: "ftw",
    Kind.FTW_SPARE: "spare",
    Kind.VOLUME: "code",
    Kind.RESET_VECTOR: "head",
    Kind.HEADER: "head",
}


def map_svg(regions: Sequence[Region]) -> str:
    """One picture: all regions at the left, what the variable store consists of at the right."""
    whole = sorted(regions, key=_order)
    store = next((r for r in whole if r.kind is Kind.NV_VOLUME and r.children), None)
    parts = [_column(whole, _LEFT, "Flash, to scale")]
    if store is not None:
        parts.append(_column(list(store.children), _LEFT + _COLUMN + _GAP, "Variable store"))
    body = "".join(parts)
    title = "Flash map, highest address on top"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 40}" role="img" aria-label="{title}">{body}</svg>'
    )


def _order(region: Region) -> tuple[int, int]:
    """By guest address where it is known, else by file."""
    if region.address is not None:
        return 0, region.address
    return 1, (region.place.space << 40) + region.span.start


def _column(regions: list[Region], x: int, title: str) -> str:
    total = sum(region.span.size for region in regions) or 1
    small = [r for r in regions if r.span.size / total * _HEIGHT < _LEAST]
    scale = (_HEIGHT - _LEAST * len(small)) / total
    drawn = [f'<text x="{x}" y="16" class="title">{escape(title)}</text>']
    y = float(_HEIGHT + 30)
    for region in regions:
        height = max(_LEAST, region.span.size * scale)
        y -= height
        drawn.append(_box(region, x, y, height))
    return "".join(drawn)


def _box(region: Region, x: int, y: float, height: float) -> str:
    kind = _CLASSES.get(region.kind, "other")
    name = escape(f"{region.name}, {size_text(region.span.size)}")
    where = "" if region.address is None else f"0x{region.address:08X}"
    box = (
        f'<rect x="{x}" y="{y:.1f}" width="{_COLUMN}" height="{height:.1f}" class="{kind}">'
        f"<title>{name} {where}</title></rect>"
    )
    if height < _LABEL:
        return box
    label = f'<text x="{x + 8}" y="{y + height / 2 + 5:.1f}">{name}</text>'
    address = (
        f'<text x="{x - 8}" y="{y + height:.1f}" class="small" text-anchor="end">{where}</text>'
    )
    return box + label + address
