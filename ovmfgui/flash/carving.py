"""Putting finer regions into a tree that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from ovmfgui.flash.region import Region


def carve(region: Region, pieces: tuple[Region, ...]) -> Region:
    """The tree with leaves cut up where ``pieces`` (ascending, in its space) lie inside them.

    What is left of such a leaf keeps its name and kind. Pieces that overlap one another or lie in
    no single leaf are left out.
    """
    inside = tuple(p for p in pieces if region.span.covers(p.span))
    if not inside or any(child.place.space != region.place.space for child in region.children):
        return region
    if region.children:
        return replace(region, children=tuple(carve(child, inside) for child in region.children))
    if inside[0].span == region.span:
        return inside[0]
    return replace(region, children=_cut(region, inside))


def _cut(region: Region, pieces: tuple[Region, ...]) -> tuple[Region, ...]:
    parts: list[Region] = []
    position = region.span.start
    for piece in pieces:
        if piece.span.start < position:
            continue
        if piece.span.start > position:
            parts.append(_rest(region, Span.between(position, piece.span.start)))
        parts.append(piece)
        position = piece.span.end
    if position < region.span.end:
        parts.append(_rest(region, Span.between(position, region.span.end)))
    return tuple(parts)


def _rest(region: Region, span: Span) -> Region:
    used = span.size if region.used == region.span.size else 0
    return replace(region, place=Place(region.place.space, span), used=used, fields=())
