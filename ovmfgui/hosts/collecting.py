"""A host's knowledge as files: what a verdict on its domains, or on those of others, rests on."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui import __version__
from ovmfgui.budgets import MOST_FILES
from ovmfgui.flash.image import FlashFile, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.flash.source import unpack
from ovmfgui.hosts.host_folder import DEFINITIONS, FORMAT, RUNTIME, read_host
from ovmfgui.hosts.naming import DESCRIPTION
from ovmfgui.hosts.sparse import write_sparse
from ovmfgui.hosts.store_structure import structure_of
from ovmfgui.layout.expects import expectation
from ovmfgui.machine.descriptors import descriptor_folders, installed_descriptors
from ovmfgui.machine.domain import parse_domain
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.machine.installed import FIRMWARE_FOLDERS, is_firmware_name
from ovmfgui.machine.model import StoreKind
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.hosts.connection import Connection, DomainText
    from ovmfgui.hosts.host import Host
    from ovmfgui.machine.model import Machine
    from ovmfgui.progress import Report

DESCRIPTOR_FOLDERS = ("/etc/qemu/firmware", "/usr/share/qemu/firmware")
STORE_FOLDERS = ("/var/lib/libvirt/qemu/nvram", "/var/lib/libvirt/qemu/varstore")
"""Looked into whatever the domains say: a domain that comes here finds or lacks its store there."""
NOT_WANTED = "was not collected"
"""Why a file that is neither firmware nor a domain's store is not there."""


class Collection:
    """Gathers one host into a folder."""

    def __init__(
        self, connection: Connection, folder: Path, *, stores: bool, everything: bool
    ) -> None:
        self.connection, self.folder = connection, folder
        self.stores, self.everything = stores, everything
        self.files: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, dict[str, int] | None] = {}
        self.storage: dict[str, str] = {}
        self._by_digest: dict[str, Path] = {}
        self._layouts: dict[str, dict[str, Any]] = {}

    def gather(self, guests: Sequence[bytes], report: Report) -> None:
        """Everything.

        Args:
            guests: XML of domains of another host, whose paths are looked for here.
            report: told of progress.
        """
        connection = self.connection
        report(0, 0, f"{connection.name}: domains")
        domains = connection.domains()
        for domain in domains:
            self._write_domain(domain)
        for each in DESCRIPTOR_FOLDERS:
            self._keep(f"{each}/{name}" for name in self.files_in(each) if name.endswith(".json"))
        report(0, 0, f"{connection.name}: firmware")
        if self.everything:
            self._keep(self._installed())
        machines = [*self._machines(domains), *self._parsed(guests)]
        self._keep(path for machine in machines for path in _firmware_of(machine))
        self._gather_stores(machines, report)
        self._note_the_rest()
        self._write_description(domains)

    def files_in(self, folder: str) -> dict[str, int]:
        """What is in a folder of the host; empty where that is not known."""
        plain = posixpath.normpath(folder)
        if plain not in self.folders:
            found = self.connection.files_in(plain)
            self.folders[plain] = None if found is None else dict(found)
        return self.folders[plain] or {}

    def _write_domain(self, domain: DomainText) -> None:
        for under, xml in ((DEFINITIONS, domain.definition), (RUNTIME, domain.live)):
            if xml is not None and "/" not in domain.name:
                write_sparse(self.folder / under / f"{domain.name}.xml", xml)

    def _installed(self) -> list[str]:
        named = [path for each in self._descriptors() for path in each]
        usual = (
            f"{folder}/{name}"
            for folder in FIRMWARE_FOLDERS
            for name in self.files_in(folder)
            if is_firmware_name(name)
        )
        return [*named, *usual]

    def _descriptors(self) -> Iterable[tuple[str, ...]]:
        tree = HostTree(str(self.folder))
        for each in installed_descriptors(descriptor_folders(tree=tree)):
            yield each.named

    def _machines(self, domains: Sequence[DomainText]) -> list[Machine]:
        texts = [xml for each in domains for xml in (each.definition, each.live) if xml]
        return self._parsed(texts)

    def _parsed(self, texts: Sequence[bytes]) -> list[Machine]:
        """The machines; those without UEFI have no files that matter."""
        tree = HostTree(str(self.folder))
        found: list[Machine] = []
        for xml in texts:
            try:
                found.append(parse_domain(self.connection.name, xml, tree))
            except Refused:
                continue
        return found

    def _gather_stores(self, machines: Sequence[Machine], report: Report) -> None:
        in_files = (StoreKind.FLASH, StoreKind.UEFI_VARS)
        wanted = {m.store.path: m.store.how for m in machines if m.store.how in in_files}
        whole = {path for path, how in wanted.items() if self.stores or how is StoreKind.FLASH}
        report(0, len(wanted), f"{self.connection.name}: variable stores")
        self._keep(sorted(whole), is_store=True)
        for path in wanted:
            if path not in whole and path.startswith("/") and self._is_there(path):
                self._leave(path, "is a store that was collected without its values")
        for folder in STORE_FOLDERS:
            self.files_in(folder)
        self._note_storage({*map(posixpath.dirname, wanted), *STORE_FOLDERS})

    def _note_storage(self, folders: Iterable[str]) -> None:
        for folder in map(posixpath.normpath, folders):
            said = self.connection.storage_of(folder) if folder.startswith("/") else None
            if said is not None:
                self.storage[folder] = said

    def _is_there(self, path: str) -> bool:
        folder, name = posixpath.split(posixpath.normpath(path))
        return name in self.files_in(folder)

    def _keep(self, paths: Iterable[str], *, is_store: bool = False) -> None:
        plain = (posixpath.normpath(path) for path in paths if path.startswith("/"))
        wanted = [path for path in dict.fromkeys(plain) if path not in self.files]
        wanted = [path for path in wanted if self._is_there(path)]
        self.connection.prefetch(wanted)
        for path in wanted:
            try:
                data = self.connection.read(path)
            except Refused as refusal:
                self._leave(path, str(refusal).removeprefix(f"{path} "))
                continue
            self._put(path, data, is_store=is_store)

    def _put(self, path: str, data: bytes, *, is_store: bool) -> None:
        digest = hashlib.sha256(data).hexdigest()
        about: dict[str, Any] = {"size": len(data), "sha256": digest, "kept": True}
        if is_store:
            about["store"] = True
        if is_store and not self.stores:
            bare = structure_of(data)
            if bare is None:
                self._leave(path, "is a store that says nothing certain without its values", about)
                return
            about["values"] = False
            data = bare
        elif self.everything and not is_store and not path.endswith(".json"):
            about |= self._layout(digest, path, data)
        self.files[path] = about
        self._store_bytes(self.folder / path.lstrip("/"), data)

    def _leave(self, path: str, why: str, about: dict[str, Any] | None = None) -> None:
        self.files[path] = {**(about or {}), "kept": False, "why": why}

    def _layout(self, digest: str, path: str, data: bytes) -> dict[str, Any]:
        """What a CODE image expects, read once of every distinct one."""
        if digest not in self._layouts:
            self._layouts[digest] = _expected(path, data)
        return self._layouts[digest]

    def _store_bytes(self, path: Path, data: bytes) -> None:
        """A second file of the same contents is a link to the first; zeros take no room."""
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()
        first = self._by_digest.setdefault(digest, path)
        if first != path:
            os.link(first, path)
            return
        write_sparse(path, data)

    def _note_the_rest(self) -> None:
        """A file that is there and was not collected is never taken for missing."""
        for folder, names in self.folders.items():
            for name, size in sorted((names or {}).items())[:MOST_FILES]:
                path = f"{folder.rstrip('/')}/{name}"
                if path not in self.files:
                    about = {"size": size, "store": folder in STORE_FOLDERS}
                    self._leave(path, NOT_WANTED, about)

    def _write_description(self, domains: Sequence[DomainText]) -> None:
        types = self.connection.machine_types()
        said = {
            "format": FORMAT,
            "ovmfgui": __version__,
            "uri": self.connection.name,
            "stores": "whole" if self.stores else "structure",
            "domains": [{"name": each.name, "state": each.state} for each in domains],
            "machine_types": None if types is None else {k: list(v) for k, v in types.items()},
            "folders": sorted(f for f, names in self.folders.items() if names is not None),
            "storage": dict(sorted(self.storage.items())),
            "files": dict(sorted(self.files.items())),
        }
        write_sparse(self.folder / DESCRIPTION, json.dumps(said, indent=1).encode())


