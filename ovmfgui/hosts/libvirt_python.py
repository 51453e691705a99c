"""A host asked through libvirt-python, where that is installed: one connection for everything.

Files come as in ``ovmfgui.hosts.virsh``: through transient pools, or those that are there.
"""

from __future__ import annotations

import posixpath
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from xml.sax.saxutils import escape

from ovmfgui.flash.source import MAX_STORED
from ovmfgui.hosts.connection import DomainText
from ovmfgui.hosts.libvirt_xml import machine_types, pool_folder, volume_size
from ovmfgui.hosts.pools import POOL_PREFIX, pools_left
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

_STATES = ("", "running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended")
"""virDomainState by its number, in the words of virsh (tools/virsh-domain-monitor.c)."""


class LibvirtPythonConnection:
    """A libvirt host; see ``Connection``."""

    def __init__(self, uri: str) -> None:
        self.name = uri
        self._libvirt: Any = None
        self._connection: Any = None
        self._made: list[Any] = []
        self._pools: dict[str, Any] | None = None
        self._volumes: dict[str, dict[str, tuple[int, Any]] | None] = {}

    def __enter__(self) -> LibvirtPythonConnection:
        """Connect.

        Raises:
            Refused: the host does not answer.
        """
        import libvirt

        # Without a handler of one's own libvirt prints every error itself.
        libvirt.registerErrorHandler(lambda *_said: None, None)
        self._libvirt = libvirt
        with self._told():
            self._connection = libvirt.open(self.name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Our pools are destroyed: libvirt forgets them, the files stay as they are."""
        made, self._made = self._made, []
        left: list[str] = []
        for pool in made:
            try:
                pool.destroy()
            except self._libvirt.libvirtError:
                left.append(pool.name())
        with self._told():
            self._connection.close()
        if left:
            raise Refused(pools_left(self.name, left))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Libvirt's errors in a line."""
        try:
            yield
        except self._libvirt.libvirtError as error:
            msg = f"{self.name}: {' '.join(str(error).split())}"
            raise Refused(msg) from error

    def machine_types(self) -> Mapping[str, Sequence[str]] | None:
        """Of libvirt's capabilities."""
        with self._told():
            said: str = self._connection.getCapabilities()
        return machine_types(said.encode()) or None

    def domains(self) -> Sequence[DomainText]:
        """All that libvirt knows, running or not, without the secrets in their XML."""
        with self._told():
            each = self._connection.listAllDomains()
        found = [text for domain in each if (text := self._text(domain)) is not None]
        return sorted(found, key=lambda domain: domain.name)

    def _text(self, domain: Any) -> DomainText | None:
        inactive = self._libvirt.VIR_DOMAIN_XML_INACTIVE
        try:
            number = domain.state()[0]
            state = _STATES[number] if 0 < number < len(_STATES) else f"state {number}"
            persistent, active = domain.isPersistent(), domain.isActive()
            return DomainText(
                domain.name(),
                state,
                domain.XMLDesc(inactive).strip().encode() if persistent else None,
                domain.XMLDesc(0).strip().encode() if active else None,
            )
        except self._libvirt.libvirtError:
            return None  # it was undefined while we asked

    def files_in(self, folder: str) -> Mapping[str, int] | None:
        """Through a pool over the folder."""
        found = self._in(posixpath.normpath(folder))
        return None if found is None else {name: size for name, (size, _volume) in found.items()}

    def _in(self, folder: str) -> dict[str, tuple[int, Any]] | None:
        if folder not in self._volumes:
            try:
                self._volumes[folder] = self._listed(folder)
            except self._libvirt.libvirtError as error:
                missing = "No such file or directory" in str(error)
                self._volumes[folder] = {} if missing else None
        return self._volumes[folder]

    def _listed(self, folder: str) -> dict[str, tuple[int, Any]]:
        pool = self._known_pools().get(folder)
        if pool is None:
            name = f"{POOL_PREFIX}{uuid4().hex[:12]}"
            xml = (
                f"<pool type='dir'><name>{name}</name>"
                f"<target><path>{escape(folder)}</path></target></pool>"
            )
            pool = self._connection.storagePoolCreateXML(xml, 0)
            self._made.append(pool)
        elif pool.isActive():
            pool.refresh()
        else:
            # One of the host's own that is off is on until we leave.
            pool.create()
            self._made.append(pool)
        found = {}
        for volume in pool.listAllVolumes():
            size = volume_size(volume.XMLDesc())
            if size is not None:
                found[volume.name()] = (size, volume)
        return found

    def _known_pools(self) -> dict[str, Any]:
        """Pools by their folder, those that are off too: their folder takes no other pool."""
        if self._pools is None:
            self._pools = {}
            for pool in self._connection.listAllStoragePools():
                path = pool_folder(pool.XMLDesc().encode())
                if path:
                    self._pools[posixpath.normpath(path)] = pool
        return self._pools

    def prefetch(self, paths: Sequence[str]) -> None:
        """One by one is as quick."""

    def read(self, path: str) -> bytes:
        """Download it.

        Raises:
            Refused: it is not there, too large, or libvirt refuses.
        """
        folder, name = posixpath.split(posixpath.normpath(path))
        listed = self._in(folder)
        if listed is None or name not in listed:
            msg = f"{self.name}: {path} cannot be read"
            raise Refused(msg)
        size, volume = listed[name]
        if size > MAX_STORED:
            msg = f"{self.name}: {path} measures {size:,} bytes; no flash image is so large"
            raise Refused(msg)
        parts: list[bytes] = []
        with self._told():
            stream = self._connection.newStream()
            volume.download(stream, 0, 0, 0)
            stream.recvAll(lambda _stream, part, into: into.append(part), parts)
            stream.finish()
        return b"".join(parts)
