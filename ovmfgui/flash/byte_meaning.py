"""What the bytes of a space mean: runs with a name each, and words for one byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind, Region, innermost
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.fields import Field


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of bytes with a meaning.

    Attributes:
        span: the bytes.
        kind: gives the fill.
        name: what they are, as a tooltip says it.
    """

    span: Span
    kind: Kind
    name: str


def marks_of(regions: tuple[Region, ...], space: int) -> list[Mark]:
    """The innermost regions of one space as marks."""
    marks: list[Mark] = []
    for region in _leaves(regions, space):
        header = _header_of(region)
        if header is not None:
            marks.append(Mark(header, Kind.HEADER, region.name))
            marks.append(Mark(Span.between(header.end, region.span.end), region.kind, region.name))
        elif region.kind is not Kind.FREE:
            marks.append(Mark(region.span, region.kind, region.name))
    return [mark for mark in marks if mark.span.size]


def _header_of(region: Region) -> Span | None:
    if region.kind is not Kind.VARIABLE or not region.fields:
        return None
    header = Span.between(region.span.start, region.fields[-1].span.end)
    return header if region.span.covers(header) else None


def _leaves(regions: tuple[Region, ...], space: int) -> Iterator[Region]:
    for region in regions:
        inside = tuple(child for child in region.children if child.place.space == space)
        if region.place.space == space and not inside:
            yield region
        # Those of another space may hold, further down, regions of this one.
        yield from _leaves(region.children, space)


def field_at(path: tuple[Region, ...], offset: int) -> Field | None:
    """The field of the innermost region on ``path`` that has the byte at ``offset``."""
    for region in reversed(path):
        for field in region.fields:
            if offset in field.span and region.place.space == path[-1].place.space:
                return field
    return None


def describe(regions: tuple[Region, ...], space: int, offset: int) -> str:
    """What the byte at ``offset`` is: its field, and the regions around it."""
    path = innermost(regions, Place(space, Span(offset, 1)))
    if not path:
        return ""
    lines = []
    field = field_at(path, offset)
    if field is not None:
        note = f"  ({field.note})" if field.note else ""
        lines.append(f"{field.name} = {field.text}{note}")
    here = [region.name for region in path if region.place.space == space]
    lines.append(" › ".join(here[-3:]))
    return "\n".join(lines)
