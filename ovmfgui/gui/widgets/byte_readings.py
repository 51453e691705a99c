"""The bytes at a place, read as numbers, a GUID, a time, addresses and text."""

from __future__ import annotations

import struct
from uuid import UUID

from ovmfgui.dataclass import dataclass
from ovmfgui.guid import guid_name
from ovmfgui.nvram.timestamp import SIZE as TIME_SIZE
from ovmfgui.nvram.timestamp import parse as parse_time
from ovmfgui.nvram.timestamp import text as time_text

REACH = 64
"""Bytes from the place on that are looked at."""

_NUMBERS = (("u8", 1, "B"), ("u16", 2, "H"), ("u32", 4, "I"), ("u64", 8, "Q"))
_SIGNED = (("i8", 1, "b"), ("i16 LE", 2, "<h"), ("i32 LE", 4, "<i"), ("i64 LE", 8, "<q"))
_LONGEST_TEXT = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the bytes at a place.

    Attributes:
        name: what they are read as.
        text: the value for a person; empty where there are too few bytes.
    """

    name: str
    text: str


def readings(data: bytes) -> tuple[Reading, ...]:
    """``data`` from its first byte on: numbers, GUID, time, addresses, text."""
    found = []
    for name, size, code in _NUMBERS:
        for order, title in (("<", "LE"), (">", "BE")):
            if size == 1 and order == ">":
                continue
            label = name if size == 1 else f"{name} {title}"
            found.append(Reading(label, _number(data, size, order + code)))
    found += [Reading(name, _signed(data, size, code)) for name, size, code in _SIGNED]
    found += [
        Reading("GUID", _guid(data)),
        Reading("EFI_TIME", _time(data)),
        Reading("IPv4", ".".join(map(str, data[:4])) if len(data) >= 4 else ""),
        Reading("MAC", data[:6].hex(":") if len(data) >= 6 else ""),
        Reading("UTF-8", _utf8(data)),
        Reading("UCS-2", _ucs2(data)),
    ]
    return tuple(found)


def _number(data: bytes, size: int, code: str) -> str:
    if len(data) < size:
        return ""
    (value,) = struct.unpack_from(code, data)
    if value <= 9:
        return str(value)
    return f"0x{value:X}" if value >= 1 << 32 else f"0x{value:X} = {value:,}"


def _guid(data: bytes) -> str:
    if len(data) < 16:
        return ""
    guid = UUID(bytes_le=data[:16])
    name = guid_name(guid)
    return f"{guid}  {name}" if name else str(guid)


def _ucs2(data: bytes) -> str:
    return _quoted(data[: len(data) & ~1].decode("utf-16-le", "replace"))


def _quoted(text: str) -> str:
    """As far as it can be printed."""
    characters = []
    for character in text:
        if not character.isprintable():
            break
        characters.append(character)
    shown = "".join(characters[:_LONGEST_TEXT])
    return f"“{shown}”" + (" …" if len(characters) > _LONGEST_TEXT else "") if shown else ""


def _signed(data: bytes, size: int, code: str) -> str:
    if len(data) < size:
        return ""
    (value,) = struct.unpack_from(code, data)
    return f"{value:,}" if size < 8 else str(value)


def _time(data: bytes) -> str:
    """EFI_TIME where it is one; of most other bytes no clock would say it."""
    if len(data) < TIME_SIZE:
        return ""
    time = parse_time(data[:TIME_SIZE])
    likely = (
        1900 <= time.Year <= 9999
        and 1 <= time.Month <= 12
        and 1 <= time.Day <= 31
        and time.Hour < 24
        and time.Minute < 60
        and time.Second < 60
        and time.Nanosecond < 1_000_000_000
    )
    return time_text(data[:TIME_SIZE]) if likely else ""


def _utf8(data: bytes) -> str:
    text = data.decode("utf-8", "replace").partition("\ufffd")[0]
    return _quoted(text)
