"""Two layouts of a variable store as columns on one scale of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind

if TYPE_CHECKING:
    from ovmfgui.layout.constants import Layout


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a store's volume.

    Attributes:
        name: in words.
        kind: gives the colour.
        fact: the constant of ``Layout`` that says where it begins.
        start: offset from the start of the volume.
        size: in bytes.
    """

    name: str
    kind: Kind
    fact: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line in a column.

    Attributes:
        name: what it is the same line as in another column by.
        says: what happens there, in words.
        address: where it is.
    """

    name: str
    says: str
    address: int


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """A volume at its place.

    Attributes:
        title: whose idea of the volume this is.
        note: in a few words where it is from.
        base: guest address of the volume's first byte; offsets count from 0 where there is none.
        size: of the volume.
        areas: ascending; what they leave out is not known.
        whole: what it is a column of.
    """

    title: str
    note: str
    base: int
    size: int
    areas: tuple[Area, ...]
    whole: str = "volume"

    @property
    def end(self) -> int:
        """The address behind the volume."""
        return self.base + self.size

    def boundaries(self) -> tuple[Boundary, ...]:
        """Where what begins or ends; each name once."""
        found: dict[str, Boundary] = {}
        for area in self.areas:
            start = self.base + area.start
            if area.kind is Kind.VARIABLE_REGION:
                end = Boundary("end of the variables", "variables end", start + area.size)
                found.setdefault(end.name, end)
            found.setdefault(area.name, Boundary(area.name, f"{area.name} begins", start))
        end = Boundary("end of the volume", f"{self.whole} ends", self.end)
        return (*found.values(), end)


@dataclass(frozen=True, slots=True)
class Join:
    """A boundary that both columns have; they meet where the addresses are equal."""

    name: str
    says: str
    left: int
    right: int

    @property
    def distance(self) -> int:
        """How far apart both are, in bytes."""
        return abs(self.left - self.right)

    @property
    def meets(self) -> bool:
        """Whether it lies at the same address in both."""
        return self.left == self.right


def areas_of(layout: Layout) -> tuple[Area, ...]:
    """The areas that a layout tells the place and size of."""
    parts = (
        ("variable region", Kind.VARIABLE_REGION, "variable_size", 0, layout.variable_size),
        (
            "event log",
            Kind.EVENT_LOG,
            "event_log_offset",
            layout.event_log_offset,
            layout.event_log_size,
        ),
        (
            "FTW working block",
            Kind.FTW_WORKING,
            "ftw_working_offset",
            layout.ftw_working_offset,
            layout.ftw_working_size,
        ),
        (
            "FTW spare area",
            Kind.FTW_SPARE,
            "ftw_spare_offset",
            layout.ftw_spare_offset,
            layout.ftw_spare_size,
        ),
    )
    found = tuple(
        Area(name, kind, fact, start, size)
        for name, kind, fact, start, size in parts
        if start is not None and size
    )
    if found or not layout.fv_length:
        return found
    return (Area("whole volume", Kind.NV_VOLUME, "fv_length", 0, layout.fv_length),)


def joins_of(left: LayoutColumn, right: LayoutColumn) -> tuple[Join, ...]:
    """The boundaries that both columns know."""
    there = {boundary.name: boundary.address for boundary in right.boundaries()}
    return tuple(
        Join(each.name, each.says, each.address, there[each.name])
        for each in left.boundaries()
        if each.name in there
    )
