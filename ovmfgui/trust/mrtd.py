"""TDX's MRTD of an image: what an attestation quote says of what was started.

MRTD is SHA-384 over the calls with which the hypervisor builds the guest from the sections of the
image's TDVF metadata: TDH.MEM.PAGE.ADD for each page, and TDH.MR.EXTEND for each 256 bytes of the
sections that ask for it (Intel TDX Module Base Architecture Specification, measurement; Intel TDX
Virtual Firmware Design Guide, TDVF metadata). Hypervisors differ in the order of the calls.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_MEASURED
from ovmfgui.flash.reset_vector import MemoryRange, read_reset_vector
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE, _CHUNK = 0x1000, 0x100
_EXTEND, _LATER = 1, 2
"""TDX_METADATA_ATTRIBUTES_EXTENDMR and _PAGE_AUG (OvmfPkg, IntelTdxMetadata.asm)."""


class Mrtd(NamedTuple):
    """Both values; which one counts depends on the hypervisor.

    Attributes:
        by_section: every page of a section is added before the section is measured.
        by_page: each page is measured when it is added.
    """

    by_section: bytes
    by_page: bytes


class Section(NamedTuple):
    """A section of the TDVF metadata, with its contents padded to its size in memory."""

    address: int
    contents: bytes
    measured: bool


def mrtd(data: bytes) -> Mrtd:
    """MRTD of a unified image (VARS and CODE), which is what TDX guests start with.

    Raises:
        Refused: the image is not made for TDX, or only a part of it is given.
    """
    return measured(list(_sections(data)))


def measured(sections: list[Section]) -> Mrtd:
    """MRTD of sections, in the order of the metadata."""
    by_section, by_page = hashlib.sha384(), hashlib.sha384()
    for each in sections:
        pages = range(0, len(each.contents), _PAGE)
        extensions = [_extended(each, at) if each.measured else b"" for at in pages]
        for at, extension in zip(pages, extensions, strict=True):
            added = _call(b"MEM.PAGE.ADD", each.address + at)
            by_section.update(added)
            by_page.update(added + extension)
        for extension in extensions:
            by_section.update(extension)
    return Mrtd(by_section.digest(), by_page.digest())


def _call(name: bytes, address: int) -> bytes:
    """128 bytes: the call's name, at 16 the guest address, zeros."""
    return name.ljust(16, b"\0") + address.to_bytes(8, "little") + bytes(104)


def _extended(section: Section, page: int) -> bytes:
    return b"".join(
        _call(b"MR.EXTEND", section.address + at) + section.contents[at : at + _CHUNK]
        for at in range(page, page + _PAGE, _CHUNK)
    )


def _sections(data: bytes) -> Iterator[Section]:
    found = read_reset_vector(data)
    ranges = [each for each in found.ranges if each.technology == "TDX"] if found else []
    if not ranges:
        msg = "it has no TDVF metadata: this build does not start as a TDX guest"
        raise Refused(msg)
    if found is not None and found.unread:
        raise Refused(found.unread_words)
    for each in ranges:
        attributes = next((f.value for f in each.fields if f.name == "Attributes"), 0)
        if not attributes & _LATER:
            yield Section(each.address, _contents(data, each), bool(attributes & _EXTEND))


def _contents(data: bytes, each: MemoryRange) -> bytes:
    start, size = each.raw_offset or 0, each.raw_size or 0
    if each.size > MOST_MEASURED or each.size % _PAGE or size > each.size:
        msg = f"its TDVF metadata has a section of 0x{each.size:X} bytes, which no build has"
        raise Refused(msg)
    if start + size > len(data):
        msg = "its TDVF metadata speaks of the unified image, VARS and CODE in one file; give that"
        raise Refused(msg)
    return data[start : start + size].ljust(each.size, b"\0")
