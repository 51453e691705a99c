"""What CODE expects of the store, and what the store is, as two columns."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Role
from ovmfgui.layout.columns import LayoutColumn, areas_of
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from ovmfgui.layout.columns import Area
    from ovmfgui.layout.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Agreement:
    """The two columns.

    Attributes:
        expected: what CODE expects, where it looks for it.
        provided: what the store is, where QEMU maps it.
        addresses: whether both bases are guest addresses.
    """

    expected: LayoutColumn
    provided: LayoutColumn
    addresses: bool


def agreement_of(inspection: Inspection | None) -> Agreement | None:
    """The columns; None where one side is not known."""
    if inspection is None or inspection.expects is None or inspection.provides is None:
        return None
    wanted, found = inspection.expects.layout, inspection.provides
    if not wanted.fv_length or not found.fv_length:
        return None
    expected_base, provided_base = _bases(inspection, wanted.fv_length)
    addresses = expected_base is not None and provided_base is not None
    image = inspection.image
    code = image.file_with(Role.CODE, Role.UNIFIED)
    store = image.file_with(Role.VARS, Role.UNIFIED)
    return Agreement(
        LayoutColumn(
            "CODE expects",
            os.path.basename(image.files[code].path) if code is not None else "",
            expected_base if addresses and expected_base is not None else 0,
            wanted.fv_length,
            areas_of(wanted),
        ),
        LayoutColumn(
            "VARS provides",
            os.path.basename(image.files[store].path) if store is not None else "",
            provided_base if addresses and provided_base is not None else 0,
            found.fv_length,
            areas_of(found),
        ),
        addresses,
    )


def _bases(inspection: Inspection, fv_length: int) -> tuple[int | None, int | None]:
    """Guest addresses where CODE looks for its store, and where the store lies."""
    image = inspection.image
    code, store = image.file_with(Role.CODE), image.file_with(Role.VARS, Role.UNIFIED)
    first = {region.place.space: region.address for region in reversed(inspection.map)}
    there = first.get(store) if store is not None else None
    if code is None:
        return there, there
    code_base = first.get(code)
    if image.architecture is not None and image.architecture.is_x86 and code_base is not None:
        # CODE ends at 4 GiB, and looks for its store right below itself.
        return code_base - fv_length, there
    return there, there


def place_of(inspection: Inspection, side: int, area: Area) -> Place | None:
    """The bytes of an area: at the right (1) its own, at the left the bytes in CODE that say so."""
    if side == 1:
        store = inspection.image.file_with(Role.VARS, Role.UNIFIED)
        return Place(store, Span(area.start, area.size)) if store is not None else None
    evidence = inspection.expects.evidence if inspection.expects is not None else ()
    told = (proof.place for proof in evidence if proof.fact == area.fact)
    return next((place for place in told if place is not None), None)
