"""One question to all that is open: names, text, bytes and GUIDs, in files and unpacked bodies."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind, address_of, innermost
from ovmfgui.flash.search import Needle, Notation, find_in, needle
from ovmfgui.guid import guid_name
from ovmfgui.layout.lookup import named_targets
from ovmfgui.nvram.faults import visible_name
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.progress import Report
    from ovmfgui.span import Place

MOST = 5000
"""Where a search ends: nobody reads more, and another letter narrows it."""

_HEX = re.compile(r"\s*(?:0x)?(?:[0-9A-Fa-f?]{2}[\s,:-]*){2,}")


@dataclass(frozen=True, slots=True)
class Found:
    """One place.

    Attributes:
        what: how it was found: by its name, as text, as UCS-2 text, as bytes, as a GUID.
        place: the bytes.
        space: which file or unpacked body, in words.
        path: the regions around it, outermost first.
    """

    what: str
    place: Place
    space: str
    path: tuple[Region, ...]

    @property
    def address(self) -> int | None:
        """Guest address of its first byte; None in an unpacked body."""
        return address_of(self.path, self.place)

    @property
    def item(self) -> str:
        """What it is: the file that holds it and what it is in there, or the variable."""
        own = [region for region in self.path if region.place.space == self.place.space]
        names = [region.name for region in (self.file, *own[-2:]) if region is not None]
        return " › ".join(dict.fromkeys(names))

    @property
    def file(self) -> Region | None:
        """The innermost firmware file that holds it; None where none does."""
        return next((r for r in reversed(self.path) if r.kind is Kind.FILE), None)


def readings(text: str) -> list[tuple[str, Needle]]:
    """What is typed may be text in two codings, a GUID, or bytes in hex: all that it can be."""
    found: list[tuple[str, Needle]] = []
    for what, notation in (("GUID", Notation.GUID), ("bytes", Notation.HEX)):
        if notation is Notation.HEX and not _HEX.fullmatch(text):
            continue
        try:
            found.append((what, needle(notation, text)))
        except Refused:
            continue
    for what, coded in (("text", text.encode()), ("UCS-2 text", text.encode("utf-16-le"))):
        pattern = re.compile(re.escape(coded), re.IGNORECASE | re.DOTALL)
        found.append((what, Needle(pattern, len(coded))))
    return found


def search(inspection: Inspection, text: str, report: Report) -> tuple[Found, ...]:
    """Everything that ``text`` is the name of or stands in; names first, each place once.

    Args:
        inspection: of what is open.
        text: as it was typed; letter case does not count.
        report: told how far it is; it may raise, to end the search.
    """
    text = text.strip()
    if not text:
        return ()
    seen: set[Place] = set()
    found = []
    for each in _all(inspection, text, report):
        if each.place not in seen:
            seen.add(each.place)
            found.append(each)
            if len(found) >= MOST:
                break
    return tuple(found)


def _all(inspection: Inspection, text: str, report: Report) -> Iterator[Found]:
    image, regions = inspection.image, inspection.map
    titles = [image.title_of(space) for space in range(len(image.spaces))]

    def found(what: str, place: Place) -> Found:
        return Found(what, place, titles[place.space], innermost(regions, place))

    yield from (found("name", place) for place in _named(inspection, text.casefold()))
    for what, wanted in readings(text):
        yield from (found(what, place) for place in islice(find_in(image, wanted, report), MOST))


def _named(inspection: Inspection, text: str) -> Iterator[Place]:
    """Variables, regions, and what has a GUID of such a name."""
    for target in named_targets(inspection):
        if text in visible_name(target.name).casefold():
            yield target.place
    for root in inspection.map:
        for region in root.walk():
            if region.guid is not None and text in guid_name(region.guid).casefold():
                yield region.place
