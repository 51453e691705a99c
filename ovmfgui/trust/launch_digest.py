"""SEV-SNP's launch digest of a CODE image: what an attestation report says of what was started.

The digest is a chain of SHA-384 over PAGE_INFO, one for each page that QEMU hands to the processor
before the start (AMD SEV-SNP ABI specification, 8.17): the image, the pages of its SEV metadata,
and a VMSA for each virtual processor (AMD64 Architecture Programmer's Manual, volume 2, table B-4,
with the state that QEMU and KVM give it).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.budgets import MOST_MEASURED
from ovmfgui.flash.placement import FOUR_GIB
from ovmfgui.flash.reset_vector import MemoryRange, read_reset_vector
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.flash.reset_vector import ResetVector

_PAGE = 0x1000
_RESET_BLOCK = UUID("00f771de-1a7e-4fcb-890e-68c77e2fb44e")
"""OvmfPkg/ResetVector: where the other processors start (SEV-ES reset block)."""
_NORMAL, _VMSA, _ZERO, _SECRETS, _CPUID = 1, 2, 3, 5, 6
"""PAGE_TYPE, table 66 of the ABI specification."""
_PAGE_TYPES = {1: _ZERO, 2: _SECRETS, 3: _CPUID, 4: _ZERO, 0x10: _ZERO}
"""Of a range of OVMF's SEV metadata; the page for kernel hashes is empty without a kernel."""
_VMSA_ADDRESS = 0xFFFFFFFFF000
MOST_PROCESSORS = 4096
FEATURES = 0x1
"""SEV_FEATURES as QEMU sets them where nothing else is asked for: SNPActive."""

MODELS = {
    "EPYC": (23, 1, 2),
    "EPYC-Rome": (23, 49, 0),
    "EPYC-Milan": (25, 1, 1),
    "EPYC-Genoa": (25, 17, 0),
    "EPYC-Turin": (26, 0, 0),
}
"""Family, model and stepping of QEMU's processors (target/i386/cpu.c), of every version alike."""


class LaunchDigest(NamedTuple):
    """What was measured.

    Attributes:
        digest: SHA-384, as in an attestation report (MEASUREMENT).
        image: the digest once the image is in it, before any other page.
        pages: how many pages were measured.
    """

    digest: bytes
    image: bytes
    pages: int


def signature_of(family: int, model: int, stepping: int) -> int:
    """EAX of CPUID function 1 (AMD CPUID specification, Fn0000_0001_EAX)."""
    low = min(family, 0xF)
    return (family - low) << 20 | model >> 4 << 16 | low << 8 | (model & 0xF) << 4 | stepping


def launch_digest(
    data: bytes, processors: int, signature: int, features: int = FEATURES
) -> LaunchDigest:
    """The launch digest of an image that ends at 4 GiB, without a kernel beside it.

    Args:
        data: of the image.
        processors: virtual processors.
        signature: of their model, EAX of CPUID function 1.
        features: SEV_FEATURES.

    Raises:
        Refused: the image is not made for SEV-SNP.
    """
    found = read_reset_vector(data)
    ranges = [] if found is None else [each for each in found.ranges if each.technology == "SEV"]
    if found is None or not ranges:
        msg = "it has no SEV metadata: this build does not start as an SEV-SNP guest"
        raise Refused(msg)
    if found.unread:
        raise Refused(found.unread_words)
    if len(data) % _PAGE:
        msg = f"its {len(data):,} bytes are no whole pages of 4 KiB"
        raise Refused(msg)
    if not 1 <= processors <= MOST_PROCESSORS:
        msg = f"{processors} is no number of virtual processors (1 to {MOST_PROCESSORS:,})"
        raise Refused(msg)
    chain = _Chain()
    start = FOUR_GIB - len(data)
    for at in range(0, len(data), _PAGE):
        chain.add(_NORMAL, start + at, data[at : at + _PAGE])
    image = chain.digest
    for each in ranges:
        _add_range(chain, each)
    chain.add(_VMSA, _VMSA_ADDRESS, _save_area(0xFFFFFFF0, signature, features))
    if processors > 1:
        other = _save_area(_other_start(data, found), signature, features)
        for _ in range(processors - 1):
            chain.add(_VMSA, _VMSA_ADDRESS, other)
    return LaunchDigest(chain.digest, image, chain.pages)


