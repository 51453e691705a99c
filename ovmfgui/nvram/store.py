"""The variable store of a VARS file, read by firmware's own rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ovmfgui.fields import Field, read_fields
from ovmfgui.flash.fill import fill_of
from ovmfgui.nvram.authenticated import note_certdb
from ovmfgui.nvram.faults import note_faults
from ovmfgui.nvram.ftw import SEARCH_LIMIT, FtwArea, read_ftw
from ovmfgui.nvram.locating import Located, nv_volumes, store_offset
from ovmfgui.nvram.noticed import Noticed
from ovmfgui.nvram.record import Record, Status
from ovmfgui.nvram.structures import (
    AUTHENTICATED,
    PLAIN,
    STORE_FORMATTED,
    STORE_HEADER,
    STORE_HEADER_SIZE,
    STORE_HEALTHY,
)
from ovmfgui.nvram.volume import SMALLEST_HEADER, Volume, read_volume
from ovmfgui.nvram.walk import align, note_tail, walk_records
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from ovmfgui.finding import Finding

Blank = Literal["zero", "erased"]

_FILLS: dict[int | None, Blank] = {0x00: "zero", 0xFF: "erased"}


class Gauge(NamedTuple):
    """How the space for variables is spent, in bytes; the first three add up to the last.

    ``dead`` is what compaction would win back: superseded, deleted and torn records.
    """

    live: int
    dead: int
    free: int
    total: int


@dataclass(frozen=True)
class Store:
    """A variable store as it stands in the bytes; spans are in ``space``.

    Attributes:
        space: the space that all spans are in.
        volume: the firmware volume around it; None where no header could be read.
        header_span: VARIABLE_STORE_HEADER; None where there is none.
        guid: its Signature.
        size: its Size as stored: from the store header to the store's end, in bytes.
        format: its Format byte.
        state: its State byte.
        authenticated: whether records have authenticated headers.
        records: every record in list order, dead and torn ones too.
        end: offset of the end of the record list, where firmware writes the next record.
        region: volume header and variable store as far as Size says (and the volume reaches).
        ftw: the FTW areas; None where no working block was found.
        blank: what the file is full of where it is full of nothing.
        findings: all that was noticed.
        fields: of the store header.
    """

    space: int
    volume: Volume | None
    header_span: Span | None
    guid: UUID | None
    size: int | None
    format: int | None
    state: int | None
    authenticated: bool
    records: tuple[Record, ...]
    end: int
    region: Span | None
    ftw: FtwArea | None
    blank: Blank | None
    findings: tuple[Finding, ...]
    fields: tuple[Field, ...] = ()

    @property
    def free(self) -> Span | None:
        """From the end of the list to the end of the store; None where there is no store."""
        return None if self.region is None else Span.between(self.end, self.region.end)

    @cached_property
    def live(self) -> tuple[Record, ...]:
        """The variables that firmware sees, in list order."""
        return tuple(r for r in self.records if r.status is Status.LIVE)

    @cached_property
    def by_key(self) -> Mapping[tuple[UUID, str], Record]:
        """The variables that firmware sees, by GUID and name."""
        return {record.key: record for record in self.live}

    @cached_property
    def gauge(self) -> Gauge:
        """How the space for variables is spent."""
        if self.region is None or self.header_span is None or self.free is None:
            return Gauge(0, 0, 0, 0)
        live = sum(record.span.size for record in self.live)
        total = self.region.end - self.header_span.end
        return Gauge(live, total - live - self.free.size, self.free.size, total)

    def find(self, name: str, guid: UUID | None = None) -> Record | None:
        """The live variable of that name, the first of any GUID where none is given."""
        if guid is not None:
            return self.by_key.get((guid, name))
        return next((record for record in self.live if record.name == name), None)


def blank_fill(data: bytes) -> Blank | None:
    """Whether ``data`` is all 0x00 or all 0xFF: a template that firmware formats at first start."""
    return _FILLS.get(fill_of(data, Span(0, len(data))))


class _Header(NamedTuple):
    """A store header, and how far its records may reach."""

    span: Span
    values: dict[str, Any]
    fields: tuple[Field, ...]
    end: int


def _note_header(header: _Header, note: Noticed) -> None:
    values, at = header.values, header.span.start
    guid = values["Signature"]
    if guid == PLAIN:
        note.warning(
            "store-plain",
            "A variable store without authentication: x86 firmware uses it without Secure Boot, "
            "ARM firmware takes it as corrupt and formats it.",
            Span(at, 16),
        )
    elif guid != AUTHENTICATED:
        erased = header.span.size * b"\xff"
        raw = guid.bytes_le == erased[:16] and values["Size"] == 0xFFFFFFFF
        ident, text = (
            ("store-erased", "The volume is there, its variable store is erased")
            if raw
            else ("store-guid", f"The variable store's GUID {guid} is unknown")
        )
        note.error(ident, f"{text}: firmware finds no variables here.", Span(at, 16))
    if values["Format"] != STORE_FORMATTED or values["State"] != STORE_HEALTHY:
        note.error(
            "store-state",
            f"The variable store has Format 0x{values['Format']:02X} and State "
            f"0x{values['State']:02X} where firmware demands 0x5A and 0xFE: it takes the store as "
            "corrupt.",
            Span(at + 20, 2),
        )


def _note_size(header: _Header, limit: int, note: Noticed) -> None:
    size, at = header.values["Size"], header.span.start
    if size < STORE_HEADER_SIZE:
        text = f"The store's Size is 0x{size:X}, less than its own header"
    elif at + size > limit:
        text = f"The store's Size is 0x{size:X}, past the end of its volume at 0x{limit:X}"
    else:
        return
    note.error("store-size", f"{text}: firmware takes it as corrupt.", Span(at + 16, 4))


def _read_header(data: bytes, volume: Volume, note: Noticed) -> _Header | None:
    at = volume.header_span.end
    read = read_fields(STORE_HEADER, data, at)
    if read is None:
        note.error("store-cut-off", f"The file ends before the variable store at 0x{at:X}.")
        return None
    values, fields = read
    limit = volume.span.end
    end = min(at + max(values["Size"], STORE_HEADER_SIZE), limit, len(data))
    header = _Header(Span(at, STORE_HEADER_SIZE), values, fields, max(end, at + STORE_HEADER_SIZE))
    _note_header(header, note)
    if values["Signature"] in (AUTHENTICATED, PLAIN):
        _note_size(header, max(limit, volume.span.start + volume.fv_length), note)
        if at + values["Size"] > len(data):
            note.error(
                "store-cut-off",
                f"The file ends at 0x{len(data):X}, inside the variable store; shown is what there "
                "is of it.",
            )
    return header


def _without_volume(data: bytes, space: int, note: Noticed, start: int) -> Store:
    """What can be said of bytes without a volume header of the right kind."""
    blank = blank_fill(data[start:] if start else data)
    ftw = None
    elsewhere = () if blank is not None else tuple(nv_volumes(data))
    if blank is not None:
        what = "zeros" if blank == "zero" else "erased flash (0xFF)"
        note.info(
            f"blank-{blank}",
            f"A blank template, nothing but {what}: ARM firmware formats it at the first start.",
            Span(0, len(data)),
        )
    elif len(data) < SMALLEST_HEADER + STORE_HEADER_SIZE:
        size = "The file is empty" if not data else f"The file has {len(data)} bytes"
        note.error("not-a-store", f"{size}: not a variable store.")
    elif elsewhere:
        _note_elsewhere(elsewhere, start, note)
    else:
        ftw = read_ftw(
            data,
            start,
            min(len(data), start + SEARCH_LIMIT),
            block_size=0,
            least_spare=0,
            space=space,
        )
        _note_no_volume(ftw, note)
    return Store(
        space=space,
        volume=None,
        header_span=None,
        guid=None,
        size=None,
        format=None,
        state=None,
        authenticated=False,
        records=(),
        end=0,
        region=None,
        ftw=ftw,
        blank=blank,
        findings=note.findings + (ftw.findings if ftw else ()),
    )


def _note_elsewhere(found: tuple[Located, ...], start: int, note: Noticed) -> None:
    """A whole store, but not where a machine with this file looks for it."""
    first = found[0]
    note.error(
        "store-elsewhere",
        f"No store lies at 0x{start:X}, where a machine with this file looks for it; one of "
        f"{first.fv_length:,} bytes lies at 0x{first.offset:X}. Cut it out: "
        f"tail -c +{first.offset + 1} FILE | head -c {first.fv_length} > STORE.",
        Span(first.offset, first.fv_length),
    )


def _note_others(data: bytes, at: int, volume: Volume, note: Noticed) -> None:
    """Other whole stores in the file, which the machine does not use."""
    if volume.span.size in (len(data), 0):
        return
    for each in nv_volumes(data):
        if each.offset != at and each.offset not in range(at, at + volume.span.size):
            note.warning(
                "store-not-used",
                f"Another store of {each.fv_length:,} bytes lies at 0x{each.offset:X}; the machine "
                f"uses the one at 0x{at:X}.",
                Span(each.offset, each.fv_length),
            )


def _note_no_volume(ftw: FtwArea | None, note: Noticed) -> None:
    if ftw is None:
        note.error("not-a-store", "No NvData firmware volume at offset 0: not a variable store.")
        return
    note.error(
        "volume-erased",
        "The volume header at offset 0 is gone, but an FTW working block lies at "
        f"0x{ftw.working.start:X}: the machine was stopped while firmware compacted the store. "
        "Recover it from the spare area before the next start, which would erase that too.",
        ftw.working,
    )


def _records(data: bytes, header: _Header, note: Noticed) -> tuple[tuple[Record, ...], int]:
    guid = header.values["Signature"]
    if guid not in (AUTHENTICATED, PLAIN):
        return (), header.span.end
    start = align(header.span.end)
    records, end = walk_records(data, start, header.end, guid == AUTHENTICATED, note)
    note_faults(records, note)
    note_tail(data, end, header.end, note)
    return records, end


def read_store(data: bytes, *, space: int = 0, start: int | None = None) -> Store:
    """Read the variable store of a VARS file or a unified image.

    Never raises: whatever the bytes are, what could be read comes back with findings.

    Args:
        data: the flash contents.
        space: the space that findings are placed in; spans count from the start of ``data``.
        start: where the store's volume begins; None: where a machine with this file looks for it.
    """
    note = Noticed(space)
    at = store_offset(data) if start is None else start
    volume = read_volume(data, at, space=space)
    if volume is None:
        return _without_volume(data, space, note, at)
    _note_others(data, at, volume, note)
    header = _read_header(data, volume, note)
    records, end = ((), volume.span.end) if header is None else _records(data, header, note)
    region = None if header is None else Span.between(volume.span.start, header.end)
    ftw = read_ftw(
        data,
        volume.span.start if region is None else region.end,
        volume.span.end,
        block_size=volume.block_size,
        least_spare=0 if region is None else region.size,
        space=space,
    )
    if ftw is None:
        note.warning(
            "ftw-missing",
            "No FTW working block was found in the volume; firmware makes a new one at its start.",
        )
    values = {} if header is None else header.values
    store = Store(
        space=space,
        volume=volume,
        header_span=None if header is None else header.span,
        guid=values.get("Signature"),
        size=values.get("Size"),
        format=values.get("Format"),
        state=values.get("State"),
        authenticated=values.get("Signature") == AUTHENTICATED,
        records=records,
        end=end,
        region=region,
        ftw=ftw,
        blank=None,
        findings=volume.findings + note.findings + (() if ftw is None else ftw.findings),
        fields=() if header is None else header.fields,
    )
    signers = Noticed(space)
    note_certdb(store, signers)
    return replace(store, findings=store.findings + signers.findings)
