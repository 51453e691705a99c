"""Two images or pairs side by side: constants, regions, variables, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.difference import differing
from ovmfgui.flash.image import Role
from ovmfgui.flash.region import Kind, Region
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.words import FACT_NAMES
from ovmfgui.nvram.difference import VariableDifference, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.span import Span

_UNFOLDED = (Kind.NV_VOLUME,)


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """A constant of the layout as both images have it; None where it is not known.

    ``expected`` is what each side's CODE expects, ``provided`` what each side's VARS provides.
    """

    fact: str
    expected: tuple[Any, Any]
    provided: tuple[Any, Any]

    @property
    def name(self) -> str:
        """What the constant is called in sentences."""
        return FACT_NAMES[self.fact]

    @property
    def differs(self) -> bool:
        """Whether any two of the known values are not the same."""
        known = {value for value in (*self.expected, *self.provided) if value is not None}
        return len(known) > 1


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region that both images have, or one of them alone."""

    first: Region | None
    second: Region | None

    @property
    def name(self) -> str:
        """What the region is called; the same on both sides."""
        region = self.first or self.second
        return region.name if region is not None else ""

    @property
    def moved(self) -> bool:
        """Whether it lies elsewhere, measures otherwise, or is missing on one side."""
        if self.first is None or self.second is None:
            return True
        return _frame(self.first) != _frame(self.second)


@dataclass(frozen=True, slots=True)
class FileRow:
    """The files of one role: how many bytes differ, and where.

    Attributes:
        role: of the first image's file.
        runs: the bytes that differ, at the same offsets in both.
        spaces: of the file in the first and in the second image.
    """

    role: Role
    runs: tuple[Span, ...]
    spaces: tuple[int, int]

    @property
    def differing(self) -> int:
        """Bytes that are not the same, those that only one file has among them."""
        return sum(run.size for run in self.runs)


@dataclass(frozen=True)
class Comparison:
    """Two inspections held against each other; rows that differ come first in ``constants``."""

    first: Inspection
    second: Inspection
    constants: tuple[ConstantRow, ...]
    regions: tuple[RegionRow, ...]
    variables: tuple[VariableDifference, ...]
    files: tuple[FileRow, ...]

    @property
    def same(self) -> bool:
        """Whether no byte differs and no region lies elsewhere."""
        return not any(row.runs for row in self.files) and not any(r.moved for r in self.regions)


def compare(first: Inspection, second: Inspection) -> Comparison:
    """Compare two images or pairs."""
    variables: tuple[VariableDifference, ...] = ()
    if first.store is not None and second.store is not None:
        variables = tuple(differences(first.store, second.store))
    return Comparison(
        first,
        second,
        _constants(first, second),
        tuple(_rows(_outline(first.map), _outline(second.map))),
        variables,
        tuple(_files(first, second)),
    )


def _constants(first: Inspection, second: Inspection) -> tuple[ConstantRow, ...]:
    expected = [i.expects.layout if i.expects else Layout() for i in (first, second)]
    provided = [i.provides or Layout() for i in (first, second)]
    rows = [
        ConstantRow(
            fact,
            (getattr(expected[0], fact), getattr(expected[1], fact)),
            (getattr(provided[0], fact), getattr(provided[1], fact)),
        )
        for fact in FACT_NAMES
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _outline(regions: Iterable[Region]) -> Iterator[Region]:
    """The regions that are laid side by side: volumes, and what a store's volume consists of."""
    for region in regions:
        if region.kind in _UNFOLDED and region.children:
            yield from region.children
        else:
            yield region


def _rows(first: Iterable[Region], second: Iterable[Region]) -> Iterator[RegionRow]:
    """Regions of the same name and kind side by side, in the order of the first image."""
    left = list(second)
    for region in first:
        match = next((r for r in left if (r.name, r.kind) == (region.name, region.kind)), None)
        if match is not None:
            left.remove(match)
        yield RegionRow(region, match)
    for region in left:
        yield RegionRow(None, region)


def _frame(region: Region) -> tuple[int, int, int | None]:
    return region.span.start, region.span.size, region.address


def _files(first: Inspection, second: Inspection) -> Iterator[FileRow]:
    for index, file in enumerate(first.image.files):
        stores = (Role.VARS, Role.BLANK)
        roles = stores if file.role in stores else (file.role,)
        other = second.image.file_with(*roles)
        if other is not None:
            runs = differing(file.data, second.image.files[other].data)
            yield FileRow(file.role, tuple(runs), (index, other))
