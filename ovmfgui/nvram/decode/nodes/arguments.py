"""Reading the arguments in the text form of a device path node."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # What a node's text becomes: type, subtype and body. ValueError where it makes no sense.
    Built = tuple[int, int, bytes]
    Builder = Callable[[Sequence[str]], Built]


def number(text: str) -> int:
    """A number, decimal or in hex with 0x."""
    return int(text, 0)


def guid(text: str) -> bytes:
    """A GUID as its 16 bytes in flash: the first three parts little-endian."""
    return UUID(text).bytes_le


def hex_bytes(text: str) -> bytes:
    """Bytes in hex, with or without 0x and dashes."""
    return bytes.fromhex(text.removeprefix("0x").replace("-", ""))


def of_size(raw: bytes, size: int) -> bytes:
    """``raw``, which has to have ``size`` bytes."""
    if len(raw) != size:
        msg = f"{size} bytes are needed, not {len(raw)}"
        raise ValueError(msg)
    return raw


def ipv4(text: str) -> bytes:
    """An IPv4 address's bytes."""
    return IPv4Address(text).packed


def ipv6(text: str) -> bytes:
    """An IPv6 address's bytes."""
    return IPv6Address(text).packed


def one_of(names: dict[int, str], text: str) -> int:
    """The number that a name stands for, or a number."""
    for value, name in names.items():
        if name.casefold() == text.casefold():
            return value
    return number(text)


def ascii_bytes(text: str) -> bytes:
    """ASCII with its NUL."""
    return text.encode("latin-1") + b"\0"


def ucs2_bytes(text: str) -> bytes:
    """UCS-2 with its NUL."""
    return text.encode("utf-16-le") + b"\0\0"
