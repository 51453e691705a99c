"""Structures declared with construct, read so that every field knows its bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from construct import Adapter, Bytes, FormatField

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from construct import Struct


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
        note: what the value means, empty where the text says it all.
    """

    name: str
    span: Span
    value: Any
    note: str = ""

    @property
    def text(self) -> str:
        """The value as a person reads it: numbers in hex at the field's width, bytes in hex."""
        match self.value:
            case bool():
                return "yes" if self.value else "no"
            case int():
                return f"0x{self.value:0{2 * self.span.size}X}"
            case bytes() as raw:
                return raw.hex(" ") if len(raw) <= 16 else f"{raw[:16].hex(' ')} …"
            case _:
                return str(self.value)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A construct of fixed-size fields as one struct format: unpacking is a hot loop."""

    unpack: struct.Struct
    parts: tuple[tuple[str, int, int, bool], ...]  # name, offset, size, whether a GUID


@cache
def _plan(structure: Struct) -> _Plan:
    formats = ["<"]
    parts: list[tuple[str, int, int, bool]] = []
    offset = 0
    for part in structure.subcons:
        plain = part.subcon if hasattr(part, "subcon") and part.name is not None else part
        size = part.sizeof()
        if isinstance(plain, FormatField):
            formats.append(plain.fmtstr[1:])
        else:
            formats.append(f"{size}s")
        parts.append((part.name or "", offset, size, plain is Guid))
        offset += size
    return _Plan(struct.Struct("".join(formats)), tuple(parts))


def size_of(structure: Struct) -> int:
    """Bytes of a structure of fixed-size fields; ``sizeof`` without its cost in a loop."""
    return _plan(structure).unpack.size


def read_values(structure: Struct, data: bytes, offset: int) -> dict[str, Any] | None:
    """Read a structure of fixed-size little-endian fields at ``offset`` of ``data``.

    Returns the values by name; None where ``data`` is too short.
    """
    plan = _plan(structure)
    if offset < 0 or offset + plan.unpack.size > len(data):
        return None
    values = plan.unpack.unpack_from(data, offset)
    return {
        name: UUID(bytes_le=value) if guid else value
        for (name, _offset, _size, guid), value in zip(plan.parts, values, strict=True)
    }


def fields_of(
    structure: Struct, values: Mapping[str, Any], offset: int, **notes: str
) -> tuple[Field, ...]:
    """The fields of a structure that was read at ``offset``, with their bytes and notes by name."""
    return tuple(
        Field(name, Span(offset + start, size), values[name], notes.get(name, ""))
        for name, start, size, _guid in _plan(structure).parts
    )


def read_fields(
    structure: Struct, data: bytes, offset: int, **notes: str
) -> tuple[dict[str, Any], tuple[Field, ...]] | None:
    """``read_values`` and ``fields_of`` in one; None where ``data`` is too short."""
    values = read_values(structure, data, offset)
    return None if values is None else (values, fields_of(structure, values, offset, **notes))
