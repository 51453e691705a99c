"""A host's files through libvirt's storage pools, whichever way libvirt is asked.

A folder is read through a transient pool of type ``dir``, which libvirt forgets once it is
destroyed; a folder that is a pool already is read through that pool. Nothing is written.
"""

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from uuid import uuid4

from ovmfgui.flash.source import MAX_STORED
from ovmfgui.hosts.libvirt_xml import pool_folder
from ovmfgui.hosts.storage import storage_of_pools
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

POOL_PREFIX = "ovmfgui-"
"""What the names of our pools begin with."""


class PooledFiles(ABC):
    """The part of a ``Connection`` that is about files."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._made: list[str] = []
        self._pools: dict[str, str] | None = None
        self._kinds: dict[str, str] = {}
        self._listed: dict[str, Mapping[str, int] | None] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Our pools are destroyed: libvirt forgets them, the files stay as they are."""
        try:
            self._leave()
        finally:
            self._hang_up()

    @abstractmethod
    def _hang_up(self) -> None:
        """Let go of the host."""

    @abstractmethod
    def _pools_there(self) -> Iterable[tuple[str, bytes]]:
        """Name and XML of all pools, those that are off too: their folder takes no other pool."""

    @abstractmethod
    def _make(self, pool: str, folder: str) -> str:
        """Make a transient pool over a folder; libvirt's words where that cannot be done."""

    @abstractmethod
    def _refresh(self, pool: str) -> bool:
        """Let libvirt look into its folder again; False where it is off."""

    @abstractmethod
    def _start(self, pool: str) -> bool:
        """Switch one on that is off."""

    @abstractmethod
    def _destroy(self, pool: str) -> bool:
        """Switch it off; whether it is gone or off then."""

    @abstractmethod
    def _volumes(self, pool: str, folder: str) -> Mapping[str, int]:
        """Names and bytes of the files in a pool."""

    def files_in(self, folder: str) -> Mapping[str, int] | None:
        """See ``Connection``."""
        plain = posixpath.normpath(folder)
        if plain not in self._listed:
            pool = self._ready_pool(plain)
            nothing: Mapping[str, int] | None = None if pool is None else {}
            self._listed[plain] = self._volumes(pool, plain) if pool else nothing
        return self._listed[plain]

    def storage_of(self, folder: str) -> str | None:
        """What the host's pools tell; see ``Connection``."""
        self._known()
        return storage_of_pools(self._kinds, posixpath.normpath(folder))

    def _ready_pool(self, folder: str) -> str | None:
        """The pool of a folder, as it is now; empty if there is no such folder, None if closed."""
        pool = self._known().get(folder)
        if pool is not None:
            return pool if self._refresh(pool) or self._on_until_we_leave(pool) else None
        pool = f"{POOL_PREFIX}{uuid4().hex[:12]}"
        # Noted before it is made: Ctrl+C between the two leaves nothing behind.
        self._made.append(pool)
        refused = self._make(pool, folder)
        if refused:
            self._made.remove(pool)
            return "" if "No such file or directory" in refused else None
        self._known()[folder] = pool
        return pool

    def _on_until_we_leave(self, pool: str) -> bool:
        """Switch on one of the host's own that was off."""
        self._made.append(pool)
        if self._start(pool):
            return True
        self._made.remove(pool)
        return False

    def _known(self) -> dict[str, str]:
        """Names of pools by their folders."""
        if self._pools is None:
            self._pools = {}
            for name, xml in self._pools_there():
                kind, path = pool_folder(xml)
                if path:
                    self._pools[posixpath.normpath(path)] = name
                    self._kinds[posixpath.normpath(path)] = kind
        return self._pools

    def _found(self, path: str) -> tuple[str, str, int]:
        """Pool, name and bytes of a file.

        Raises:
            Refused: it is not there, or too large to be flash.
        """
        folder, name = posixpath.split(posixpath.normpath(path))
        sizes = self.files_in(folder)
        if sizes is None or name not in sizes:
            msg = f"{self.name}: {path} cannot be read"
            raise Refused(msg)
        if sizes[name] > MAX_STORED:
            msg = f"{self.name}: {path} measures {sizes[name]:,} bytes; no flash image is so large"
            raise Refused(msg)
        return self._known()[folder], name, sizes[name]

    def _leave(self) -> None:
        """Our pools are destroyed: libvirt forgets them, the files stay as they are.

        Raises:
            Refused: one is left; it says how to remove it.
        """
        made, self._made = self._made, []
        left = [pool for pool in made if not self._destroy(pool)]
        if left:
            raise Refused(_pools_left(self.name, left))


def _pools_left(uri: str, names: Sequence[str]) -> str:
    many = "s" if len(names) > 1 else ""
    return (
        f"{uri}: could not remove the storage pool{many} {', '.join(names)}; remove with: "
        f"virsh -c '{uri}' pool-destroy {names[0]}"
    )