def collect(
    connection: Connection,
    folder: str | Path,
    *,
    stores: bool = True,
    everything: bool = True,
    guests: Sequence[bytes] = (),
    report: Report = silent,
) -> Host:
    """Write what is known of a host into a folder, and read it back.

    Args:
        connection: to the host, entered.
        folder: new, empty, or of an earlier collection, which is replaced.
        stores: whether variable stores are copied as they are, or without their values.
        everything: all firmware that is installed, with its layouts; or only what the host's
            domains and the guests name.
        guests: XML of domains of another host, whose paths are looked for on this one.
        report: told of progress.

    Raises:
        Refused: the host does not answer, or the folder holds something else.
    """
    target = Path(folder)
    _refuse_other_contents(target)
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        # Stores hold keys and passwords of their owners; libvirt keeps them at 0600.
        partial.mkdir(parents=True, mode=0o700)
        gathering = Collection(connection, partial, stores=stores, everything=everything)
        gathering.gather(guests, report)
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror or error}"
        raise Refused(msg) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return read_host(str(target))


def _refuse_other_contents(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir() or (any(target.iterdir()) and not (target / DESCRIPTION).is_file()):
        msg = f"{target} holds something else than a collection; name a new or empty folder"
        raise Refused(msg)


def _firmware_of(machine: Machine) -> list[str]:
    named = [machine.firmware.path] if machine.firmware is not None else []
    return [*named, machine.store.template] if machine.store.template else named


def _expected(path: str, data: bytes) -> dict[str, Any]:
    try:
        contents, form = unpack(path, data)
    except Refused:
        return {}
    role = role_of(contents)
    if role not in (Role.CODE, Role.UNIFIED):
        return {} if role is None else {"role": str(role)}
    image = image_of([FlashFile(path, contents, form, role)])
    expects = expectation(image)
    facts = {} if expects is None else expects.layout.facts()
    return {
        "role": str(role),
        "architecture": None if image.architecture is None else str(image.architecture),
        "layout": {k: v if isinstance(v, int | None) else str(v) for k, v in facts.items()},
    }
