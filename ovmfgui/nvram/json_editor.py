"""Changing the JSON store of QEMU's uefi-vars device, as the device would write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ovmfgui.flash.json_text import is_json_store, text_of
from ovmfgui.nvram.authenticated import value_problem
from ovmfgui.nvram.edit import Edit, text_change
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_store import CAPACITY, LARGEST, entry_of, taken
from ovmfgui.nvram.record import encode_name
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from ovmfgui.nvram.json_store import JsonStore
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

_INDENT = re.compile(r'\n([ \t]+)"')


def editor_of(
    data: bytes,
    generation: Generation = Generation.NEW,
    *,
    limits: Limits | None = None,
    compact: bool = False,
    store: Store | None = None,
) -> Editor:
    """The editor for a store's bytes: of a flash store, or of a JSON store.

    Arguments and refusals as with ``Editor``.
    """
    kind = JsonEditor if is_json_store(data) else Editor
    return kind(data, generation, limits=limits, compact=compact, store=store)


class JsonEditor(Editor):
    """Makes edits of a JSON store's bytes; what is not changed stays as it stands there.

    What a variable may be is what firmware accepts, as with a flash store. Its text is written as
    the file has it: indentation, order and members that are not known here are kept.
    """

    @property
    def _json(self) -> JsonStore:
        assert self.store.json is not None
        return self.store.json

    def delete_variable(self, name: str, guid: UUID) -> Edit:
        """Delete a variable, and with it the digest that bound it to its signer."""
        current = self._wanted(name, guid)
        rest = [entry for record, entry in self._pairs() if record is not current]
        return self._made(f"Delete {visible_name(name)}", rest)

    def rename_variable(
        self, name: str, guid: UUID, new_name: str, new_guid: UUID | None = None
    ) -> Edit:
        """Give a variable another name, at its place in the list."""
        current = self._wanted(name, guid)
        vendor = guid if new_guid is None else new_guid
        if (vendor, new_name) == current.key:
            return Edit.of_writes(f"Leave {visible_name(name)} as it is", self.data, ())
        if (vendor, new_name) in self.store.by_key:
            msg = f"there is a variable {visible_name(new_name)} already; delete it first"
            raise Refused(msg)
        self._refuse_private((current.key, (vendor, new_name)), current.attributes)
        _check_name(new_name)
        named = {"name": new_name, "guid": str(vendor)}
        entries = [entry | named if record is current else entry for record, entry in self._pairs()]
        return self._made(f"Rename {visible_name(name)} to {visible_name(new_name)}", entries)

    def compact(self) -> Edit:
        """Nothing: QEMU writes the file anew with every change."""
        return Edit.of_writes("Compact the store", self.data, ())

    def _pairs(self) -> list[tuple[Record, dict[str, Any]]]:
        return list(zip(self.store.records, self._json.entries, strict=True))

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
        old = next((entry for record, entry in self._pairs() if record is current), None)
        new = self.entry(name, guid, data, attributes, timestamp, old, self.used)
        if old is None:
            entries = [*self._json.entries, new]
        else:
            entries = [new if entry is old else entry for entry in self._json.entries]
        return self._made(f"{verb} {visible_name(name)}", entries)

    def _check_size(self, name: str, data: bytes, attributes: int) -> None:
        size = len(encode_name(name)) + len(data)
        if size > min(LARGEST, self.limits.largest(attributes, True)):
            super()._check_size(name, data, attributes)
            msg = (
                f"{visible_name(name)} is too big: name and value have {size:,} bytes, QEMU's "
                f"device takes {LARGEST:,}"
            )
            raise Refused(msg)

    def entry(
        self,
        name: str,
        guid: UUID,
        data: bytes,
        attributes: int,
        timestamp: bytes | None,
        old: dict[str, Any] | None,
        used: int,
    ) -> dict[str, Any]:
        """A variable's entry in the list.

        Args:
            name: see ``set_variable``, as the four behind it.
            guid: VendorGuid.
            data: the value.
            attributes: as accepted.
            timestamp: as accepted.
            old: the entry that it takes the place of; None for a new one.
            used: bytes of the device's capacity that are taken.

        Raises:
            Refused: QEMU or firmware would not take it.
        """
        _check_name(name)
        self._check_size(name, data, attributes)
        if (problem := value_problem((guid, name), data)) is not None:
            raise Refused(problem)
        new = entry_of(name, guid, attributes, data, timestamp)
        made = new if old is None else _updated(old, new)
        room = CAPACITY - used
        if (growth := self.growth(old, made)) > max(0, room):
            msg = (
                f"no room for {visible_name(name)}: it takes {growth:,} bytes more of the device's "
                f"{CAPACITY:,}, {max(0, room):,} are free"
            )
            raise Refused(msg)
        return made

    @staticmethod
    def growth(old: dict[str, Any] | None, new: dict[str, Any]) -> int:
        """Bytes of the device's capacity that ``new`` takes more than ``old``."""
        return taken(new) - (0 if old is None else taken(old))

    @property
    def used(self) -> int:
        """Bytes of the device's capacity that are taken."""
        return self._json.used

    @property
    def entries_by_key(self) -> dict[tuple[UUID, str], dict[str, Any]]:
        """The entries of the list, by GUID and name, in its order."""
        return {record.key: entry for record, entry in self._pairs()}

    def with_entries(self, title: str, entries: Iterable[dict[str, Any]]) -> Edit:
        """The edit that makes these the list."""
        return self._made(title, list(entries))

    def _made(self, title: str, entries: Sequence[dict[str, Any]]) -> Edit:
        document = dict(self._json.document or {}) | {"variables": list(entries)}
        new = _rendered(document, text_of(self.data)).encode("utf-8", "surrogatepass")
        return Edit.of_writes(title, self.data, text_change(self.data, new, title))


def _check_name(name: str) -> None:
    if not name.isascii():
        msg = f"{visible_name(name)}: QEMU's device keeps no names but those in ASCII"
        raise Refused(msg)


def _updated(entry: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The entry with new members at their places; the digest stays: it names the signer."""
    updated = {key: new.get(key, value) for key, value in entry.items()}
    for key in new:
        updated.setdefault(key, new[key])
    if "time" in entry and "time" not in new:
        del updated["time"]
    return updated


def _rendered(document: dict[str, Any], like: str) -> str:
    """The document as text, laid out as ``like`` is."""
    # Imported here: changing a store in flash does without.
    import json

    match = _INDENT.search(like)
    indent = None if match is None else match[1]
    tight = (",", ":") if indent is None and '": ' not in like else None
    text = json.dumps(document, indent=indent, separators=tight, ensure_ascii=like.isascii())
    return text + like[len(like.rstrip()) :]
