"""Stores that a person names, in whatever form: files, folders, JSON, definitions of machines."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file
from ovmfgui.machine.definition import is_definition, read_definition
from ovmfgui.machine.folder import PassedOver, looked_through
from ovmfgui.machine.model import Kind, WithoutUefi
from ovmfgui.machine.opening import open_machine
from ovmfgui.machine.store_path import store_path
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused
from ovmfgui.trust.overview import Overview, overview
from ovmfgui.trust.room import Room, room_for_dbx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.machine.model import Machine


@dataclass(frozen=True, slots=True)
class Store:
    """A variable store, of flash or JSON; its contents are let go.

    Attributes:
        path: of its file.
        format: raw, xz, qcow2 or json.
        size: bytes of the flash in it.
        sha256: of those bytes.
        variables: values by GUID and name.
        authenticated: whether it can hold authenticated variables.
        room: what dbx may grow to; None where nothing tells.
        damage: the first error in its structure; empty where there is none.
        code: the file with the CODE that uses it; empty where none is known.
        machine: whose store it is; None where no definition was named.
        stands_for: ``template`` where it was read in the place of a store that does not exist.
    """

    path: str
    format: str
    size: int
    sha256: str
    variables: Mapping[tuple[UUID, str], bytes]
    authenticated: bool
    room: Room | None
    damage: str = ""
    code: str = ""
    machine: Machine | None = None
    stands_for: str | None = None

    def overview(self, today: date) -> Overview:
        """Its Secure Boot, with the store's own damage."""
        seen = overview(
            self.variables, authenticated=self.authenticated, room=self.room, today=today
        )
        if not self.damage:
            return seen
        text = f"The store itself is damaged: {self.damage}"
        damaged = Finding("store-damaged", Severity.ERROR, text)
        return replace(seen, findings=(damaged, *seen.findings))


@dataclass(frozen=True, slots=True)
class Stores:
    """What was found under the names given.

    Attributes:
        stores: in the order of the names.
        passed_over: what nothing is said of, with the reason.
    """

    stores: tuple[Store, ...]
    passed_over: tuple[PassedOver, ...]


def stores_in(names: Sequence[str], root: str | None = None) -> Stores:
    """The stores that were named; of a folder those below it, of a definition its machine's.

    A CODE image that is named too is that of every store which no definition speaks of.

    Raises:
        Refused: one that was named itself cannot be used, or two CODE images were named.
    """
    stores: list[Store] = []
    passed_over: list[PassedOver] = []
    codes: list[str] = []
    for name in names:
        if Path(name).is_dir():
            found = _in_folder(name, root)
            stores += found.stores
            passed_over += found.passed_over
        elif is_definition(name):
            stores.append(_of_definition(name, root))
        else:
            file = read_file(name)
            if file.role is Role.CODE:
                codes.append(name)
            else:
                stores.append(_of_file(file))
    if len(codes) > 1:
        msg = f"{codes[0]} and {codes[1]} are two CODE images; name the one that uses the stores"
        raise Refused(msg)
    if codes and not stores:
        msg = f"{codes[0]} holds no variable store; it is a CODE image"
        raise Refused(msg)
    if codes:
        stores = [each if each.code else replace(each, code=codes[0]) for each in stores]
    return Stores(tuple(stores), tuple(passed_over))


def _in_folder(folder: str, root: str | None) -> Stores:
    contents = looked_through(folder)
    passed_over = list(contents.passed_over)
    stores: list[Store] = []
    seen: set[str] = set()
    for path in (*contents.definitions, *contents.images):
        defined = path in contents.definitions
        found = _defined(path, root) if defined else _image(path)
        if isinstance(found, Store) and _same_file(found.path) in seen:
            found = PassedOver(path, "leads to a store that has its row already")
        if isinstance(found, PassedOver):
            passed_over.append(found)
            continue
        stores.append(found)
        if found.stands_for is None:
            seen.add(_same_file(found.path))
    return Stores(tuple(stores), tuple(passed_over))


def _same_file(path: str) -> str:
    return os.path.realpath(path)


def _defined(path: str, root: str | None) -> Store | PassedOver:
    try:
        machine = read_definition(path, root)
        if machine is None:
            return PassedOver(path, "defines no machine")
        if machine.kind is Kind.DESCRIPTOR:
            return PassedOver(path, "describes firmware; its template is judged where it lies")
        return _of_definition(path, root)
    except WithoutUefi as reason:
        return PassedOver(path, str(reason))
    except Refused as refusal:
        return PassedOver(path, str(refusal), failed=True)


def _image(path: str) -> Store | PassedOver:
    try:
        file = read_file(path)
    except Refused as refusal:
        return PassedOver(path, str(refusal), failed=True)
    if file.role is Role.CODE:
        return PassedOver(path, "is a CODE image and holds no variable store")
    if file.role not in (Role.VARS, Role.UNIFIED):
        return PassedOver(path, "holds no variable store")
    try:
        return _of_file(file)
    except Refused as refusal:
        return PassedOver(path, str(refusal), failed=True)


def _of_definition(name: str, root: str | None) -> Store:
    """The store of a machine, as the hypervisor maps it.

    Raises:
        Refused: it keeps none in a file, or the file cannot be read.
    """
    path = store_path(name, root)
    opened = open_machine([name], root)
    assert opened is not None
    chip, firmware = opened.store, opened.firmware
    code = "" if firmware is None or firmware.file is None else firmware.path
    if chip is None:
        made = _of_file(read_file(path))
    elif chip.file is None:
        msg = f"{opened.machine.title}: {chip.path} {chip.words}"
        raise Refused(msg)
    else:
        made = replace(_of_file(chip.file), path=chip.path, stands_for=chip.stands_for)
    return replace(made, code=code, machine=opened.machine)


def _of_file(file: FlashFile) -> Store:
    """The store in a file.

    Raises:
        Refused: there is none that firmware would read.
    """
    store = read_store(file.data)
    blank = store.blank is not None
    errors = [each.text for each in store.findings if each.severity is Severity.ERROR]
    if not store.readable and not blank:
        why = errors[0] if errors else "it has no header of a store"
        msg = f"{file.path} holds no variable store that firmware would read: {why}"
        raise Refused(msg)
    return Store(
        file.path,
        str(file.format),
        len(file.data),
        hashlib.sha256(file.data).hexdigest(),
        {record.key: record.data for record in store.live},
        # Firmware formats a blank one for authenticated variables.
        store.authenticated or blank,
        None if blank else room_for_dbx(store),
        damage=errors[0] if errors else "",
        code=file.path if file.role is Role.UNIFIED else "",
    )
