"""The variable store of a VARS file, as it stands in the bytes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ovmfgui.dataclass import dataclass
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.json_store import CAPACITY, JsonStore
from ovmfgui.nvram.record import Record, Status
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from ovmfgui.fields import Field
    from ovmfgui.finding import Finding
    from ovmfgui.nvram.ftw import FtwArea
    from ovmfgui.nvram.volume import Volume

Blank = Literal["zero", "erased"]


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
        carved: variables that stand whole where firmware does not get to: behind a broken record,
            behind damaged headers, or in a copy in the spare area where the volume is gone.
        broken: offset and name of each record that was live, or may have been, and is damaged; the
            name is empty where none can be told.
        copy: the copy of the variable region in the spare area, its spans counted from its start;
            None where there is none.
        copy_start: where that copy starts.
        json: what stands in the JSON file of QEMU's uefi-vars device; None for a store in flash.
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
    carved: tuple[Record, ...] = ()
    broken: tuple[tuple[int, str], ...] = ()
    copy: Store | None = None
    copy_start: int = 0
    json: JsonStore | None = None

    @property
    def free(self) -> Span | None:
        """From the end of the list to the end of the store; None where there is no store."""
        return None if self.region is None else Span.between(self.end, self.region.end)

    @property
    def readable(self) -> bool:
        """Whether there is a store to read variables from."""
        return self.header_span is not None or self.json is not None

    @cached_property
    def live(self) -> tuple[Record, ...]:
        """The variables that firmware sees, in list order."""
        live = Status.LIVE
        return tuple([record for record in self.records if record.status is live])

    @cached_property
    def by_key(self) -> Mapping[tuple[UUID, str], Record]:
        """The variables that firmware sees, by GUID and name."""
        return {(record.guid, record.name): record for record in self.live}

    @cached_property
    def gauge(self) -> Gauge:
        """How the space for variables is spent."""
        if self.json is not None:
            used = self.json.used
            return Gauge(used, 0, max(0, CAPACITY - used), max(CAPACITY, used))
        if self.region is None or self.header_span is None or self.free is None:
            return Gauge(0, 0, 0, 0)
        live = sum([record.span.size for record in self.live])
        total = self.region.end - self.header_span.end
        return Gauge(live, total - live - self.free.size, self.free.size, total)

    def find(self, name: str, guid: UUID | None = None) -> Record | None:
        """The live variable of that name, the first of any GUID where none is given."""
        found = (record for record in self.live if record.name == name)
        return next((record for record in found if guid is None or record.guid == guid), None)
