"""A variable store opened from its file, and finding the variable that is meant in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import replace
from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file
from ovmfgui.guid import guid_names
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.file_lock import held_finding
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.well_known import vendor_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

# What makes a listing incomplete.
_INCOMPLETE = (
    "json-broken",
    "json-no-list",
    "json-entry",
    "json-misread",
    "json-too-many",
    "store-cut-off",
    "volume-erased",
    "volume-damaged",
    "store-erased",
    "store-guid",
    "record-overruns",
    "hidden-data",
)


class StoreFile(NamedTuple):
    """A file and the store in it."""

    file: FlashFile
    store: Store

    @property
    def path(self) -> str:
        """As it was given."""
        return self.file.path

    @property
    def incomplete(self) -> str | None:
        """Why not every variable could be read, in one line; None where all could."""
        return next((f.text for f in self.store.findings if f.id in _INCOMPLETE), None)


def open_store(path: str | Path) -> StoreFile:
    """Open a VARS file or a unified image.

    Raises:
        Refused: it cannot be read or holds no variable store.
    """
    file = read_file(path)
    store = read_store(file.data)
    nothing = store.ftw is None and not store.carved
    if store.json is None and store.volume is None and store.blank is None and nothing:
        hint = "; it is a CODE image" if file.role is Role.CODE else ""
        msg = f"{path} holds no variable store at its start{hint}; give a VARS file"
        raise Refused(msg)
    if (held := held_finding(path)) is not None:
        store = replace(store, findings=(*store.findings, held))
    return StoreFile(file, store)


def guid_argument(text: str) -> UUID:
    """A GUID as a person gives it: in full, or by the name it is known by.

    Raises:
        Refused: it is neither.
    """
    wanted = text.casefold()
    named = [guid for guid, name in guid_names().items() if name.casefold() == wanted]
    if len(named) == 1:
        return named[0]
    try:
        return UUID(text)
    except ValueError:
        msg = f"{text!r} is no GUID and no name of one; a GUID has the form {UUID(int=0)}"
        raise Refused(msg) from None


def wanted_variable(opened: StoreFile, name: str, guid: str | None) -> Record | None:
    """The variable that is meant; None where there is none.

    Raises:
        Refused: several have that name, and no GUID was given.
    """
    if guid is not None:
        return opened.store.find(name, guid_argument(guid))
    found = [record for record in opened.store.live if record.name == name]
    if len(found) > 1:
        guids = ", ".join(str(record.guid) for record in found)
        msg = f"{visible_name(name)} stands under {len(found)} GUIDs in {opened.path}; give "
        raise Refused(msg + f"one of them too (--guid): {guids}")
    return found[0] if found else None


def there(opened: StoreFile, name: str, guid: str | None) -> Record:
    """The variable that is meant.

    Raises:
        Refused: there is none, or several have that name, and no GUID was given.
    """
    record = wanted_variable(opened, name, guid)
    if record is None:
        msg = f"there is no variable {visible_name(name)} in {opened.path}"
        raise Refused(msg)
    return record


def wanted_guid(opened: StoreFile, name: str, guid: str | None) -> UUID:
    """The GUID that is meant: given, or that of the variable there, or of the well-known one.

    Raises:
        Refused: none of these tells.
    """
    if guid is not None:
        return guid_argument(guid)
    record = wanted_variable(opened, name, None)
    known = record.guid if record is not None else vendor_of(name)
    if known is None:
        msg = (
            f"there is no {visible_name(name)} in {opened.path}, and the name is not a well-known "
            "one: give its vendor's GUID too (--guid)"
        )
        raise Refused(msg)
    return known
