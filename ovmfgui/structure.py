"""Structures of fixed-size fields as classes, declared with construct's types.

::

    class BlockMapEntry(Structure):
        NumBlocks: UInt32
        Length: UInt32

A field's type says both what a reader gets (an ``int``, ``bytes``, a ``UUID``), so that a type
checker knows every field, and how construct reads it. construct walks a structure field by field;
the readers of whole images, which read thousands, take the same declaration as one format of
Python's ``struct``.
"""

from __future__ import annotations

import inspect
import struct
from functools import lru_cache
from typing import Annotated, Any, ClassVar, NamedTuple, NoReturn, Self, dataclass_transform
from uuid import UUID

import construct
from construct import Bytes

__all__ = [
    "BigUInt8",
    "BigUInt16",
    "BigUInt32",
    "BigUInt64",
    "Bytes",
    "Guid",
    "Int16",
    "Int64",
    "Part",
    "Structure",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
]


class _Guid(construct.Adapter):  # type: ignore[misc]
    """EFI_GUID: 16 bytes, the first three parts little-endian (UEFI specification, appendix A)."""

    def _decode(self, obj: bytes, _context: object, _path: object) -> UUID:
        return UUID(bytes_le=bytes(obj))

    def _encode(self, obj: UUID, _context: object, _path: object) -> bytes:
        return obj.bytes_le


Guid = Annotated[UUID, _Guid(Bytes(16))]
UInt8 = Annotated[int, construct.Int8ul]
UInt16 = Annotated[int, construct.Int16ul]
UInt32 = Annotated[int, construct.Int32ul]
UInt64 = Annotated[int, construct.Int64ul]
Int16 = Annotated[int, construct.Int16sl]
Int64 = Annotated[int, construct.Int64sl]
# Network byte order, as QEMU writes its streams and images.
BigUInt8 = Annotated[int, construct.Int8ub]
BigUInt16 = Annotated[int, construct.Int16ub]
BigUInt32 = Annotated[int, construct.Int32ub]
BigUInt64 = Annotated[int, construct.Int64ub]


class Part(NamedTuple):
    """A field of a structure; ``offset`` counts from the structure's start, sizes are bytes."""

    name: str
    offset: int
    size: int


@lru_cache(maxsize=1024)
def _uuid(raw: bytes) -> UUID:
    """The GUID; made once, since thousands of records share a few, and told apart by identity."""
    return UUID(bytes_le=raw)


def _size(member: Any) -> int:
    """Bytes of a field: construct's own answer takes as long as all else about a structure."""
    size: int = (member.subcon if isinstance(member, _Guid) else member).length
    return size


def _one_format(members: dict[str, Any]) -> str:
    """The fields as one format of ``struct``; all its integers have one byte order."""
    formats: list[str] = []
    orders: set[str] = set()
    for member in members.values():
        if isinstance(member, construct.FormatField):
            orders.add(member.fmtstr[0])
            formats.append(member.fmtstr[1:])
        else:
            formats.append(f"{_size(member)}s")
    if len(orders) > 1:
        raise TypeError("the integers of a structure have one byte order")
    return (orders.pop() if orders else "<") + "".join(formats)


class _WhenAsked:
    """What a declaration tells, read when it is first asked for: most structures never are."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _instance: object, owner: type[Structure]) -> Any:
        owner.declare()
        return owner.__dict__[self._name]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Structure:
    """Fields one behind the other, without padding; a subclass's follow those of its base.

    Attributes:
        parts: the fields in order.
    """

    parts: ClassVar[tuple[Part, ...]] = ()
    _members: ClassVar[dict[str, Any]] = {}
    _guids: ClassVar[tuple[str, ...]] = ()
    _packed: ClassVar[struct.Struct] = struct.Struct("<")

    def __init_subclass__(cls) -> None:
        for name in ("parts", "_members", "_guids", "_packed"):
            setattr(cls, name, _WhenAsked(name))

    @classmethod
    def declare(cls) -> None:
        """Read the declaration, which happens by itself when the structure is first used.

        Raises:
            TypeError: it is none.
        """
        own = inspect.get_annotations(cls, eval_str=True)
        base: Any = cls.__mro__[1]
        inherited: dict[str, Any] = base._members  # noqa: SLF001 (it is one of these too)
        cls._members = inherited | {name: hint.__metadata__[0] for name, hint in own.items()}
        parts: list[Part] = []
        offset = 0
        for name, member in cls._members.items():
            parts.append(Part(name, offset, _size(member)))
            offset += parts[-1].size
        cls.parts = tuple(parts)
        cls._guids = tuple(n for n, member in cls._members.items() if isinstance(member, _Guid))
        cls._packed = struct.Struct(_one_format(cls._members))

    def __init__(self, **values: Any) -> None:
        if values.keys() != self._members.keys():
            wrong = ", ".join(sorted(values.keys() ^ self._members.keys()))
            raise TypeError(f"{type(self).__name__}: missing or unknown: {wrong}")
        vars(self).update({name: values[name] for name in self._members})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"

    @classmethod
    def sizeof(cls) -> int:
        """The size of all fields in bytes."""
        return cls._packed.size

    @classmethod
    def offsetof(cls, name: str) -> int:
        """Where the field of this name lies, in bytes from the structure's start."""
        return next(part.offset for part in cls.parts if part.name == name)

    @classmethod
    def read(cls, data: bytes, offset: int = 0) -> Self | None:
        """The structure at ``offset`` of ``data``; None where ``data`` is too short."""
        if offset < 0 or offset + cls._packed.size > len(data):
            return None
        made = object.__new__(cls)
        values = vars(made)
        values.update(zip(cls._members, cls._packed.unpack_from(data, offset), strict=True))
        for name in cls._guids:
            values[name] = _uuid(values[name])
        return made

    def to_bytes(self) -> bytes:
        """The structure as it stands in a file.

        Raises:
            construct.ConstructError: a value does not fit its field.
        """
        values = dict(vars(self))
        for name in self._guids:
            values[name] = values[name].bytes_le
        for part in self.parts:
            value = values[part.name]
            # struct would fill up what is too short and cut what is too long.
            if isinstance(value, bytes) and len(value) != part.size:
                msg = f"{part.name} has {part.size} bytes, not {len(value)}"
                raise construct.ConstructError(msg)
        try:
            return self._packed.pack(*values.values())
        except struct.error as error:
            raise construct.ConstructError(str(error)) from error
