"""A host as it was seen: its domains, its files as a tree, the machine types that it knows."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.machine.host_tree import HostTree

RUNNING, PAUSED, SHUT_OFF = "running", "paused", "shut off"
"""States of a domain as ``virsh list`` calls them; the others pass through."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of a host.

    Attributes:
        name: as libvirt knows it.
        state: as ``virsh domstate`` says it.
        definition: the persistent domain XML; None for a transient domain.
        live: the XML of what runs; None where nothing runs.
        source: where the definition lies, for messages.
    """

    name: str
    state: str
    definition: bytes | None
    live: bytes | None
    source: str

    @property
    def now(self) -> bytes:
        """What holds as long as the domain is not switched off."""
        return self.live or self.definition or b""

    @property
    def at_next_start(self) -> bytes:
        """What holds from the next power-on."""
        return self.definition or self.live or b""


@dataclass(frozen=True)
class Host:
    """A host's knowledge, on this machine's disk.

    Attributes:
        name: as a person named it: a libvirt URI or a folder.
        tree: its files.
        domains: in the order of their names.
        machine_types: of each architecture, aliases included; None where they are not known.
        folders: those whose whole list of files is known; None: everything that the tree lacks
            does not exist on the host.
        without_contents: files that exist there and whose contents are not here, with the reason.
        digests: SHA-256 of each file as it lies there, where it was told.
        stores: those of these files that are variable stores.
        storage: folders of stores that are told to be ``shared`` or ``local``.
        without_values: those of the stores that lie here without the values of their variables.
    """

    name: str
    tree: HostTree
    domains: tuple[Domain, ...]
    machine_types: Mapping[str, frozenset[str]] | None = None
    folders: frozenset[str] | None = None
    without_contents: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    stores: frozenset[str] = frozenset()
    without_values: frozenset[str] = frozenset()
    storage: Mapping[str, str] = field(default_factory=dict)

    def storage_of(self, path: str) -> str:
        """Whether a file lies on storage that other hosts can have too: shared, local, unknown."""
        return self.storage.get(posixpath.dirname(posixpath.normpath(path)), "unknown")

    def unseen(self, path: str) -> str:
        """Why a file that the tree lacks may exist all the same; empty where it does not."""
        plain = posixpath.normpath(path)
        if plain in self.without_contents:
            return self.without_contents[plain]
        if self.folders is None or posixpath.dirname(plain) in self.folders:
            return ""
        return f"is in a folder that was not looked into on {self.name}"
