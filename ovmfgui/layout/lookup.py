"""One box for an offset, a guest address, a GUID or a name: what it may mean, and where that is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import dataclass
from ovmfgui.guid import guid_name
from ovmfgui.nvram.faults import visible_name
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection

_MOST_NAMES = 4000


@dataclass(frozen=True, slots=True)
class Target:
    """A place with the name it goes by."""

    name: str
    place: Place


def named_targets(inspection: Inspection) -> Iterator[Target]:
    """All that has a name: variables first, then regions of the map."""
    store = inspection.store
    if store is not None:
        for record in store.live:
            yield Target(visible_name(record.name), Place(store.space, record.span))
    for root in inspection.map:
        for region in root.walk():
            yield Target(region.name, region.place)


def completions(inspection: Inspection) -> list[str]:
    """Names to offer while somebody types; each once."""
    names: dict[str, None] = {}
    for target in named_targets(inspection):
        names.setdefault(target.name)
        if len(names) >= _MOST_NAMES:
            break
    return list(names)


def find_place(inspection: Inspection, text: str, space: int) -> Place:
    """The bytes that ``text`` means.

    Args:
        inspection: what is open.
        text: a hex number (with or without 0x; decimal with a trailing ``d``), which is an offset
            in ``space`` where it lies inside, a guest address otherwise; a GUID; a name or a part
            of one.
        space: the space that offsets are meant in.

    Raises:
        Refused: nothing of that kind, in one line.
    """
    wanted = text.strip()
    if not wanted:
        msg = "Type an offset, a guest address, a GUID or the name of a variable."
        raise Refused(msg)
    exact = _by_name(inspection, wanted, exactly=True)
    if exact is not None:
        return exact
    guid = _as_guid(wanted)
    if guid is not None:
        return _by_guid(inspection, guid)
    number = _as_number(wanted)
    if number is not None:
        return _by_number(inspection, number, space)
    part = _by_name(inspection, wanted, exactly=False)
    if part is None:
        msg = f"Nothing here is called “{wanted}”; give an offset, an address, a GUID or a name."
        raise Refused(msg)
    return part


def _as_guid(text: str) -> UUID | None:
    if len(text.strip("{}").replace("-", "")) != 32:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _as_number(text: str) -> int | None:
    plain = text.replace("_", "").replace(",", "")
    try:
        if plain[-1] in "dD" and plain[:-1].isdigit() and not plain.startswith("0"):
            return int(plain[:-1])
        return int(plain, 16)
    except ValueError:
        return None


def _by_name(inspection: Inspection, wanted: str, *, exactly: bool) -> Place | None:
    folded = wanted.casefold()
    for target in named_targets(inspection):
        name = target.name.casefold()
        if name == folded or (not exactly and folded in name):
            return target.place
    return None


def _by_guid(inspection: Inspection, guid: UUID) -> Place:
    for root in inspection.map:
        for region in root.walk():
            if region.guid == guid:
                return region.place
    name = guid_name(guid)
    msg = f"Nothing here has the GUID {guid}{f' ({name})' if name else ''}."
    raise Refused(msg)


def _by_number(inspection: Inspection, number: int, space: int) -> Place:
    spaces = inspection.image.spaces
    if 0 <= space < len(spaces) and number < len(spaces[space].data):
        return Place(space, Span(number, 1))
    for region in inspection.map:
        place = _at_address(region, number)
        if place is not None:
            return place
    size = len(spaces[space].data) if space < len(spaces) else 0
    msg = f"0x{number:X} is no offset here (0 to 0x{max(size - 1, 0):X}) and no guest address."
    raise Refused(msg)


def _at_address(region: Region, address: int) -> Place | None:
    if region.address is None or not 0 <= address - region.address < region.span.size:
        return None
    return Place(region.place.space, Span(region.span.start + address - region.address, 1))
