"""Changing a variable store with the flash writes that firmware itself would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.nvram.acceptance import (
    DEFAULT_ATTRIBUTES,
    accepted_attributes,
    accepted_timestamp,
    why_not_editable,
)
from ovmfgui.nvram.authenticated import (
    KEY_DATABASES,
    appended_signatures,
    appended_value,
    certdb_record,
    is_private,
    value_problem,
)
from ovmfgui.nvram.certdb import without_entries
from ovmfgui.nvram.edit import Appended, Contents, Edit, FlashWrite
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.ledger import Ledger
from ovmfgui.nvram.limits import Limits, limits_of
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.reclaim import compacted_records, reclaim_writes
from ovmfgui.nvram.record import Attributes, encode_name
from ovmfgui.nvram.signed_update import value_to_write
from ovmfgui.nvram.structures import STATE_ADDED
from ovmfgui.nvram.walk import align, header_size
from ovmfgui.nvram.writes import (
    Generation,
    added_record,
    append_writes,
    delete_writes,
    record_bytes,
    twin_of,
    update_writes,
)
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

__all__ = [
    "DEFAULT_ATTRIBUTES",
    "Edit",
    "Editor",
    "FlashWrite",
    "Generation",
    "Limits",
    "why_not_editable",
]


class Editor:
    """Makes edits of one store's bytes; the bytes given stay as they are.

    ``go_on`` takes an edit in, so that the next one is made where it ends: many edits one behind
    the other cost no more than each of them.

    Args:
        data: the flash contents of a VARS file or a unified image.
        generation: how the firmware that is imitated appends a record.
        limits: the largest variables of that firmware; those of the layout where None.
        compact: compact the store where a variable finds no room, as firmware does.
        store: the store in ``data``, where it was read before.

    Raises:
        Refused: the store must not be changed as it is.
    """

    def __init__(
        self,
        data: bytes,
        generation: Generation = Generation.NEW,
        *,
        limits: Limits | None = None,
        compact: bool = False,
        store: Store | None = None,
    ) -> None:
        self.compact_if_full = compact
        self.generation = generation
        self._contents = Contents(data)
        self._ledger = self._read(data, store)
        self.limits = limits_of(self.store) if limits is None else limits

    @staticmethod
    def _read(data: bytes, store: Store | None = None) -> Ledger:
        store = read_store(data) if store is None else store
        if (reason := why_not_editable(store)) is not None:
            msg = f"the variable store cannot be changed: {reason}"
            raise Refused(msg)
        return Ledger(store, data)

    @property
    def data(self) -> bytes:
        """The file as it is now, edits that were taken in included."""
        return self._contents.data

    @property
    def store(self) -> Store:
        """The store as it is now."""
        return self._ledger.store

    def go_on(self, edit: Edit) -> None:
        """Take in an edit that was made here: the next one starts where it ends.

        Raises:
            Refused: the store that it leaves behind must not be changed any more.
        """
        if not edit.writes:
            return
        self._contents = edit.end
        if edit.step is not None:
            self._ledger.take(edit.step)
        else:
            self._ledger = self._read(edit.after)

    def find(self, name: str, guid: UUID) -> Record | None:
        """The live variable of that name and GUID as it is now; None where there is none."""
        return self._ledger.get((guid, name))

    def _nothing(self, title: str) -> Edit:
        return Edit.of_writes(title, self._contents, ())

    def set_variable(
        self,
        name: str,
        guid: UUID,
        data: bytes,
        attributes: int | None = None,
        *,
        timestamp: bytes | None = None,
    ) -> Edit:
        """Create a variable or give it another value.

        Args:
            name: without the terminating NUL.
            guid: VendorGuid.
            data: the new value, not empty.
            attributes: those it has, or NV, BS and RT, where None.
            timestamp: EFI_TIME, 16 bytes, for a time-based authenticated variable; that which it
                has, or all zero, where None.

        Raises:
            Refused: firmware would not accept the change, or there is no room for it.
        """
        if not data:
            msg = f"{visible_name(name)}: an empty value would delete the variable; delete it"
            raise Refused(msg)
        current = self._ledger.get((guid, name))
        attributes = accepted_attributes(name, current, attributes)
        data, timestamp = value_to_write((guid, name), attributes, data, timestamp)
        stamp = accepted_timestamp(self._ledger.authenticated, name, current, attributes, timestamp)
        if current is not None and current.data == data and timestamp is None:
            return self._nothing(f"Leave {visible_name(name)} as it is")
        verb = "Create" if current is None else "Set"
        return self._write(verb, name, guid, data, attributes, stamp, current)

    def append_variable(
        self,
        name: str,
        guid: UUID,
        data: bytes,
        attributes: int | None = None,
        *,
        timestamp: bytes | None = None,
    ) -> Edit:
        """Add ``data`` to the end of a variable's value, creating it where there is none.

        Of two timestamps the later one stays, and a signature that
        is there already is left out, as in firmware. Arguments and refusals as with
        ``set_variable``.
        """
        current = self._ledger.get((guid, name))
        attributes = accepted_attributes(name, current, attributes)
        if not data:
            return self._nothing(f"Append nothing to {visible_name(name)}")
        data, timestamp = value_to_write((guid, name), attributes, data, timestamp)
        stamp = accepted_timestamp(
            self._ledger.authenticated, name, current, attributes, timestamp, appending=True
        )
        old = b"" if current is None else current.data
        merged = appended_value((guid, name), old, data)
        appended = appended_signatures((guid, name), old, data)
        same_time = timestamp is None or current is None or stamp == current.timestamp
        if merged == old and same_time:
            return replace(
                self._nothing(f"Append nothing new to {visible_name(name)}{_told(appended)}"),
                appended=appended,
            )
        verb = "Create" if current is None else "Append to"
        edit = self._write(verb, name, guid, merged, attributes, stamp, current)
        return replace(edit, title=f"{edit.title}{_told(appended)}", appended=appended)

    def delete_variable(self, name: str, guid: UUID) -> Edit:
        """Delete a variable.

        Raises:
            Refused: there is none of that name and GUID.
        """
        current = self._wanted(name, guid)
        edit = self._deleted(f"Delete {visible_name(name)}", current)
        if is_private(current.key, current.attributes):
            edit = self._without_signer(edit, current)
        return edit

    def rename_variable(
        self, name: str, guid: UUID, new_name: str, new_guid: UUID | None = None
    ) -> Edit:
        """Give a variable another name: it is created under the new one, then the old one goes.

        Cut off in between, there are both.

        Args:
            name: as it is called now.
            guid: VendorGuid.
            new_name: as it shall be called.
            new_guid: another VendorGuid; the same where None.

        Raises:
            Refused: there is none of the old name, there is one of the new name, or there is no
                room for both.
        """
        current = self._wanted(name, guid)
        vendor = guid if new_guid is None else new_guid
        if (vendor, new_name) == current.key:
            return self._nothing(f"Leave {visible_name(name)} as it is")
        if self._ledger.get((vendor, new_name)) is not None:
            msg = f"there is a variable {visible_name(new_name)} already; delete it first"
            raise Refused(msg)
        self._refuse_private((current.key, (vendor, new_name)), current.attributes)
        stamp = current.timestamp if current.attributes & Attributes.AT else None
        edit = self.set_variable(
            new_name, vendor, current.data, current.attributes, timestamp=stamp
        )
        again = Editor(edit.after, self.generation, limits=self.limits)
        title = f"Rename {visible_name(name)} to {visible_name(new_name)}"
        return replace(edit.then(again.delete_variable(name, guid)), title=title)

    def change_attributes(
        self,
        name: str,
        guid: UUID,
        attributes: int,
        *,
        data: bytes | None = None,
        timestamp: bytes | None = None,
    ) -> Edit:
        """Give a variable other attributes, and another value where ``data`` is given.

        Firmware does that for nobody but who deletes the variable and creates it anew, between
        which it can get lost. Here the new record takes over from the old one as in an update.

        Raises:
            Refused: firmware would not create such a variable, or there is no room for it.
        """
        current = self._wanted(name, guid)
        self._refuse_private((current.key,), current.attributes | attributes)
        if current.key in KEY_DATABASES and attributes != current.attributes:
            msg = f"firmware takes {visible_name(name)} with the attributes it has, and no others"
            raise Refused(msg)
        attributes = accepted_attributes(name, None, attributes)
        stamp = accepted_timestamp(self._ledger.authenticated, name, current, attributes, timestamp)
        value = current.data if data is None else data
        if (attributes, value) == (current.attributes, current.data) and timestamp is None:
            return self._nothing(f"Leave {visible_name(name)} as it is")
        return self._write(
            "Change the attributes of", name, guid, value, attributes, stamp, current
        )

    def _wanted(self, name: str, guid: UUID) -> Record:
        current = self._ledger.get((guid, name))
        if current is None:
            msg = f"there is no variable {visible_name(name)} with the GUID {guid}"
            raise Refused(msg)
        return current

    def _refuse_private(self, keys: tuple[tuple[UUID, str], ...], attributes: int) -> None:
        if any(is_private(key, attributes) for key in keys):
            msg = (
                f"{visible_name(keys[0][1])} is a private authenticated variable, or would become "
                "one: its name is bound to its signer in certdb; delete it and let its owner "
                "create it anew"
            )
            raise Refused(msg)

    def _without_signer(self, edit: Edit, deleted: Record) -> Edit:
        """A deletion along with that of the variable's entry in certdb, as in firmware."""
        certdb = certdb_record(self.store)
        if certdb is None:
            return edit
        rest = without_entries(certdb.data, (deleted.key,))
        again = Editor(edit.after, self.generation, limits=self.limits, compact=True)
        return edit.then(again.set_variable(certdb.name, certdb.guid, rest))

    def compact(self) -> Edit:
        """Drop superseded, deleted and torn records and move the others together."""
        records = compacted_records(self.store, self.data)
        gauge = self._ledger.gauge
        all_erased = self._ledger.erased_to == self._ledger.end + gauge.free
        if len(records) == gauge.total - gauge.free and all_erased:
            return self._nothing("Compact the store")
        return self._reclaim("Compact the store", records)

    def _reclaim(self, title: str, records: bytes) -> Edit:
        writes = tuple(reclaim_writes(self.store, self.data, records))
        return Edit.of_writes(title, self._contents, writes)

    def _deleted(self, title: str, current: Record) -> Edit:
        writes = tuple(delete_writes(twin_of(self._ledger.transitions, current), current))
        return Edit(title, self._contents, writes, self._ledger.step(None, current))

    def _write(
        self,
        verb: str,
        name: str,
        guid: UUID,
        data: bytes,
        attributes: int,
        timestamp: bytes | None,
        current: Record | None,
    ) -> Edit:
        self._check_size(name, data, attributes)
        if (problem := value_problem((guid, name), data)) is not None:
            raise Refused(problem)
        title = f"{verb} {visible_name(name)}"
        record = record_bytes(name, guid, data, attributes, timestamp)
        if self._no_room(len(record)) is not None and self.compact_if_full:
            added = record_bytes(name, guid, data, attributes, timestamp, state=STATE_ADDED)
            records = compacted_records(self.store, self.data, without=current, added=added)
            if len(records) <= self._ledger.gauge.total:
                return self._reclaim(f"{title}, compacting the store", records)
        if (problem := self._no_room(len(record))) is not None:
            msg = f"no room for {visible_name(name)}: {problem}"
            raise Refused(msg)
        header = header_size(self._ledger.authenticated)
        end = self._ledger.end
        block = self._ledger.block_size
        appended = append_writes(end, record, header, block, self.generation, name)
        new = added_record(record, header, end, end + self._ledger.gauge.free, (guid, name))
        step = self._ledger.step(new, current)
        if current is not None:
            twin = twin_of(self._ledger.transitions, current)
            appended = update_writes(twin, current, appended)
        return Edit(title, self._contents, tuple(appended), step)

    def _check_size(self, name: str, data: bytes, attributes: int) -> None:
        size = len(encode_name(name)) + len(data)
        largest = self.limits.largest(attributes, self._ledger.authenticated)
        if size > largest:
            msg = (
                f"{visible_name(name)} is too big: name and value have {size:,} bytes, this "
                f"firmware's largest variable has {largest:,}"
            )
            raise Refused(msg)

    def _no_room(self, size: int) -> str | None:
        """Why a record of ``size`` bytes cannot be appended; None where it can."""
        gauge, start = self._ledger.gauge, self._ledger.end
        needed = align(size)
        if needed > gauge.free:
            return (
                f"it needs {needed:,} bytes, {gauge.free:,} are free, and compaction would make "
                f"that {gauge.free + gauge.dead:,}"
            )
        if start + needed > self._ledger.erased_to:
            return (
                f"the flash behind the record list (0x{start:X}) is not erased, and a variable "
                "written there would be garbled; compact the store first"
            )
        return None


def _told(appended: Appended | None) -> str:
    """How many signatures were new, for a title; empty where no signatures were appended."""
    if appended is None:
        return ""
    return f": {count(appended.new, 'new signature')}, {appended.known} known already"
