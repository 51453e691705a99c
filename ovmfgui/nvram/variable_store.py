"""A variable store that a program reads, changes and saves (``ovmfgui.api.open_store``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.nvram.json_editor import editor_of
from ovmfgui.nvram.packing import create_flash, save_flash
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.store_file import open_store, wanted_guid, wanted_variable
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store


class VariableStore:
    """A store in memory; the file changes when it is saved, and not before.

    A variable is meant by its name, and by its vendor's GUID (or that GUID's name) where the name
    alone does not tell. Every change is made of the flash writes that firmware would make.

    Args:
        path: a VARS file or a unified image (raw, xz or qcow2), or a JSON store.
        limits: the largest variables of the firmware; those of the layout where None.
        compact: compact the store where a variable finds no room, as firmware does.

    Attributes:
        edits: the changes since the last save, oldest first.

    Raises:
        Refused: the file cannot be read or holds no store; by methods that change, where firmware
            would not accept the change.
    """

    def __init__(
        self, path: str | Path, *, limits: Limits | None = None, compact: bool = False
    ) -> None:
        self._opened = open_store(path)
        self._compact = compact
        self._limits = limits
        self._backup_made = False
        self._made: Editor | None = None
        self.edits: list[Edit] = []

    def __repr__(self) -> str:
        known = len(self.store.live)
        return f"<VariableStore {self.path}: {known} variables, {len(self.edits)} unsaved changes>"

    @property
    def path(self) -> str:
        """The file, as it was given."""
        return self._opened.path

    @property
    def store(self) -> Store:
        """The store's structure as it is now: every record, FTW, findings, room."""
        return self._opened.store

    @property
    def data(self) -> bytes:
        """The flash contents as they are now, unsaved changes included."""
        return self._opened.file.data if not self.edits else self.edits[-1].after

    @property
    def variables(self) -> tuple[Record, ...]:
        """Those that GetVariable would find, in the order of their records."""
        return self.store.live

    def get(self, name: str, guid: UUID | str | None = None) -> bytes | None:
        """A variable's value; None where there is none."""
        record = wanted_variable(self._opened, name, _text(guid))
        return None if record is None else record.data

    def set(
        self,
        name: str,
        value: bytes,
        guid: UUID | str | None = None,
        *,
        attributes: int | None = None,
        timestamp: bytes | None = None,
    ) -> Edit:
        """Create a variable or give it another value.

        Args:
            name: without the terminating NUL.
            value: not empty.
            guid: VendorGuid; that of the variable there, or of the well-known one, where None.
            attributes: those it has, a well-known variable's own, or NV, BS and RT where None.
            timestamp: EFI_TIME, 16 bytes, of an authenticated variable; kept where None.
        """
        vendor = wanted_guid(self._opened, name, _text(guid))
        if attributes is None and self.store.find(name, vendor) is None:
            attributes = attributes_of(vendor, name)
        editor = self._editor()
        return self._done(editor.set_variable(name, vendor, value, attributes, timestamp=timestamp))

    def append(self, name: str, value: bytes, guid: UUID | str | None = None) -> Edit:
        """Add to the end of a variable's value; to a signature database what is new in it."""
        vendor = wanted_guid(self._opened, name, _text(guid))
        attributes = None
        if self.store.find(name, vendor) is None:
            attributes = attributes_of(vendor, name)
        return self._done(self._editor().append_variable(name, vendor, value, attributes))

    def delete(self, name: str, guid: UUID | str | None = None) -> Edit:
        """Delete a variable; without ``guid`` the one of that name, or of a well-known vendor."""
        vendor = wanted_guid(self._opened, name, _text(guid))
        return self._done(self._editor().delete_variable(name, vendor))

    def compact(self) -> Edit:
        """Drop superseded, deleted and torn records and move the others together."""
        return self._done(self._editor().compact())

    def save(self) -> Path | None:
        """Write the changes into the file, at once or not at all, in the format that it has.

        Returns:
            The backup of what was there before (PATH.bak), made by the first save; None without
            one.
        """
        if not any(edit.writes for edit in self.edits):
            self.edits.clear()
            return None
        data = self.data
        backup = save_flash(self._opened.file, data, backup=not self._backup_made)
        self._backup_made = True
        self._opened = self._opened._replace(file=replace(self._opened.file, data=data))
        self.edits.clear()
        return backup

    def save_as(self, path: str | Path) -> None:
        """Write the store to a new file: raw, or xz, qcow2 or JSON by its ending.

        The unsaved changes stay unsaved where the store came from.
        """
        create_flash(path, self.data)

    def _editor(self) -> Editor:
        if self._made is None:
            self._made = editor_of(self.data, limits=self._limits, compact=self._compact)
        return self._made

    def _done(self, edit: Edit) -> Edit:
        self.edits.append(edit)
        editor = self._editor()
        try:
            editor.go_on(edit)
            store = editor.store
        except Refused:
            # It may be looked at all the same; the next change is refused.
            self._made, store = None, read_store(edit.after)
        self._opened = self._opened._replace(store=store)
        return edit


def _text(guid: UUID | str | None) -> str | None:
    return None if guid is None else str(guid)
