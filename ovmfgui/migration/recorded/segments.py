"""What lies where in a file or a chip, for the strips that stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind, Region
from ovmfgui.pflash.contents import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.migration.simulation.step import Step
    from ovmfgui.progress import Report
    from ovmfgui.span import Span

_WHOLE = (Kind.FILE, Kind.PAD_FILE, Kind.RESET_VECTOR)
"""Kinds that a strip shows as one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of bytes of one kind, and the name of what lies there."""

    span: Span
    kind: Kind
    name: str = ""


Charts = dict[Pages, tuple[Segment, ...]]
"""The segments of contents; equal contents share theirs."""


def charts_of(steps: Sequence[Step], report: Report) -> Charts:
    """The segments of everything that holds bytes at any step; slow, for a worker."""
    charts: Charts = {}
    for done, step in enumerate(steps):
        report(done, len(steps), "drawing the maps")
        for _key, contents in step.snapshot.objects():
            if contents not in charts:
                charts[contents] = segments_of(contents)
    return charts


def segments_of(contents: Pages) -> tuple[Segment, ...]:
    """The segments of one file or chip, ascending; empty where no structure is known."""
    # The parsers take a good part of the start's time to import.
    from ovmfgui.flash.image import FlashFile, Format, Role
    from ovmfgui.flash.opening import image_of
    from ovmfgui.flash.role import role_of
    from ovmfgui.nvram.reading import read_store
    from ovmfgui.nvram.regions import nv_volume_region

    data = contents.tobytes()
    role = role_of(data)
    if role is None or role is Role.BLANK:
        return ()
    found: list[Segment] = []
    for region in image_of([FlashFile("", data, Format.RAW, role)]).map:
        store = region.kind is Kind.NV_VOLUME and region.span.start == 0
        found.extend(_segments(nv_volume_region(read_store(data), data) if store else region))
    return tuple(found)


def _segments(region: Region) -> Iterator[Segment]:
    """The finest regions that a strip can show: a store's records, a volume's files."""
    inside = [child for child in region.children if child.place.space == region.place.space]
    if not inside or region.kind in _WHOLE:
        yield Segment(region.span, region.kind, region.name)
        return
    for child in inside:
        yield from _segments(child)
