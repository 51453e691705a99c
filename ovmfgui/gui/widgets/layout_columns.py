"""Two layouts of a variable store as columns on one scale of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
class LayoutColumn:
    """A volume at its place.

    Attributes:
        title: whose idea of the volume this is.
        note: in a few words where it is from.
        base: guest address of the volume's first byte; offsets count from 0 where there is none.
        size: of the volume.
        areas: ascending; what they leave out is not known.
    """

    title: str
    note: str
    base: int
    size: int
    areas: tuple[Area, ...]

    @property
    def end(self) -> int:
        """The address behind the volume."""
        return self.base + self.size

    def boundaries(self) -> dict[str, int]:
        """Where what begins, by name, and where the volume ends."""
        found = {area.name: self.base + area.start for area in self.areas}
        found["end of the volume"] = self.end
        return found


@dataclass(frozen=True, slots=True)
class Join:
    """A boundary that both columns have; they meet where the addresses are equal."""

    name: str
    left: int
    right: int

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
    there = right.boundaries()
    return tuple(
        Join(name, at, there[name]) for name, at in left.boundaries().items() if name in there
    )
