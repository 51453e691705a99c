"""Structures of fixed-size fields, declared in construct's notation.

Half of the time that a command takes to start went into importing construct, for declarations that
use none of its power: little-endian numbers, GUIDs and runs of bytes, one behind the other.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping


class Part(NamedTuple):
    """A field of a structure; ``offset`` counts from the structure's start, sizes are bytes."""

    name: str
    offset: int
    size: int
    is_guid: bool


class Kind(NamedTuple):
    """What a field holds: ``code`` is its format in Python's ``struct``."""

    code: str
    is_guid: bool = False

    def __rtruediv__(self, name: str) -> tuple[str, Kind]:
        return name, self


Int8ul, Int16ul, Int32ul, Int64ul = Kind("B"), Kind("H"), Kind("I"), Kind("Q")
Int64sl = Kind("q")
# EFI_GUID: 16 bytes, the first three parts little-endian (UEFI specification, appendix A).
Guid = Kind("16s", is_guid=True)


def Bytes(size: int) -> Kind:  # noqa: N802 (construct's name)
    """A run of ``size`` bytes."""
    return Kind(f"{size}s")


class Struct:
    """Fields one behind the other, without padding.

    Attributes:
        parts: the fields in order.
        size: of all of them.
    """

    __slots__ = ("_packed", "parts", "size")

    def __init__(self, *members: tuple[str, Kind]) -> None:
        parts: list[Part] = []
        offset = 0
        for name, kind in members:
            size = struct.calcsize(f"<{kind.code}")
            parts.append(Part(name, offset, size, kind.is_guid))
            offset += size
        self.parts = tuple(parts)
        self.size = offset
        self._packed = struct.Struct("<" + "".join(kind.code for _name, kind in members))

    def read(self, data: bytes, offset: int) -> dict[str, Any] | None:
        """The values by name of the structure at ``offset``; None where ``data`` is too short."""
        if offset < 0 or offset + self.size > len(data):
            return None
        values = self._packed.unpack_from(data, offset)
        return {
            part.name: UUID(bytes_le=value) if part.is_guid else value
            for part, value in zip(self.parts, values, strict=True)
        }

    def build(self, values: Mapping[str, Any]) -> bytes:
        """The bytes of a structure that holds ``values``; each field has to have one.

        Raises:
            struct.error: a number does not fit its field.
            ValueError: a run of bytes has another length than its field.
        """
        packed = []
        for part in self.parts:
            value = values[part.name]
            raw = value.bytes_le if part.is_guid else value
            if isinstance(raw, bytes) and len(raw) != part.size:
                msg = f"{part.name} takes {part.size} bytes, not {len(raw)}"
                raise ValueError(msg)
            packed.append(raw)
        return self._packed.pack(*packed)

    def sizeof(self) -> int:
        """Bytes of the structure."""
        return self.size
