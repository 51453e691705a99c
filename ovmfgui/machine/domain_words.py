"""The words of ``<os>`` that are known here; any other may decide, and is named.

docs/formatdomain.rst of libvirt, "Operating system booting", and its schema domaincommon.rng.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.machine.model import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_OF_OS = frozenset(
    (
        *("type", "loader", "nvram", "varstore", "firmware", "boot", "bootmenu", "smbios", "bios"),
        *("kernel", "initrd", "cmdline", "dtb", "shim", "acpi"),
    )
)
_ATTRIBUTES = {
    "loader": frozenset(("readonly", "secure", "type", "format", "stateless")),
    "nvram": frozenset(("type", "template", "templateFormat", "format")),
    "varstore": frozenset(("path", "template")),
}
_OF_NVRAM = frozenset(("source",))
# What says how a source is reached, and by whom, but not which bytes of it are mapped.
_OF_SOURCE = frozenset(("host", "auth", "seclabel", "reservations", "privateData", "cookies"))


def odd_words(system: Element) -> Iterator[Statement]:
    """What stands in a domain's ``<os>`` and is not known."""
    for child in system:
        if child.tag not in _OF_OS:
            yield Statement(f"<{child.tag}>", "an element that is not known here")
        for name in sorted(set(child.keys()) - _ATTRIBUTES.get(child.tag, set(child.keys()))):
            text = f"<{child.tag} {name}='{child.get(name)}'>"
            yield Statement(text, "an attribute that is not known here")
    for nvram in system.findall("nvram"):
        yield from _unknown(nvram, _OF_NVRAM)
        for source in nvram.findall("source"):
            yield from _unknown(source, _OF_SOURCE)


def _unknown(element: Element, known: frozenset[str]) -> Iterator[Statement]:
    for child in element:
        if child.tag not in known:
            yield Statement(f"<{element.tag}><{child.tag}>", "what is mapped of the store")
