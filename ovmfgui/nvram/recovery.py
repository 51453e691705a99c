"""Getting a damaged store's variables back into a sound store.

The result is a new store of the same layout that holds every variable that can still be read:
firmware would erase some of these stores at the next start, and their variables with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Severity
from ovmfgui.nvram.acceptance import why_not_editable
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME, parse_certdb
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_recovery import recover_json
from ovmfgui.nvram.layouts import LAYOUTS, StoreLayout, layout_of_size
from ovmfgui.nvram.locating import store_offset
from ovmfgui.nvram.pristine import store_header, volume_header
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.reclaim import compacted_records
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN
from ovmfgui.nvram.walk import align
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

_SPARE = "the FTW spare area"
# Findings that mean that some variable could not be read.
_LOSSES = ("store-cut-off", "too-many-records")
# Volume header of one map entry and store header.
_HEADERS = 0x64


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

    @property
    def variables(self) -> tuple[Record, ...]:
        """Those that firmware sees, and those that it does not get to."""
        return (*self.store.live, *self.store.carved)


def recover(data: bytes, layout: StoreLayout | None = None) -> Recovery:
    """Rebuild a store.

    Args:
        data: the damaged file; as it is kept, nothing is changed in it.
        layout: of the new store; told from the damaged one where None.

    Raises:
        Refused: it cannot be told how the store was laid out, or none of it can be read.
    """
    if at := store_offset(data):
        # What lies in front of the store the machine leaves alone, and so does this.
        behind = recover(data[at:], layout)
        return replace(behind, data=data[:at] + behind.data)
    store = read_store(data)
    if store.json is not None:
        found = recover_json(data)
        return Recovery(
            found.data, "its list", "uefi-vars JSON", found.variables, found.notes, found.lost
        )
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
    volume = volume or (None if store.copy is None else store.copy.volume)
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
    """Where the variables are to be had: the place that has the most of them.

    A sound copy in the spare area counts for more than the region where it is to replace it.
    """
    here = _region(data, store, layout, "the variable region")
    if store.copy is None or not (store.volume is None or _replaces(store) or not here.variables):
        return here
    copied = data[store.copy_start :][: layout.variable_size].ljust(layout.fv_length, b"\xff")
    copy = _region(copied, store.copy, layout, _SPARE)
    errors = any(finding.severity is Severity.ERROR for finding in store.copy.findings)
    if not errors and (_replaces(store) or store.volume is None):
        return copy
    return max(here, copy, key=lambda each: len(each.variables))


def _replaces(store: Store) -> bool:
    return store.ftw is not None and store.ftw.pending == "spare-complete"


def _region(data: bytes, store: Store, layout: StoreLayout, name: str) -> _Source:
    """A variable region at the start of ``data``; behind sound headers, if need be new ones."""
    whole = store.region is not None and store.region.size == layout.variable_size
    if whole and store.guid in (AUTHENTICATED, PLAIN):
        return _Source(data, store, name)
    kinds = (store.guid,) if store.guid in (AUTHENTICATED, PLAIN) else (AUTHENTICATED, PLAIN)
    mended = [_with_headers(data, layout, kind) for kind in kinds if kind is not None]
    sources = [
        _Source(each, read_store(each), f"{name}, behind damaged headers") for each in mended
    ]
    return max(sources, key=lambda each: len(each.variables))


def _with_headers(data: bytes, layout: StoreLayout, guid: UUID) -> bytes:
    """The file with sound headers of its layout, for what lies behind them to be read."""
    header = volume_header(layout.fv_length, layout.block_size)
    store = store_header(layout.variable_size - len(header), guid)
    return header + store + data[len(header) + len(store) :]


def _problem(record: Record) -> str | None:
    """Why a variable cannot be kept: firmware hangs on it, or takes the store as corrupt."""
    units = len(record.name.encode("utf-16-le", "surrogatepass"))
    if record.name_span.size % 2 or not 4 <= units + 2 <= record.name_span.size:
        return "its name is damaged"
    if "\0" in record.name:
        return "its name has a NUL in it, and no program can ask for it"
    if record.key == (CERT_DB, CERT_DB_NAME) and parse_certdb(record.data)[1] is not None:
        return "its sizes contradict one another; firmware makes a new one"
    return None


def _kept(store: Store) -> Store:
    """The store with those records alone that can be kept, carved ones at its end."""
    records = (
        *(r for r in store.live if _problem(r) is None),
        *(replace(r, status=Status.LIVE) for r in store.carved if _problem(r) is None),
    )
    return replace(store, records=records)


def _lost(source: _Source) -> tuple[str, ...]:
    store = source.store
    bad = [
        f"{visible_name(record.name) or 'a variable'} at 0x{record.span.start:X}: {problem}"
        for record in source.variables
        if (problem := _problem(record)) is not None
    ]
    told = {record.span.start for record in source.variables}
    have = {record.name for record in source.variables}
    broken = [
        f"{visible_name(name) or 'a variable'} at 0x{start:X}: its record is damaged"
        for start, name in store.broken
        if start not in told and (not name or name not in have)
    ]
    return (*bad, *broken, *(f.text for f in store.findings if f.id in _LOSSES))


def _refuse_nothing(source: _Source, layout: StoreLayout) -> None:
    """An empty store is no recovery of one that had something in it.

    Raises:
        Refused: there is something where the records belong, and no variable in it can be read.
    """
    head = source.store.region.start if source.store.region is not None else 0
    records = source.data[head + _HEADERS : head + layout.variable_size]
    if not source.variables and records.strip(b"\xff"):
        msg = "no variables can be read, neither in the variable region nor in the spare area"
        raise Refused(msg)


def _rebuilt(data: bytes, store: Store, layout: StoreLayout, source: _Source) -> Recovery:
    _refuse_nothing(source, layout)
    records = compacted_records(_kept(source.store), source.data)
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
        lost=_lost(source),
    )
