"""Hosts as a person names them: a libvirt URI, or a folder."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.hosts.collecting import collect
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.libvirt_python import LibvirtPythonConnection
from ovmfgui.hosts.naming import is_uri
from ovmfgui.hosts.tree_connection import TreeConnection
from ovmfgui.hosts.virsh import VirshConnection
from ovmfgui.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.hosts.connection import Connection
    from ovmfgui.hosts.host import Host
    from ovmfgui.progress import Report


def connection_to(name: str) -> Connection:
    """A connection to a URI or to a tree of files; nothing happens before it is entered."""
    if not is_uri(name):
        return TreeConnection(name)
    if find_spec("libvirt") is not None:
        return LibvirtPythonConnection(name)
    return VirshConnection(name)


@contextmanager
def two_hosts(a: str, b: str, report: Report = silent) -> Iterator[tuple[Host, Host]]:
    """Both hosts of a preflight, those behind URIs collected into a folder that goes afterwards.

    Raises:
        Refused: one of them cannot be read.
    """
    with TemporaryDirectory(prefix="ovmfgui-hosts-") as scratch:
        first = _host(a, Path(scratch, "a"), [], report)
        guests = [x for d in first.domains for x in (d.definition, d.live) if x is not None]
        yield first, _host(b, Path(scratch, "b"), guests, report)


def _host(name: str, folder: Path, guests: list[bytes], report: Report) -> Host:
    if not is_uri(name):
        return read_host(name)
    with connection_to(name) as connection:
        found = collect(connection, folder, everything=False, guests=guests, report=report)
        return replace(found, name=name)
