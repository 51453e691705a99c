"""The record list of a store while it is being changed, edit by edit, without reading it anew."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.dataclass import replace
from ovmfgui.flash.structures import NV_DATA
from ovmfgui.nvram.authenticated import certdb_record, is_private
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME
from ovmfgui.nvram.edit import Step
from ovmfgui.nvram.faults import note_faults_of
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.nvram.record import Record, Status
from ovmfgui.nvram.store import Gauge
from ovmfgui.nvram.structures import MASK_DELETED, MASK_IN_TRANSITION, STATE_ADDED
from ovmfgui.nvram.walk import align

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.store import Store

_STATE_OFFSET = 2
_NV_DATA = NV_DATA.bytes_le


class Ledger:
    """What a store holds after the edits so far.

    An edit that appends a sound record behind the others, or marks a sound one as old, changes
    nothing else that reading the store anew would find: those are taken in as they are made. Of
    every other edit there is no ``Step``, and the store has to be read.

    Attributes:
        end: offset behind the last record, where the next one goes.
        erased_to: offset of the first byte behind the last record that is not erased; that of the
            store's end where all of them are.
        transitions: the records in transition that are not live.
        authenticated: whether records have authenticated headers.
        block_size: of the flash, in bytes; 0 where it is not known.
    """

    def __init__(self, store: Store, data: bytes) -> None:
        self._read, self._store = store, store
        self._current = True
        self._records = list(store.records)
        self._asked = False
        self._gauge = store.gauge
        self.end = store.end
        self.erased_to = _erased_to(store, data)
        self.authenticated = store.authenticated
        self.block_size = 0 if store.volume is None else store.volume.block_size
        self.transitions = tuple(r for r in store.records if r.status is Status.TRANSITION)
        self._in_transition = {record.key for record in self.transitions}
        self._has_certdb = certdb_record(store) is not None

    @cached_property
    def _live(self) -> dict[tuple[UUID, str], int]:
        """Where the live variables stand, by GUID and name."""
        live = Status.LIVE
        return {(r.guid, r.name): i for i, r in enumerate(self._records) if r.status is live}

    def get(self, key: tuple[UUID, str]) -> Record | None:
        """The live variable of a GUID and a name."""
        # One edit alone asks once: that is found sooner than an index of thousands is made.
        if not self._asked and "_live" not in self.__dict__:
            self._asked = True
            return self._read.find(key[1], key[0])
        index = self._live.get(key)
        return None if index is None else self._records[index]

    @property
    def gauge(self) -> Gauge:
        """How the space for variables is spent."""
        return self._gauge

    @property
    def store(self) -> Store:
        """The store as reading it anew would give it."""
        if not self._current:
            self._store = replace(self._read, records=tuple(self._records), end=self.end)
            self._current = True
        return self._store

    def step(self, added: Record | None, current: Record | None) -> Step | None:
        """What an edit makes of the list.

        Args:
            added: the record that is appended; None for a deletion.
            current: the live record that it replaces, or that is deleted; None for a new variable.

        Returns:
            None where only reading the store anew tells.
        """
        if current is not None and not self._plain(current):
            return None
        if added is None:
            return Step(None, current)
        # What looks like another volume in the file is looked for in values too.
        if _NV_DATA in added.data or len(self._records) + 1 >= MOST_RECORDS:
            return None
        return Step(added, current) if self._plain(added) else None

    def take(self, step: Step) -> None:
        """Go on from where the edit of ``step`` ends."""
        live, dead, free, total = self._gauge
        if step.retired is not None:
            old = step.retired
            index = self._live.pop(old.key)
            self._records[index] = _retired(old, replaced=step.added is not None)
            live, dead = live - old.span.size, dead + old.span.size
        if step.added is not None:
            new = step.added
            self._live[new.key] = len(self._records)
            self._records.append(new)
            self.end = align(new.data_span.end)
            live, free = live + new.span.size, free - new.span.size
        self._gauge = Gauge(live, dead, free, total)
        self._current = False

    def _plain(self, record: Record) -> bool:
        """Whether a finding about the store can neither come nor go with this record."""
        if record.state != STATE_ADDED or record.key in self._in_transition:
            return False
        if record.key == (CERT_DB, CERT_DB_NAME):
            return False
        if self._has_certdb and is_private(record.key, record.attributes):
            return False
        note = FindingCollector(0)
        note_faults_of(record, note)
        return not note.findings


def _erased_to(store: Store, data: bytes) -> int:
    if store.free is None:
        return store.end
    rest = store.free.of(data).lstrip(b"\xff")
    return store.free.end - len(rest)


def _retired(record: Record, *, replaced: bool) -> Record:
    state = record.state & MASK_DELETED
    if replaced:
        state &= MASK_IN_TRANSITION
    header = bytearray(record.header)
    header[_STATE_OFFSET] = state
    status = Status.SUPERSEDED if replaced else Status.DELETED
    return replace(record, state=state, status=status, header=bytes(header))
