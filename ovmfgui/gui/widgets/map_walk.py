"""Where a person is on a flash map: what has been stepped into, what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.region import Kind, Region, innermost
from ovmfgui.gui.widgets.map_model import (
    Part,
    covers,
    crowded,
    inside,
    stacked,
    trail_to,
    with_preview,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ovmfgui.span import Place


class MapWalk:
    """The steps through a map; knows nothing of pixels.

    Attributes:
        parts: the parts, from the top down.
        trail: the regions stepped into; the lens shows the inside of the last two.
        path: the regions around the selection, outermost first; empty where nothing is selected.
    """

    def __init__(self) -> None:
        self.parts: tuple[Part, ...] = ()
        self.trail: tuple[Region, ...] = ()
        self.path: tuple[Region, ...] = ()
        self._columns: tuple[tuple[Region, tuple[Region, ...]], ...] = ()

    @property
    def roots(self) -> tuple[Region, ...]:
        """The top-level regions of all parts."""
        return tuple(region for part in self.parts for region in part.regions)

    @property
    def spaces(self) -> frozenset[int]:
        """The spaces that the overview shows to scale."""
        return frozenset(part.space for part in self.parts)

    @property
    def columns(self) -> tuple[tuple[Region, tuple[Region, ...]], ...]:
        """The lens: up to two columns, each with its owner and what is inside it, ascending."""
        return self._columns

    @property
    def areas(self) -> tuple[Region, ...]:
        """What the overview names, from the lowest part up."""
        return tuple(area for part in reversed(self.parts) for area in part.areas)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of region in sight, in the order of ``Kind``."""
        shown = {area.kind for area in self.areas}
        shown |= {item.kind for _owner, items in self._columns for item in items}
        return tuple(kind for kind in Kind if kind in shown)

    @property
    def deeper(self) -> bool:
        """Whether there is a step to go back by before the first lens column."""
        return len(self.trail) > 2

    def set_parts(self, parts: Iterable[Part]) -> None:
        """Other parts, or the same after an edit: the lens stays where it still can be."""
        place = self.trail[-1].place if self.trail else None
        chosen = self.path[-1].place if self.path else None
        self.parts = stacked(parts)
        around = innermost(self.roots, place) if place is not None else ()
        same = bool(around) and around[-1].place == place
        self.go(trail_to(around) if same else crowded(self.roots))
        self.path = innermost(self.roots, chosen) if chosen is not None else ()

    def go(self, trail: tuple[Region, ...]) -> None:
        """Step into ``trail``; where that is one region, look into what it holds as well."""
        self.trail = with_preview(trail)
        inner = ((owner, inside(owner)) for owner in self.trail[-2:])
        self._columns = tuple((owner, items) for owner, items in inner if items)

    def select(self, place: Place | None) -> None:
        """Select the innermost region around ``place`` and step to where it can be seen."""
        self.path = innermost(self.roots, place) if place is not None else ()
        trail = trail_to(self.path)
        if len(trail) == 1:
            self.go(trail)
        elif trail and self.column_of(trail[-1]) is None:
            self.go(trail if inside(trail[-1]) else trail[:-1])

    def choose(self, region: Region) -> None:
        """A person selects a region that is in sight."""
        column = self.column_of(region)
        if column == 0 and inside(region):
            owner = self._columns[0][0]
            index = next(i for i, step in enumerate(self.trail) if step is owner)
            self.go((*self.trail[: index + 1], region))
        elif column is None:
            trail = trail_to(innermost(self.roots, region.place))
            index = _index(trail, region)
            if inside(region):
                self.go(trail[: index + 1])
            else:
                self.go(trail[:index] or trail)
        around = innermost(self.roots, region.place)
        self.path = around[: _index(around, region) + 1]

    def column_of(self, region: Region) -> int | None:
        """The innermost lens column that shows ``region``; None where neither does."""
        for index in reversed(range(len(self._columns))):
            if any(item is region for item in self._columns[index][1]):
                return index
        return None

    def selected(self) -> Callable[[Region], bool]:
        """Tells of a region whether the selection is it, lies in it, or is a wrapper around it.

        Wrappers are not drawn themselves. Asked once for all the blocks of a picture: which region
        is the current one is a search through all of them.
        """
        steps = {id(step) for step in self.path}
        if not self.path or self.path[-1] is self.current:
            return lambda region: id(region) in steps
        whole = self.path[-1].place
        return lambda region: id(region) in steps or covers(whole, region.place)

    @property
    def current(self) -> Region | None:
        """The selected region as it is drawn: in the innermost column that shows it."""
        steps = {id(step) for step in self.path}
        for _owner, items in reversed(self._columns):
            for item in items:
                if id(item) in steps:
                    return item
        return next((area for area in self.areas if id(area) in steps), None)

    def neighbour(self, step: int) -> Region | None:
        """The region beside the selected one, ``step`` 1 for the next higher; None at the end."""
        current = self.current
        column = self.column_of(current) if current is not None else None
        items = self.areas if column is None else self._columns[column][1]
        if not items:
            return None
        if current is None:
            return items[0 if step > 0 else -1]
        index = _index(items, current) + step
        return items[index] if 0 <= index < len(items) else None

    def step_in(self) -> Region | None:
        """Look into the selected region; returns its lowest item, None where there is none."""
        current = self.current
        items = inside(current) if current is not None else ()
        if current is None or not items:
            return None
        trail = trail_to(innermost(self.roots, current.place))
        if not any(step is current for step in trail):
            trail = (*trail, current)
        self.go(trail[: _index(trail, current) + 1])
        return items[0]

    def step_out(self) -> Region | None:
        """Step back by one; returns the region around the selected one, None at the outermost."""
        current = self.current
        if current is None:
            return None
        trail = trail_to(innermost(self.roots, current.place))
        index = _index(trail, current)
        if index <= 0:
            return None
        if index > 1:
            self.go(trail[:index])
        return trail[index - 1]


def _index(regions: tuple[Region, ...], wanted: Region) -> int:
    return next((i for i, region in enumerate(regions) if region is wanted), len(regions) - 1)
