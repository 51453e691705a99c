"""What of a domain decides a verdict: domains alike in it are judged once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.hosts.host import Domain, Host

_DECIDING = re.compile(
    rb"<os[ >].*?</os>|<features>.*?</features>|<pm>.*?</pm>|<launchSecurity.*?</launchSecurity>"
    rb"|<launchSecurity[^>]*/>|<qemu:commandline.*?</qemu:commandline>",
    re.DOTALL,
)
"""The elements that ovmfgui.machine.domain looks at, beside the domain's name."""
_STORE = re.compile(rb"(<nvram[^>]*>)\s*(/var/lib/libvirt/qemu/nvram/[^<]*?)\s*(</nvram>)")
_PRIVATE = b"\\1[its own]\\3"


def store_path(domain: Domain) -> str:
    """Where libvirt's own folder holds the store of a domain; empty where it lies elsewhere."""
    found = _STORE.search(domain.now)
    if found is not None:
        return found[2].decode("utf-8", "replace")
    if b"<nvram" in domain.now or b"<varstore" in domain.now:
        return ""
    return f"/var/lib/libvirt/qemu/nvram/{domain.name}_VARS.fd"


def facts_of(domain: Domain, host: Host) -> bytes:
    """The same bytes for two domains only where every verdict on them is the same.

    Args:
        domain: as its host tells it.
        host: that it is on; the digest of its store is known there.
    """
    store = store_path(domain)
    known = host.digests.get(store) or host.unseen(store) or "missing"
    told = [_deciding(xml) for xml in (domain.live or b"", domain.definition or b"")]
    live = b"live" if domain.live is not None else b"off"
    parts = [live, *told, known.encode(), (b"" if store else domain.name.encode())]
    return sha256(b"\0".join(parts)).digest()


def _deciding(xml: bytes) -> bytes:
    """Libvirt writes no comments and no CDATA; where there are some nothing is cut out."""
    if b"<!" in xml or b"<?" in xml.lstrip()[5:]:
        return xml
    return _STORE.sub(_PRIVATE, b"\n".join(_DECIDING.findall(xml)))


def host_facts(host: Host) -> bytes:
    """The same bytes for two hosts only where every domain that comes there meets the same."""
    types = sorted((name, sorted(each)) for name, each in (host.machine_types or {}).items())
    files = [(path, digest) for path, digest in host.digests.items() if path not in host.stores]
    without = [(p, why) for p, why in host.without_contents.items() if p not in host.stores]
    known = (host.machine_types is None, types, sorted(files), sorted(without))
    folders = None if host.folders is None else sorted(host.folders)
    return sha256(repr((known, folders)).encode()).digest()
