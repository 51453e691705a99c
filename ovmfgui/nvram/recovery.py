"""Getting a damaged store's variables back into a sound store.

The result is a new store of the same layout that holds every variable that can still be read:
firmware would erase some of these stores at the next start, and their variables with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ovmfgui.nvram.acceptance import why_not_editable
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.layouts import LAYOUTS, StoreLayout, layout_of_size
from ovmfgui.nvram.pristine import store_header, volume_header
from ovmfgui.nvram.reclaim import compacted_records
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.store import Store, read_store
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN
from ovmfgui.nvram.walk import align
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.record import Record

_SPARE = "the FTW spare area"
# Findings that mean that some variable could not be read.
_LOSSES = ("record-overruns", "store-cut-off", "hidden-data", "too-many-records")


@dataclass(frozen=True, slots=True)
class Recovery:
    """A store rebuilt.

    Attributes:
        data: the new file.
        source: where the variables were read from, in words.
        layout: name of the layout of the new store.
        variables: how many it holds.
        notes: what was found wrong and mended, one sentence each.
        lost: what could not be kept, one line each.
    """

    data: bytes
    source: str
    layout: str
    variables: int
    notes: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What the new file is, for a person: to stand behind its name."""
        held = count(self.variables, "variable")
        return f"a sound store of the layout {self.layout} with {held}, read from {self.source}"


@dataclass(frozen=True, slots=True)
class _Source:
    """Bytes that hold a variable region at their start, and what was read there."""

    data: bytes
    store: Store
    name: str


def recover(data: bytes, layout: StoreLayout | None = None) -> Recovery:
    """Rebuild a store.

    Args:
        data: the damaged file; as it is kept, nothing is changed in it.
        layout: of the new store; told from the damaged one where None.

    Raises:
        Refused: it cannot be told how the store was laid out, or none of it can be read.
    """
    store = read_store(data)
    if store.blank is not None:
        return _formatted(data, store, layout)
    layout = layout or _layout(data, store)
    if layout is None:
        msg = (
            "it cannot be told how this store was laid out; name the layout "
            f"({', '.join(each.name for each in LAYOUTS)})"
        )
        raise Refused(msg)
    source = _source(data, store, layout)
    return _rebuilt(data, store, layout, source)


def _formatted(data: bytes, store: Store, layout: StoreLayout | None) -> Recovery:
    layout = layout or layout_of_size(len(data))
    if layout is None:
        names = ", ".join(each.name for each in LAYOUTS)
        msg = f"a blank file of {len(data):,} bytes is the template of no build; name one ({names})"
        raise Refused(msg)
    notes = tuple(finding.text for finding in store.findings)
    new = layout.file_with(layout.volume(), data)
    return Recovery(new, "nothing, it was blank", layout.name, 0, notes, ())


def _layout(data: bytes, store: Store) -> StoreLayout | None:
    """The layout that the file itself has, as far as it can be told."""
    volume, region, ftw = store.volume, store.region, store.ftw
    if ftw is not None:
        found = [each for each in LAYOUTS if each.ftw_working_offset == ftw.working.start]
        if len(found) == 1:
            return found[0]
    if (known := layout_of_size(len(data))) is not None:
        return known
    if volume is not None:
        found = [
            each
            for each in LAYOUTS
            if volume.fv_length == each.fv_length
            or (region is not None and region.size == each.variable_size)
        ]
        if len(found) == 1:
            return found[0]
    return None


def _source(data: bytes, store: Store, layout: StoreLayout) -> _Source:
    """Where the variables are to be had: the spare area where a write was half done, else here."""
    if store.ftw is not None and store.ftw.spare is not None:
        copy = data[store.ftw.spare.start : store.ftw.spare.end]
        # The copy says the length of the whole volume, and ends with the variable region.
        in_spare = read_store(copy[: layout.variable_size].ljust(layout.fv_length, b"\xff"))
        sound = in_spare.volume is not None and in_spare.volume.checksum_ok
        complete = store.ftw.pending == "spare-complete"
        if sound and in_spare.header_span is not None and (complete or store.volume is None):
            return _Source(copy, in_spare, _SPARE)
        if complete:
            msg = "an FTW write is half done, and its copy in the spare area is damaged itself"
            raise Refused(msg)
    whole = store.region is not None and store.region.size == layout.variable_size
    if whole and store.guid in (AUTHENTICATED, PLAIN):
        return _Source(data, store, "the variable region")
    mended = _with_headers(data, layout, PLAIN if store.guid == PLAIN else AUTHENTICATED)
    again = read_store(mended)
    if not again.records:
        msg = "no variables can be read, neither in the variable region nor in the spare area"
        raise Refused(msg)
    return _Source(mended, again, "the variable region, behind damaged headers")


def _with_headers(data: bytes, layout: StoreLayout, guid: UUID) -> bytes:
    """The file with sound headers of its layout, for what lies behind them to be read."""
    header = volume_header(layout.fv_length, layout.block_size)
    store = store_header(layout.variable_size - len(header), guid)
    return header + store + data[len(header) + len(store) :]


def _has_sound_name(record: Record) -> bool:
    """Whether firmware takes the name: whole code units, not empty, with a NUL behind."""
    units = len(record.name.encode("utf-16-le", "surrogatepass"))
    return record.name_span.size % 2 == 0 and 4 <= units + 2 <= record.name_span.size


def _without_bad_names(store: Store) -> tuple[Store, tuple[Record, ...]]:
    """The store without live records whose names firmware does not take, and those records."""
    bad = tuple(r for r in store.live if not _has_sound_name(r))
    records = tuple(
        r
        for r in store.records
        if r.status not in (Status.LIVE, Status.SHADOWED) or _has_sound_name(r)
    )
    return replace(store, records=records), bad


def _lost(source: Store, bad: tuple[Record, ...]) -> tuple[str, ...]:
    names = tuple(
        f"{visible_name(r.name) or 'a variable'} at 0x{r.span.start:X}: its name is damaged"
        for r in bad
    )
    return names + tuple(f.text for f in source.findings if f.id in _LOSSES)


def _rebuilt(data: bytes, store: Store, layout: StoreLayout, source: _Source) -> Recovery:
    kept, bad = _without_bad_names(source.store)
    records = compacted_records(kept, source.data)
    volume = source.store.volume
    if volume is not None and not volume.findings and volume.fv_length == layout.fv_length:
        # A header that ARM firmware wrote itself differs from that of a build and is as good.
        header = volume.header_span.of(source.data)
    else:
        header = volume_header(layout.fv_length, layout.block_size)
    guid = source.store.guid if source.store.guid == PLAIN else AUTHENTICATED
    head = header + store_header(layout.variable_size - len(header), guid)
    head = head.ljust(align(len(head)), b"\xff")
    if len(head) + len(records) > layout.variable_size:
        msg = (
            f"the variables have {len(records):,} bytes, and a store of the layout {layout.name} "
            f"holds {layout.variable_size - len(head):,}"
        )
        raise Refused(msg)
    region = (head + records).ljust(layout.variable_size, b"\xff")
    new = layout.file_with(region + layout.volume()[layout.variable_size :], data)
    checked = read_store(new)
    if (problem := why_not_editable(checked)) is not None:
        msg = f"the store could not be rebuilt: {problem}"
        raise Refused(msg)
    return Recovery(
        data=new,
        source=source.name,
        layout=layout.name,
        variables=len(checked.live),
        notes=tuple(finding.text for finding in store.findings),
        lost=_lost(source.store, bad),
    )
