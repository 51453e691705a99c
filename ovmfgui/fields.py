"""Structures declared with construct, read so that every field knows its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from construct import Adapter, Bytes, ConstructError, Struct

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Guid(Adapter):  # type: ignore[misc]
    """EFI_GUID: 16 bytes, the first three parts little-endian (UEFI specification, appendix A)."""

    def _decode(self, obj: bytes, _context: object, _path: object) -> UUID:
        return UUID(bytes_le=bytes(obj))

    def _encode(self, obj: UUID, _context: object, _path: object) -> bytes:
        return obj.bytes_le


Guid = _Guid(Bytes(16))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a structure as it stands in the bytes.

    Attributes:
        name: the specification's own name.
        span: its bytes, in the space of whoever holds the field.
        value: the value as decoded (int, UUID, bytes, str).
        text: the value as a person reads it.
        note: what the value means, empty where the text says it all.
    """

    name: str
    span: Span
    value: Any
    text: str
    note: str = ""


def value_text(value: object, size: int) -> str:
    """A field's value in short: numbers in hex at the field's width, bytes in hex, text as it is."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"0x{value:0{2 * size}X}"
        case bytes() | bytearray():
            return value.hex(" ") if len(value) <= 16 else f"{value[:16].hex(' ')} …"
        case _:
            return str(value)


def read_fields(
    structure: Struct, data: bytes, offset: int, notes: Mapping[str, str] | None = None
) -> tuple[dict[str, Any], tuple[Field, ...]] | None:
    """Read a structure of fixed-size fields at ``offset`` of ``data``.

    Returns the values by name and the fields with their bytes; None where ``data`` is too short.
    """
    if offset < 0 or offset + structure.sizeof() > len(data):
        return None
    try:
        parsed = structure.parse(data[offset : offset + structure.sizeof()])
    except ConstructError:
        return None
    values: dict[str, Any] = {}
    fields: list[Field] = []
    for part in structure.subcons:
        size = part.sizeof()
        if part.name is not None:
            value = parsed[part.name]
            values[part.name] = value
            note = (notes or {}).get(part.name, "")
            fields.append(
                Field(part.name, Span(offset, size), value, value_text(value, size), note)
            )
        offset += size
    return values, tuple(fields)
