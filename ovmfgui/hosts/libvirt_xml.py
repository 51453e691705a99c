"""What is read of libvirt's XML beside domains: capabilities, storage pools and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.decimal_text import decimal
from ovmfgui.machine.model import qemu_architecture

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parsed(raw: bytes | str) -> Element | None:
    """The root element; None where it is no XML, or harmful."""
    # Imported here: XML is for one kind of input, and a short start for all.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def machine_types(capabilities: bytes) -> dict[str, list[str]]:
    """Machine types by architecture, aliases included, of ``virsh capabilities``."""
    root = parsed(capabilities)
    found: dict[str, set[str]] = {}
    for guest in () if root is None else root.findall("guest"):
        arch = guest.find("arch")
        name = qemu_architecture(None if arch is None else arch.get("name"))
        if arch is None or name is None:
            continue
        types = found.setdefault(name, set())
        for machine in arch.iter("machine"):
            types.update(filter(None, ((machine.text or "").strip(), machine.get("canonical"))))
    return {name: sorted(types) for name, types in sorted(found.items())}


def pool_folder(pool: bytes) -> tuple[str, str]:
    """Type and folder of a storage pool; no folder where it is not one of files."""
    root = parsed(pool)
    if root is None:
        return "", ""
    return root.get("type", ""), (root.findtext("target/path") or "").strip()


def volume_size(volume: bytes | str) -> int | None:
    """Bytes of a volume's file as it is stored; None where they are not told."""
    root = parsed(volume)
    for tag in ("physical", "allocation", "capacity"):
        said = None if root is None else root.find(tag)
        if said is not None and said.get("unit", "bytes") == "bytes":
            return decimal((said.text or "").strip())
    return None
