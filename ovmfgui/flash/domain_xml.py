"""libvirt domain XML: which flash images a domain starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from ovmfgui.flash.source import read_regular
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

_MAX_SIZE = 4 << 20


@dataclass(frozen=True, slots=True)
class DomainFirmware:
    """The firmware of a libvirt domain (libvirt's formatdomain, section "BIOS bootloader").

    Attributes:
        name: of the domain.
        loader: path of the CODE image; empty where libvirt picks it (firmware='efi').
        nvram: path of the private variable store; empty where none is named yet.
        template: path of the template that the store is made from.
        secure: whether the loader is marked secure='yes'.
    """

    name: str
    loader: str
    nvram: str
    template: str
    secure: bool


def read_domain(path: str | Path) -> DomainFirmware:
    """Read a domain's XML.

    Raises:
        Refused: it is none, or names no flash images.
    """
    # Imported here: XML is for one kind of input, and a short start for all.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    raw = read_regular(path, _MAX_SIZE)
    try:
        root = fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError) as error:
        msg = f"{path} is no libvirt domain XML: {error}"
        raise Refused(msg.replace("\n", " ")) from error
    # virsh snapshots and saved images wrap the domain.
    domain = root if root.tag == "domain" else root.find(".//domain")
    if domain is None:
        msg = f"{path} is XML, but no libvirt domain"
        raise Refused(msg)
    return _firmware(str(path), domain)


def _firmware(path: str, domain: Element) -> DomainFirmware:
    system = domain.find("os")
    loader = system.find("loader") if system is not None else None
    nvram = system.find("nvram") if system is not None else None
    found = DomainFirmware(
        (domain.findtext("name") or "").strip(),
        (loader.text or "").strip() if loader is not None else "",
        _store_path(nvram),
        nvram.get("template", "") if nvram is not None else "",
        loader is not None and loader.get("secure") == "yes",
    )
    if not found.loader:
        automatic = system is not None and system.get("firmware")
        why = "libvirt picks its firmware itself" if automatic else "it boots without UEFI flash"
        msg = (
            f"{path} names no loader: {why}; "
            "give the XML of the running domain (virsh dumpxml), which names it"
        )
        raise Refused(msg)
    return found


def _store_path(nvram: Element | None) -> str:
    if nvram is None:
        return ""
    source = nvram.find("source")
    if source is not None:
        return source.get("file", "")
    return (nvram.text or "").strip()
