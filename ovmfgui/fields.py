"""Structures read so that every field knows its bytes."""

from __future__ import annotations

from typing import Any, TypeVar

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.structure import Structure

S = TypeVar("S", bound=Structure)


class Field(NamedTuple):
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


def fields_of(structure: Structure, offset: int, **notes: str) -> tuple[Field, ...]:
    """The fields of a structure that was read at ``offset``, with their bytes and notes by name."""
    values = vars(structure)
    return tuple(
        Field(name, Span(offset + start, size), values[name], notes.get(name, ""))
        for name, start, size in structure.parts
    )


def read_fields(
    structure: type[S], data: bytes, offset: int, **notes: str
) -> tuple[S, tuple[Field, ...]] | None:
    """A structure at ``offset`` of ``data`` and its fields; None where ``data`` is too short."""
    read = structure.read(data, offset)
    return None if read is None else (read, fields_of(read, offset, **notes))
