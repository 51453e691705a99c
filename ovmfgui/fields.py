"""Structures read so that every field knows its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


class FieldsWhenAsked(Sequence[Field]):
    """Fields that are read anew whenever somebody asks for them.

    An image has them by the ten thousand, and a person looks at a few: kept, they would be most of
    what Python's search for cycles has to go through.

    Args:
        read: reads them.
        of: what it is called with; bytes and numbers hold nothing else in memory.
    """

    __slots__ = ("_of", "_read")

    def __init__(self, read: Callable[..., Sequence[Field]], *of: object) -> None:
        self._read, self._of = read, of

    def _all(self) -> tuple[Field, ...]:
        return tuple(self._read(*self._of))

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Field: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, index: int | slice) -> Field | tuple[Field, ...]:
        return self._all()[index]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FieldsWhenAsked):
            if self._read is other._read and self._of == other._of:
                return True
            return self._all() == other._all()
        return self._all() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


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
