"""Stores that a person names, in whatever form: files, folders, JSON, definitions of machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file, read_regular
from ovmfgui.machine.definition import is_definition
from ovmfgui.machine.store_path import store_path
from ovmfgui.nvram.exchange import from_json
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused
from ovmfgui.trust.overview import Overview, overview
from ovmfgui.trust.room import Room, room_for_dbx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

_MOST_JSON = 8 << 20
_MOST_FILES = 100_000
"""Files of a folder that are looked at; more is told."""


@dataclass(frozen=True, slots=True)
class Store:
    """A variable store, of flash or JSON.

    Attributes:
        path: of its file.
        format: raw, xz, qcow2 or json.
        data: the file's contents.
        variables: values by GUID and name.
        authenticated: whether it can hold authenticated variables.
        room: what dbx may grow to; None where nothing tells.
        enforced: whether the CODE beside it checks what it starts; None where there is none.
        stands_for: ``template`` where it was read in the place of a store that does not exist.
    """

    path: str
    format: str
    data: bytes
    variables: Mapping[tuple[UUID, str], bytes]
    authenticated: bool
    room: Room | None
    enforced: bool | None = None
    stands_for: str | None = None

    def overview(self, today: date) -> Overview:
        """Its Secure Boot."""
        return overview(
            self.variables, authenticated=self.authenticated, room=self.room, today=today
        )


def stores_in(names: Sequence[str], root: str | None = None) -> Iterator[Store]:
    """The stores that were named; of a folder those below it.

    Raises:
        Refused: one that was named itself cannot be used.
    """
    for name in names:
        if Path(name).is_dir():
            yield from _in_folder(name)
        else:
            yield _store(name, root)


def _in_folder(folder: str) -> Iterator[Store]:
    found = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    if len(found) > _MOST_FILES:
        msg = f"{folder} holds {len(found):,} files; name a smaller folder"
        raise Refused(msg)
    for path in found:
        try:
            store = _store(str(path), None, strict=False)
        except Refused:
            continue
        if store is not None:
            yield store


def _store(name: str, root: str | None, *, strict: bool = True) -> Store:
    path = store_path(name, root) if is_definition(name) else name
    stands_for = "template" if path != name and _is_template(name, path, root) else None
    if path.endswith(".json") or _begins_with_brace(path):
        return _json_store(path)
    file = read_file(path)
    if file.role is Role.CODE or (not strict and file.role not in (Role.VARS, Role.UNIFIED)):
        msg = f"{path} holds no variable store; it is a CODE image"
        raise Refused(msg)
    store = read_store(file.data)
    variables = {record.key: record.data for record in store.live}
    return Store(
        path,
        str(file.format),
        file.data,
        variables,
        store.authenticated,
        room_for_dbx(store),
        stands_for=stands_for,
    )


def _is_template(name: str, path: str, root: str | None) -> bool:
    from ovmfgui.machine.definition import read_definition
    from ovmfgui.machine.host_tree import tree_of

    machine = read_definition(name, root)
    if machine is None:
        return False
    return tree_of("" if name == "-" else name, root).path(machine.store.template) == path


def _begins_with_brace(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(1) == b"{"
    except (OSError, ValueError):
        return False


def _json_store(path: str) -> Store:
    raw = read_regular(path, _MOST_JSON)
    variables = {(v.guid, v.name): v.data for v in from_json(raw.decode("utf-8", "replace"))}
    return Store(path, "json", raw, variables, True, None)
