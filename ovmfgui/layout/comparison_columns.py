"""Two images as columns: their variable stores, or all of their flash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind
from ovmfgui.layout.columns import Area, LayoutColumn, areas_of
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.comparison import Comparison
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.inspection import Inspection


@dataclass(frozen=True)
class Sides:
    """Both columns, and what their areas stand for.

    Attributes:
        columns: A and B.
        places: for each side the bytes of an area, where it has any.
        addresses: whether positions are guest addresses.
    """

    columns: tuple[LayoutColumn, LayoutColumn]
    places: tuple[dict[Area, Place], dict[Area, Place]]
    addresses: bool

    def area_at(self, place: Place) -> Area | None:
        """The smallest area of A that holds a place."""
        around = [
            (own.span.size, index)
            for index, own in enumerate(self.places[0].values())
            if own.space == place.space and own.span.covers(place.span)
        ]
        return list(self.places[0])[min(around)[1]] if around else None


def stores(comparison: Comparison) -> Sides | None:
    """What both stores are, or what both CODE images expect; None where a side tells neither."""
    pair = (comparison.first, comparison.second)
    provided = [each.provides for each in pair]
    expected = [each.expects.layout if each.expects is not None else None for each in pair]
    if None not in provided:
        chosen = [(layout, "provides") for layout in provided]
    elif all(layout is not None and layout.fv_length for layout in expected):
        chosen = [(layout, "expects") for layout in expected]
    else:
        chosen = [
            (own, "provides") if own is not None else (wanted, "expects")
            for own, wanted in zip(provided, expected, strict=True)
        ]
    columns: list[LayoutColumn] = []
    for letter, (layout, what) in zip("AB", chosen, strict=True):
        if layout is None or not layout.fv_length:
            return None
        title = f"{letter} {what}"
        note = "the store as it is" if what == "provides" else "what its CODE says"
        columns.append(LayoutColumn(title, note, 0, layout.fv_length, areas_of(layout)))
    left, right = columns
    places = [
        _store_places(inspection, column, layout)
        for inspection, column, (layout, _what) in zip(pair, columns, chosen, strict=True)
    ]
    return Sides((left, right), (places[0], places[1]), addresses=False)


def _store_places(
    inspection: Inspection, column: LayoutColumn, layout: Layout | None
) -> dict[Area, Place]:
    """The bytes of a store's areas; for what CODE expects the bytes that say so."""
    store = inspection.store
    if store is not None and layout is inspection.provides:
        base = store.volume.span.start if store.volume is not None else 0
        return {
            area: Place(store.space, Span(base + area.start, area.size)) for area in column.areas
        }
    told = inspection.expects.evidence if inspection.expects is not None else ()
    found: dict[Area, Place] = {}
    for area in column.areas:
        proofs = (proof.place for proof in told if proof.fact == area.fact)
        place = next((place for place in proofs if place is not None), None)
        if place is not None:
            found[area] = place
    return found


def flash(comparison: Comparison) -> Sides:
    """All of both images, a store's volume by its areas."""
    outlines = [list(_outline(each.map)) for each in (comparison.first, comparison.second)]
    addresses = all(region.address is not None for outline in outlines for region in outline)
    left, right = (
        _flash_column(letter, inspection, outline, addresses=addresses)
        for letter, inspection, outline in zip(
            "AB", (comparison.first, comparison.second), outlines, strict=True
        )
    )
    return Sides((left[0], right[0]), (left[1], right[1]), addresses)


def _outline(regions: tuple[Region, ...]) -> Iterator[Region]:
    for region in regions:
        if region.kind is Kind.NV_VOLUME and region.children:
            yield from region.children
        else:
            yield region


def _flash_column(
    letter: str, inspection: Inspection, outline: list[Region], *, addresses: bool
) -> tuple[LayoutColumn, dict[Area, Place]]:
    starts = _stacked(inspection)
    at = {
        id(region): region.address
        if addresses and region.address is not None
        else starts[region.place.space] + region.span.start
        for region in outline
    }
    outline = sorted(outline, key=lambda region: at[id(region)])
    base = min(at.values(), default=0)
    areas = {
        Area(region.name, region.kind, "", at[id(region)] - base, region.span.size): region.place
        for region in outline
        if region.span.size
    }
    end = max((area.start + area.size for area in areas), default=0)
    role = {"pair": "CODE and VARS", "blank": "a blank file"}.get(
        str(inspection.image.role), str(inspection.image.role).upper()
    )
    column = LayoutColumn(f"{letter}: all of it", role, base, end, tuple(areas), whole="flash")
    return column, areas


def _stacked(inspection: Inspection) -> list[int]:
    """Where each file begins if they lie on one another without addresses, the first on top."""
    starts, below = [0] * len(inspection.image.files), 0
    for index in reversed(range(len(starts))):
        starts[index] = below
        below += inspection.image.files[index].size
    return starts
