"""What of a domain decides a verdict: domains alike in it are judged once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

if TYPE_CHECKING:
    from ovmfgui.hosts.host import Domain, Host

_DECIDING = re.compile(
    rb"<os[ >].*?</os>|<features>.*?</features>|<pm>.*?</pm>|<launchSecurity.*?</launchSecurity>"
    rb"|<launchSecurity[^>]*/>|<qemu:commandline.*?</qemu:commandline>",
    re.DOTALL,
)
"""The elements that ovmfgui.machine.domain looks at, beside the domain's name."""
_STORE = re.compile(
    rb"<nvram[^>]*>\s*(/[^<]*?)\s*</nvram>"
    rb"|<nvram[^>]*>\s*<source[^>]*\sfile=[\"'](/[^\"']*)[\"']"
    rb"|<varstore[^>]*\spath=[\"'](/[^\"']*)[\"']",
)
_FOLDER = "/var/lib/libvirt/qemu"
_OWN = re.compile(rb"(<nvram[^>]*>)\s*/var/lib/libvirt/qemu/nvram/[^<]*?\s*(</nvram>)")
_PRIVATE = b"\\1[its own]\\2"


def store_paths(domain: Domain) -> tuple[str, ...]:
    """Where the store of a domain lies, or may lie where its XML leaves that to libvirt."""
    found: dict[str, None] = {}
    for xml in (domain.live, domain.definition):
        named = None if xml is None else _STORE.search(xml)
        if named is not None:
            path = unescape((named[1] or named[2] or named[3]).decode("utf-8", "replace"))
            found[path] = None
        elif xml is not None:
            found |= dict.fromkeys(
                f"{_FOLDER}/{each}"
                for each in (
                    f"nvram/{domain.name}_VARS.fd",
                    f"nvram/{domain.name}_VARS.qcow2",
                    f"varstore/{domain.name}.json",
                )
            )
    return tuple(found)


def facts_of(domain: Domain, host: Host) -> bytes:
    """The same bytes for two domains only where every verdict on them is the same.

    Args:
        domain: as its host tells it.
        host: that it is on; the digest of its store is known there.
    """
    told = [_deciding(xml) for xml in (domain.live or b"", domain.definition or b"")]
    live = b"live" if domain.live is not None else b"off"
    paths = store_paths(domain)
    stores = [f"{file_at(each, host)} {host.storage_of(each)}".encode() for each in paths]
    return sha256(b"\0".join([live, *told, *stores])).digest()


def file_at(path: str, host: Host) -> str:
    """What a host has under a path: a digest, why nothing is known of it, or ``missing``."""
    return host.digests.get(path) or host.unseen(path) or "missing"


def _deciding(xml: bytes) -> bytes:
    """Libvirt writes no comments and no CDATA; where there are some nothing is cut out."""
    if b"<!" in xml or b"<?" in xml.lstrip()[5:]:
        return xml
    return _OWN.sub(_PRIVATE, b"\n".join(_DECIDING.findall(xml)))


def host_facts(host: Host) -> bytes:
    """The same bytes for two hosts only where every domain that comes there meets the same."""
    types = sorted((name, sorted(each)) for name, each in (host.machine_types or {}).items())
    files = [(path, digest) for path, digest in host.digests.items() if path not in host.stores]
    without = [(p, why) for p, why in host.without_contents.items() if p not in host.stores]
    known = (host.machine_types is None, types, sorted(files), sorted(without))
    folders = None if host.folders is None else sorted(host.folders)
    return sha256(repr((known, folders)).encode()).digest()
