"""Taking parts out of an image: whole, without their header, or unpacked."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.flash.region import Kind, Region, innermost
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.image import Image


class Part(StrEnum):
    """What of an item is taken."""

    WHOLE = "whole"
    BODY = "body"
    UNPACKED = "unpacked"


def extract(image: Image, region: Region, part: Part) -> bytes:
    """The bytes of an item.

    Raises:
        Refused: nothing in the item is packed, and what it unpacks to was asked for.
    """
    if part is Part.WHOLE:
        return image.bytes_at(region.place)
    if part is Part.BODY:
        headers = [child for child in region.children if child.kind is Kind.HEADER]
        start = headers[0].span.end if headers else region.span.start
        return image.bytes_at(Place(region.place.space, Span.between(start, region.span.end)))
    unpacked = next((r for r in region.walk() if r.kind is Kind.DECOMPRESSED), None)
    if unpacked is None:
        msg = f"{region.name} holds nothing that is packed; take it whole, or its body"
        raise Refused(msg)
    return image.spaces[unpacked.place.space].data


def find_items(regions: tuple[Region, ...], wanted: str) -> Iterator[Region]:
    """Items by GUID, by name (letter case does not matter) or by offset in the first file.

    An offset names the innermost item around it.
    """
    try:
        guid: UUID | None = UUID(wanted)
    except ValueError:
        guid = None
    if guid is None and wanted.lower().startswith("0x"):
        try:
            place = Place(0, Span(int(wanted, 16), 1))
        except ValueError:
            return
        path = innermost(regions, place)
        yield from path[-1:]
        return
    for root in regions:
        for region in root.walk():
            if region.guid == guid if guid else region.name.lower() == wanted.lower():
                yield region
