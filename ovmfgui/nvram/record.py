"""One record of a variable store, as it stands in the bytes."""

from __future__ import annotations

from enum import IntFlag, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.fields import fields_of
from ovmfgui.guid import guid_name
from ovmfgui.nvram.structures import RecordHeader, record_header
from ovmfgui.nvram.timestamp import text as timestamp_text
from ovmfgui.span import Span

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.fields import Field


# Of a record with broken sizes no more of the name is shown.
_SHOWN_NAME = 128


class Attributes(IntFlag):
    """Variable attributes (UEFI specification, section 8.2, GetVariable)."""

    NV = 0x01
    BS = 0x02
    RT = 0x04
    HR = 0x08
    AW = 0x10
    AT = 0x20
    APPEND = 0x40
    ENHANCED = 0x80


@lru_cache(maxsize=256)
def attribute_names(attributes: int) -> tuple[str, ...]:
    """The known attribute bits that are set, lowest first: NV, BS, RT and so on."""
    return tuple(flag.name or "" for flag in Attributes if flag & attributes)


class Status(StrEnum):
    """What a record is to firmware, by the rules of MdeModulePkg VariableParsing.c.

    ``LIVE`` is the one value that GetVariable returns for its GUID and name: the first record in
    state 0x3F, or where there is none the last one in state 0x3E. ``TRANSITION`` is any other
    record in state 0x3E, ``SHADOWED`` a second record in state 0x3F of the same key. ``TORN`` is
    one whose writing was cut off, ``INVALID`` one that firmware cannot make sense of. ``CARVED`` is
    one that would be live, and that no list leads to: a broken record stands in front of it.
    """

    LIVE = "live"
    TRANSITION = "transition"
    SHADOWED = "shadowed"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    TORN = "torn"
    INVALID = "invalid"
    CARVED = "carved"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the variable list; spans are in the space of the store.

    Attributes:
        span: header, name, data and the padding up to the next record.
        header_span: AUTHENTICATED_VARIABLE_HEADER (60 bytes) or VARIABLE_HEADER (32 bytes).
        name_span: NameSize bytes.
        data_span: DataSize bytes.
        state: the State byte.
        status: what that makes of the record.
        attributes: as stored, unknown bits kept.
        guid: VendorGuid.
        name: without the terminating NUL; unpaired surrogates survive (``surrogatepass``).
        data: the value.
        timestamp: EFI_TIME as its 16 bytes; None in a store without authentication.
        monotonic_count: None in a store without authentication.
        header: the header's own bytes; empty in a JSON store, which has none.
    """

    span: Span
    header_span: Span
    name_span: Span
    data_span: Span
    state: int
    status: Status
    attributes: int
    guid: UUID
    name: str
    data: bytes
    timestamp: bytes | None
    monotonic_count: int | None
    header: bytes

    @property
    def key(self) -> tuple[UUID, str]:
        """What firmware tells variables apart by."""
        return self.guid, self.name

    @property
    def digits(self) -> int:
        """How many bytes of the file stand for one of the value: two where it is hex in JSON."""
        return 1 if self.header else 2

    def placed(self, span: Span) -> Span:
        """Where a part of the value stands in the file; both count in the space of the store.

        ``span`` is what a decoder gives: it counts a byte of the value as a byte of the file.
        """
        start = self.data_span.start
        return Span(start + self.digits * (span.start - start), self.digits * span.size)

    def unplaced(self, span: Span) -> Span:
        """The part of the value that a place in the file stands for; the inverse of ``placed``."""
        start = self.data_span.start
        return Span(start + (span.start - start) // self.digits, span.size // self.digits)

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """The known attribute bits that are set, lowest first: NV, BS, RT and so on."""
        return attribute_names(self.attributes)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the header; read when asked for, stores have thousands of them."""
        stored = self.stored_header
        if stored is None:
            return ()
        return fields_of(
            stored,
            self.header_span.start,
            State=STATE_MEANINGS[self.status],
            Attributes=" ".join(self.attribute_names),
            TimeStamp=timestamp_text(self.timestamp) or "none set",
            VendorGuid=guid_name(self.guid),
        )

    @property
    def stored_header(self) -> RecordHeader | None:
        """The header's fields as stored; None where the header is cut off."""
        return record_header(self.timestamp is not None).read(self.header)


STATE_MEANINGS = {
    Status.LIVE: "the value that firmware returns",
    Status.TRANSITION: "an old value whose update was cut off",
    Status.SHADOWED: "hidden by an earlier record of the same name",
    Status.SUPERSEDED: "an old value, replaced",
    Status.DELETED: "deleted",
    Status.TORN: "its writing was cut off",
    Status.INVALID: "firmware cannot make sense of it",
    Status.CARVED: "out of firmware's reach, found behind what is damaged",
}


def encode_name(name: str) -> bytes:
    """A name as a record holds it: UCS-2 with the terminating NUL."""
    return name.encode("utf-16-le", "surrogatepass") + b"\0\0"


def decode_name(raw: bytes) -> str:
    """The name in NameSize bytes without its terminating NUL; an odd last byte is left out."""
    text = raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass")
    return text.removesuffix("\0")


def name_of_record(record: Record) -> str:
    """The name of a broken record as far as it makes sense: up to its NUL, where that prints."""
    name = record.name.split("\0", 1)[0][:_SHOWN_NAME]
    return name if name.isprintable() else ""