class _Chain:
    """The digest so far."""

    def __init__(self) -> None:
        self.digest = bytes(48)
        self.pages = 0

    def add(self, kind: int, address: int, contents: bytes | None) -> None:
        """PAGE_INFO: digest, contents, length, type, IMI, permissions of VMPL 3 to 1, address."""
        inside = bytes(48) if contents is None else hashlib.sha384(contents).digest()
        size = (0x70).to_bytes(2, "little")
        info = self.digest + inside + size + bytes((kind, 0, 0, 0, 0, 0))
        self.digest = hashlib.sha384(info + address.to_bytes(8, "little")).digest()
        self.pages += 1


def _add_range(chain: _Chain, each: MemoryRange) -> None:
    kind = _PAGE_TYPES.get(each.type)
    if kind is None:
        msg = f"its SEV metadata has a range of a type that is not known (0x{each.type:X})"
        raise Refused(msg)
    if each.size > MOST_MEASURED or each.size % _PAGE:
        msg = f"its SEV metadata has a range of 0x{each.size:X} bytes, which no build has"
        raise Refused(msg)
    for at in range(0, each.size, _PAGE):
        chain.add(kind, each.address + at, None)


def _other_start(data: bytes, found: ResetVector) -> int:
    entry = next((each for each in found.entries if each.guid == _RESET_BLOCK), None)
    if entry is None:
        msg = "it has no SEV-ES reset block: it does not say where the other processors start"
        raise Refused(msg)
    return int.from_bytes(entry.span.of(data)[:4], "little")


_SEGMENTS = (
    # Offset, selector, attributes, and the limit; the base is zero but for CS.
    (0x00, 0, 0x93),  # ES
    (0x10, 0xF000, 0x9B),  # CS
    (0x20, 0, 0x93),  # SS
    (0x30, 0, 0x93),  # DS
    (0x40, 0, 0x93),  # FS
    (0x50, 0, 0x93),  # GS
    (0x60, 0, 0x00),  # GDTR
    (0x70, 0, 0x82),  # LDTR
    (0x80, 0, 0x00),  # IDTR
    (0x90, 0, 0x8B),  # TR
)
_REGISTERS = (
    (0x0D0, 8, 0x1000),  # EFER: SVME, which KVM sets
    (0x148, 8, 0x40),  # CR4: MCE, which KVM sets
    (0x158, 8, 0x10),  # CR0: ET
    (0x160, 8, 0x400),  # DR7
    (0x168, 8, 0xFFFF0FF0),  # DR6
    (0x170, 8, 0x2),  # RFLAGS
    (0x268, 8, 0x0007040600070406),  # G_PAT
    (0x3E8, 8, 0x1),  # XCR0
    (0x408, 4, 0x1F80),  # MXCSR
    (0x410, 2, 0x37F),  # X87 control word
)
_CS_BASE, _RIP, _RDX, _SEV_FEATURES = 0x18, 0x178, 0x310, 0x3B0


def _save_area(start: int, signature: int, features: int) -> bytes:
    """The VMSA of a processor that starts at a guest address in real mode."""
    page = bytearray(_PAGE)

    def put(at: int, size: int, value: int) -> None:
        page[at : at + size] = value.to_bytes(size, "little")

    for at, selector, attributes in _SEGMENTS:
        put(at, 2, selector)
        put(at + 2, 2, attributes)
        put(at + 4, 4, 0xFFFF)
    for at, size, value in _REGISTERS:
        put(at, size, value)
    put(_CS_BASE, 8, start & 0xFFFF0000)
    put(_RIP, 8, start & 0xFFFF)
    put(_RDX, 8, signature)
    put(_SEV_FEATURES, 8, features)
    return bytes(page)
