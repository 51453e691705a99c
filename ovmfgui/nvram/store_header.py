"""VARIABLE_STORE_HEADER: what firmware demands of it, and how far it lets records reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.fields import Field, read_fields
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.structures import (
    AUTHENTICATED,
    PLAIN,
    STORE_FORMATTED,
    STORE_HEADER_SIZE,
    STORE_HEALTHY,
    VariableStoreHeader,
)
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.nvram.finding_collector import FindingCollector
    from ovmfgui.nvram.volume import Volume


class Header(NamedTuple):
    """A store header, and how far its records may reach."""

    span: Span
    values: VariableStoreHeader
    fields: tuple[Field, ...]
    end: int


def _note_header(header: Header, note: FindingCollector) -> None:
    values, at = header.values, header.span.start
    guid = values.Signature
    if guid == PLAIN:
        note.warning(
            "store-plain",
            "A variable store without authentication: x86 firmware uses it without Secure Boot, "
            "ARM firmware takes it as corrupt and formats it.",
            Span(at, 16),
        )
    elif guid != AUTHENTICATED:
        erased = header.span.size * b"\xff"
        raw = guid.bytes_le == erased[:16] and values.Size == 0xFFFFFFFF
        ident, text = (
            ("store-erased", "The volume is there, its variable store is erased")
            if raw
            else ("store-guid", f"The variable store's GUID {guid} is unknown")
        )
        note.error(ident, f"{text}: firmware finds no variables here.", Span(at, 16))
    if values.Format != STORE_FORMATTED or values.State != STORE_HEALTHY:
        note.error(
            "store-state",
            f"The variable store has Format 0x{values.Format:02X} and State "
            f"0x{values.State:02X} where firmware demands 0x5A and 0xFE: it takes the store as "
            "corrupt.",
            Span(at + 20, 2),
        )


def _note_size(header: Header, limit: int, note: FindingCollector) -> None:
    size, at = header.values.Size, header.span.start
    if size <= STORE_HEADER_SIZE:
        text = f"The store's Size is 0x{size:X}, no more than its own header"
    elif at + size > limit:
        text = f"The store's Size is 0x{size:X}, past the end of its volume at 0x{limit:X}"
    else:
        return
    note.error(
        "store-size",
        f"{text}: ARM firmware takes it as corrupt and formats it; x86 firmware finds no variable, "
        "or reads beyond the store.",
        Span(at + 16, 4),
    )


def read_header(data: bytes, volume: Volume, note: FindingCollector) -> Header | None:
    """The store header behind a volume header; None where the file ends before it."""
    at = volume.header_span.end
    read = read_fields(VariableStoreHeader, data, at)
    if read is None:
        note.error("store-cut-off", f"The file ends before the variable store at 0x{at:X}.")
        return None
    values, fields = read
    limit = volume.span.end
    end = min(at + max(values.Size, STORE_HEADER_SIZE), limit, len(data))
    header = Header(Span(at, STORE_HEADER_SIZE), values, fields, max(end, at + STORE_HEADER_SIZE))
    _note_header(header, note)
    if values.Signature in (AUTHENTICATED, PLAIN):
        _note_size(header, max(limit, volume.span.start + volume.fv_length), note)
        if at + values.Size > len(data) and volume.span.start + volume.fv_length > len(data):
            note.error(
                "store-cut-off",
                f"The file ends at 0x{len(data):X}, inside the variable store; shown is what there "
                "is of it.",
            )
    return header
