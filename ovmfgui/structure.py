"""Structures of fixed-size little-endian fields, declared with construct and read in one go.

construct walks a structure field by field; the readers of whole images, which read thousands, take
the same declaration as one format of Python's ``struct``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import construct
from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64sl, Int64ul

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Bytes",
    "Guid",
    "Int8ul",
    "Int16ul",
    "Int32ul",
    "Int64sl",
    "Int64ul",
    "Part",
    "Struct",
]


class _Guid(construct.Adapter):  # type: ignore[misc]
    """EFI_GUID: 16 bytes, the first three parts little-endian (UEFI specification, appendix A)."""

    def _decode(self, obj: bytes, _context: object, _path: object) -> UUID:
        return UUID(bytes_le=bytes(obj))

    def _encode(self, obj: UUID, _context: object, _path: object) -> bytes:
        return obj.bytes_le


Guid = _Guid(Bytes(16))


class Part(NamedTuple):
    """A field of a structure; ``offset`` counts from the structure's start, sizes are bytes."""

    name: str
    offset: int
    size: int
    is_guid: bool


class Struct(construct.Struct):  # type: ignore[misc]
    """Fields one behind the other, without padding.

    Attributes:
        parts: the fields in order.
        size: of all of them, in bytes.
    """

    def __init__(self, *members: Any) -> None:
        super().__init__(*members)
        parts: list[Part] = []
        formats = ["<"]
        offset = 0
        for member in members:
            field = member.subcon
            size = member.sizeof()
            plain = isinstance(field, construct.FormatField)
            formats.append(field.fmtstr[1:] if plain else f"{size}s")
            parts.append(Part(member.name, offset, size, field is Guid))
            offset += size
        self.parts = tuple(parts)
        self.size = offset
        self._packed = struct.Struct("".join(formats))

    def read(self, data: bytes, offset: int) -> dict[str, Any] | None:
        """The values by name of the structure at ``offset``; None where ``data`` is too short."""
        if offset < 0 or offset + self.size > len(data):
            return None
        values = self._packed.unpack_from(data, offset)
        return {
            part.name: UUID(bytes_le=value) if part.is_guid else value
            for part, value in zip(self.parts, values, strict=True)
        }

    def build(self, obj: Mapping[str, Any], **_context: Any) -> bytes:
        """The bytes of a structure that holds these values; each field has to have one.

        Raises:
            construct.ConstructError: a value does not fit its field.
        """
        return bytes(super().build(obj))
