"""Structures of fixed-size fields as classes, declared with construct's types.

::

    class BlockMapEntry(Structure):
        NumBlocks: UInt32
        Length: UInt32

A field's type says both what a reader gets (an ``int``, ``bytes``, a ``UUID``), so that a type
checker knows every field, and which of construct's types it is. construct reads a structure field
by field, takes 20 ms to load and knows more than one format: ``as_construct`` is the declaration as
it takes it, and it is asked which field a value does not fit. The readers of whole images, which
read thousands, take the same declaration as one format of Python's ``struct``.
"""

from __future__ import annotations

import struct
import sys
from functools import lru_cache
from typing import Annotated, Any, ClassVar, NoReturn, Self, dataclass_transform
from uuid import UUID

from ovmfgui.named_tuple import NamedTuple

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


class Bytes(NamedTuple):
    """construct's ``Bytes``: so many of them."""

    size: int

    @property
    def format(self) -> str:
        """As ``struct`` names it."""
        return f"{self.size}s"

    def as_construct(self) -> Any:
        """The field as construct knows it."""
        import construct

        return construct.Bytes(self.size)


class _Guid(Bytes):
    """EFI_GUID: 16 bytes, the first three parts little-endian (UEFI specification, appendix A)."""

    def as_construct(self) -> Any:
        import construct

        def from_guid(guid: UUID, _context: object) -> bytes:
            return guid.bytes_le

        def to_guid(raw: bytes, _context: object) -> UUID:
            return UUID(bytes_le=raw)

        return construct.ExprAdapter(super().as_construct(), to_guid, from_guid)


class _Integer(NamedTuple):
    """One of construct's integers, by its name there: ``Int32ul`` is little-endian, unsigned."""

    name: str

    @property
    def size(self) -> int:
        return int(self.name[3:-2]) // 8

    @property
    def order(self) -> str:
        """The byte order as ``struct`` names it."""
        return "<" if self.name[-1] == "l" else ">"

    @property
    def format(self) -> str:
        """As ``struct`` names it, but for the byte order."""
        letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[self.size]
        return letter if self.name[-2] == "u" else letter.lower()

    def as_construct(self) -> Any:
        """The field as construct knows it."""
        import construct

        return getattr(construct, self.name)


Guid = Annotated[UUID, _Guid(16)]
UInt8 = Annotated[int, _Integer("Int8ul")]
UInt16 = Annotated[int, _Integer("Int16ul")]
UInt32 = Annotated[int, _Integer("Int32ul")]
UInt64 = Annotated[int, _Integer("Int64ul")]
Int16 = Annotated[int, _Integer("Int16sl")]
Int64 = Annotated[int, _Integer("Int64sl")]
# Network byte order, as QEMU writes its streams and images.
BigUInt8 = Annotated[int, _Integer("Int8ub")]
BigUInt16 = Annotated[int, _Integer("Int16ub")]
BigUInt32 = Annotated[int, _Integer("Int32ub")]
BigUInt64 = Annotated[int, _Integer("Int64ub")]


class Part(NamedTuple):
    """A field of a structure; ``offset`` counts from the structure's start, sizes are bytes."""

    name: str
    offset: int
    size: int


@lru_cache(maxsize=1024)
def _uuid(raw: bytes) -> UUID:
    """The GUID; made once, since thousands of records share a few, and told apart by identity."""
    return UUID(bytes_le=raw)


def _one_format(members: dict[str, Bytes | _Integer]) -> str:
    """The fields as one format of ``struct``; all its integers have one byte order."""
    orders = {member.order for member in members.values() if isinstance(member, _Integer)}
    if len(orders) > 1:
        raise TypeError("the integers of a structure have one byte order")
    return (orders.pop() if orders else "<") + "".join(each.format for each in members.values())


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
    _members: ClassVar[dict[str, Bytes | _Integer]] = {}
    _guids: ClassVar[tuple[str, ...]] = ()
    _sized: ClassVar[tuple[tuple[str, int], ...]] = ()
    _packed: ClassVar[struct.Struct] = struct.Struct("<")

    def __init_subclass__(cls) -> None:
        for name in ("parts", "_members", "_guids", "_sized", "_packed"):
            setattr(cls, name, _WhenAsked(name))

    @classmethod
    def declare(cls) -> None:
        """Read the declaration, which happens by itself when the structure is first used.

        Raises:
            TypeError: it is none.
        """
        known = vars(sys.modules[cls.__module__])
        base: Any = cls.__mro__[1]
        members: dict[str, Any] = dict(base._members)  # noqa: SLF001 (it is one of these too)
        for name, hint in vars(cls).get("__annotations__", {}).items():
            kind = eval(hint, known) if isinstance(hint, str) else hint
            members[name] = kind.__metadata__[0]
        cls._members = members
        parts: list[Part] = []
        offset = 0
        for name, member in cls._members.items():
            parts.append(Part(name, offset, member.size))
            offset += parts[-1].size
        cls.parts = tuple(parts)
        cls._guids = tuple(n for n, member in cls._members.items() if isinstance(member, _Guid))
        cls._sized = tuple((n, each.size) for n, each in members.items() if type(each) is Bytes)
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

    @classmethod
    def as_construct(cls) -> Any:
        """The declaration as a ``construct.Struct``: it reads and builds what this class does."""
        import construct

        members = cls._members.items()
        return construct.Struct(*(name / member.as_construct() for name, member in members))

    def to_bytes(self) -> bytes:
        """The structure as it stands in a file.

        Raises:
            construct.ConstructError: a value does not fit its field.
        """
        values = dict(vars(self))
        for name in self._guids:
            values[name] = values[name].bytes_le
        try:
            packed = self._packed.pack(*values.values())
        except struct.error:
            packed = b""
        # struct fills up what is too short and cuts what is too long.
        for name, size in self._sized:
            if len(values[name]) != size:
                packed = b""
        if packed or not values:
            return packed
        # construct goes field by field, and tells the one that its value does not fit.
        built: bytes = self.as_construct().build(vars(self))
        return built
