"""Structures of fixed-size fields: typed classes, declared with construct, read in one go.

construct walks a structure field by field; the readers of whole images, which read thousands, take
the same declaration as one format of Python's ``struct``. Each field is an attribute by the
specification's own name, so that a misspelling is seen by the type checker::

    class BlockMapEntry(Structure):
        NumBlocks: int = member(Int32ul)
        Length: int = member(Int32ul)
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, dataclass_transform
from uuid import UUID

import construct
from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64sl, Int64ul

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "Bytes",
    "Guid",
    "Int8ul",
    "Int16ul",
    "Int32ul",
    "Int64sl",
    "Int64ul",
    "Part",
    "Structure",
    "member",
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


class _Member:
    """A field as it was declared."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind


def member(kind: Any) -> Any:
    """Declare a field of one of construct's types, or of ``Guid``."""
    return _Member(kind)


@dataclass_transform(kw_only_default=True, field_specifiers=(member,))
class Structure:
    """Fields one behind the other, without padding; all of one byte order.

    Attributes:
        PARTS: the fields in order.
        SIZE: of all of them, in bytes.
        LAYOUT: the declaration as construct has it.
    """

    PARTS: ClassVar[tuple[Part, ...]] = ()
    SIZE: ClassVar[int] = 0
    LAYOUT: ClassVar[Any] = construct.Struct()
    _PACKED: ClassVar[struct.Struct] = struct.Struct("<")
    _GUIDS: ClassVar[tuple[str, ...]] = ()
    _NAMES: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        members = {name: each.kind for name, each in vars(cls).items() if isinstance(each, _Member)}
        parts: list[Part] = []
        formats: list[str] = []
        order, offset = "<", 0
        for name, kind in members.items():
            # An attribute that was not set must be missed, not found in the class.
            delattr(cls, name)
            size = kind.sizeof()
            plain = isinstance(kind, construct.FormatField)
            if plain:
                order = kind.fmtstr[0]
            formats.append(kind.fmtstr[1:] if plain else f"{size}s")
            parts.append(Part(name, offset, size, kind is Guid))
            offset += size
        cls.PARTS, cls.SIZE = tuple(parts), offset
        cls.LAYOUT = construct.Struct(*(name / kind for name, kind in members.items()))
        cls._PACKED = struct.Struct("".join([order, *formats]))
        cls._NAMES = tuple(part.name for part in parts)
        cls._GUIDS = tuple(part.name for part in parts if part.is_guid)

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def read(cls, data: bytes, offset: int = 0) -> Self | None:
        """The structure at ``offset``; None where ``data`` is too short."""
        if offset < 0 or offset + cls.SIZE > len(data):
            return None
        made = cls.__new__(cls)
        fields = made.__dict__
        fields.update(zip(cls._NAMES, cls._PACKED.unpack_from(data, offset), strict=True))
        for name in cls._GUIDS:
            fields[name] = UUID(bytes_le=fields[name])
        return made

    def to_bytes(self) -> bytes:
        """The bytes of a structure that holds these values; each field has to have one.

        Raises:
            construct.ConstructError: a value does not fit its field.
        """
        return bytes(self.LAYOUT.build(vars(self)))
