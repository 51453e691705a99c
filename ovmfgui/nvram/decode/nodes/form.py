"""What a kind of device path node is: its bytes and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.faults import visible_name
from ovmfgui.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

S = TypeVar("S", bound=Structure)
# Inside NodeForm, ``type`` is a field.
StructureClass = type[S]


class NodeForm(NamedTuple, Generic[S]):
    """One kind of node.

    Attributes:
        type: of EFI_DEVICE_PATH_PROTOCOL.
        subtype: of EFI_DEVICE_PATH_PROTOCOL.
        title: what the UEFI specification calls it.
        structure: the fixed part of the body (behind the four bytes of node header).
        text: the text form from the fixed part and the rest of the body (UEFI
            specification, section 10.6; where that leaves a choice, as edk2 writes it).
    """

    type: int
    subtype: int
    title: str
    structure: StructureClass[S]
    text: Callable[[S, bytes], str]


def upper(guid: UUID) -> str:
    """A GUID as device path text writes it."""
    return str(guid).upper()


def ascii_text(raw: bytes) -> str:
    """The characters up to the first NUL."""
    return visible_name(raw.split(b"\0", 1)[0].decode("latin-1"))


def ucs2_text(raw: bytes) -> str:
    """The UCS-2 characters up to the first NUL; an odd last byte is left out."""
    text = raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass")
    return visible_name(text.split("\0", 1)[0])


def with_data(name: str, guid: UUID, data: bytes) -> str:
    """A vendor-defined node: its GUID, and its data in hex where it has any."""
    return f"{name}({upper(guid)}{',' + data.hex() if data else ''})"


def ipv4_text(raw: bytes) -> str:
    """An IPv4 address of four bytes, with dots."""
    return ".".join(map(str, raw))


def ipv6_text(raw: bytes) -> str:
    """An IPv6 address, all of its 32 digits."""
    return raw.hex(":", 2)
