"""What a decoder is given and what it gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ovmfgui.dataclass import dataclass
from ovmfgui.fields import Field, fields_of
from ovmfgui.finding import Finding, Severity
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ovmfgui.structure import Structure

S = TypeVar("S", bound="Structure")


# A hex summary shows this many bytes.
_SHOWN = 16


class Value(NamedTuple):
    """A variable's value: its bytes, where they lie, and whose they are.

    Attributes:
        data: the bytes.
        start: offset of the first in ``space``.
        space: the space of the store.
        name: of the variable.
        guid: of the variable.
        reveal: show what is secret; masked otherwise.
    """

    data: bytes
    start: int
    space: int
    name: str
    guid: UUID
    reveal: bool = False

    def uint(self, offset: int, size: int) -> int:
        """A little-endian number; missing bytes count as zero."""
        return int.from_bytes(self.data[offset : offset + size], "little")

    def field(self, name: str, offset: int, size: int, value: Any, note: str = "") -> Field:
        """A field at ``offset`` of the value."""
        return Field(name, Span(self.start + offset, size), value, note)

    def number(self, name: str, offset: int, size: int, note: str = "") -> Field:
        """A field that holds a little-endian number."""
        return self.field(name, offset, size, self.uint(offset, size), note)

    def read(
        self, structure: type[S], offset: int = 0, **notes: str
    ) -> tuple[S, tuple[Field, ...]] | None:
        """A structure at ``offset`` of the value, and its fields; None where it is short."""
        read = structure.read(self.data, offset)
        return None if read is None else (read, fields_of(read, self.start + offset, **notes))

    def finding(self, ident: str, text: str, offset: int = 0, size: int | None = None) -> Finding:
        """A warning about bytes of the value; about all of them where no size is given."""
        span = Span(self.start + offset, len(self.data) - offset if size is None else size)
        return Finding(ident, Severity.WARNING, text, Place(self.space, span))


class Decoded(NamedTuple):
    """A value as a person reads it.

    Attributes:
        summary: one line.
        fields: its parts, each with its bytes in the file.
        value: the same for a program; only what JSON can hold.
        findings: what is wrong with it.
        kind: what sort of value it is ("load option"); "data" where nobody knows.
        secret: whether something in it is masked.
    """

    summary: str
    fields: tuple[Field, ...] = ()
    value: Any = None
    findings: tuple[Finding, ...] = ()
    kind: str = "data"
    secret: bool = False


class Undecodable(Exception):
    """A decoder's way of saying that the bytes are not what their name promises.

    Never leaves ``decode``, which falls back to hex with a finding. ``offset`` counts from the
    start of the value.
    """

    def __init__(self, why: str, offset: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.offset = offset


class Decoder(NamedTuple):
    """An entry of the table of decoders.

    Attributes:
        kind: what sort of value this is, in a few words.
        matches: whether a variable of this GUID and name is of this sort.
        decode: reads the value; may raise ``Undecodable``.
        help: what the variable is for, one sentence.
    """

    kind: str
    matches: Callable[[UUID, str], bool]
    decode: Callable[[Value], Decoded]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Matches variables of one vendor by their whole names."""

    guid: UUID
    names: frozenset[str]

    def __call__(self, guid: UUID, name: str) -> bool:
        """Whether this is one of them."""
        return name in self.names and guid == self.guid


def named(guid: UUID, *names: str) -> Named:
    """Matches variables of one vendor by their whole names."""
    return Named(guid, frozenset(names))


def hex_summary(data: bytes) -> str:
    """The first bytes in hex."""
    shown = data[:_SHOWN].hex(" ")
    return f"{shown} …" if len(data) > _SHOWN else shown


def _as_text(data: bytes) -> str | None:
    """Printable ASCII of four characters or more, in bytes or UTF-16, with or without a NUL."""
    if len(data) % 2 == 0 and not data[1::2].strip(b"\0"):
        data = data[::2]
    text = data.removesuffix(b"\0")
    if len(text) >= 4 and all(0x20 <= char < 0x7F for char in text):
        return text.decode("ascii")
    return None


def plain(value: Value) -> Decoded:
    """What can be said of bytes that nobody knows: text where it is text, else hex."""
    data = value.data
    if not data:
        return Decoded("empty", value="")
    if (text := _as_text(data)) is not None:
        return Decoded(f'"{text[:80]}"', (value.field("text", 0, len(data), text),), text)
    shown = hex_summary(data)
    return Decoded(shown, (value.field("data", 0, len(data), data),), data.hex())
