"""A host asked through libvirt-python, where that is installed: one connection for everything."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ovmfgui.hosts.connection import DomainText
from ovmfgui.hosts.libvirt_xml import machine_types, volume_size
from ovmfgui.hosts.pools import PooledFiles
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_STATES = ("", "running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended")
"""virDomainState by its number, in the words of virsh (tools/virsh-domain-monitor.c)."""


class LibvirtPythonConnection(PooledFiles):
    """A libvirt host; see ``Connection``."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self._libvirt: Any = None
        self._connection: Any = None

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

    def _hang_up(self) -> None:
        with self._told():
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Libvirt's errors in a line."""
        try:
            yield
        except self._libvirt.libvirtError as error:
            msg = f"{self.name}: {' '.join(str(error).split())}"
            raise Refused(msg) from error

    def machine_types(self) -> Mapping[str, Sequence[str]] | None:
        """Machine types by architecture, from libvirt's capabilities; None where it names none."""
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
        except self._libvirt.libvirtError as error:
            if error.get_error_code() != self._libvirt.VIR_ERR_NO_DOMAIN:
                raise
            return None  # it was undefined while we asked

    def _pools_there(self) -> Iterable[tuple[str, bytes]]:
        with self._told():
            pools = self._connection.listAllStoragePools()
        for pool in pools:
            with suppress(self._libvirt.libvirtError):  # it was undefined while we asked
                yield pool.name(), pool.XMLDesc().encode()

    def _make(self, pool: str, folder: str) -> str:
        xml = (
            f"<pool type='dir'><name>{pool}</name>"
            f"<target><path>{escape(folder)}</path></target></pool>"
        )
        try:
            self._connection.storagePoolCreateXML(xml, 0)
        except self._libvirt.libvirtError as error:
            return str(error) or "libvirt refuses"
        return ""

    def _refresh(self, pool: str) -> bool:
        return self._done(lambda: self._pool(pool).refresh())

    def _start(self, pool: str) -> bool:
        return self._done(lambda: self._pool(pool).create())

    def _destroy(self, pool: str) -> bool:
        return self._done(lambda: self._pool(pool).destroy())

    def _done(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except self._libvirt.libvirtError:
            return False
        return True

    def _pool(self, name: str) -> Any:
        return self._connection.storagePoolLookupByName(name)

    def _volumes(self, pool: str, folder: str) -> Mapping[str, int]:  # noqa: ARG002
        with self._told():
            volumes = [(each.name(), each.XMLDesc()) for each in self._pool(pool).listAllVolumes()]
        sizes = ((name, volume_size(xml)) for name, xml in volumes)
        return {name: size for name, size in sizes if size is not None}

    def prefetch(self, paths: Sequence[str]) -> None:
        """One by one is as quick."""

    def read(self, path: str) -> bytes:
        """Download it.

        Raises:
            Refused: it is not there, too large, or libvirt refuses.
        """
        pool, name, _size = self._found(path)
        parts: list[bytes] = []
        with self._told():
            stream = self._connection.newStream()
            self._pool(pool).storageVolLookupByName(name).download(stream, 0, 0, 0)
            stream.recvAll(lambda _stream, part, into: into.append(part), parts)
            stream.finish()
        return b"".join(parts)
