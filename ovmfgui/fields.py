"""Structures read so that every field knows its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.structure import Struct


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


def read_values(structure: Struct, data: bytes, offset: int) -> dict[str, Any] | None:
    """The values by name of a structure at ``offset`` of ``data``; None where that is too short."""
    return structure.read(data, offset)


def fields_of(
    structure: Struct, values: Mapping[str, Any], offset: int, **notes: str
) -> tuple[Field, ...]:
    """The fields of a structure that was read at ``offset``, with their bytes and notes by name."""
    return tuple(
        Field(name, Span(offset + start, size), values[name], notes.get(name, ""))
        for name, start, size, _is_guid in structure.parts
    )


def read_fields(
    structure: Struct, data: bytes, offset: int, **notes: str
) -> tuple[dict[str, Any], tuple[Field, ...]] | None:
    """``read_values`` and ``fields_of`` in one; None where ``data`` is too short."""
    values = read_values(structure, data, offset)
    return None if values is None else (values, fields_of(structure, values, offset, **notes))
