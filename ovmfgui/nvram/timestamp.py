"""EFI_TIME, the timestamp of a time-based authenticated variable (UEFI specification, 8.3)."""

from __future__ import annotations

import struct
from typing import NamedTuple

SIZE = 16
ZERO = bytes(SIZE)
_FORMAT = struct.Struct("<HBBBBBBIhBB")


class EfiTime(NamedTuple):
    """EFI_TIME as stored; years in full, months and days from 1."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    pad1: int
    nanosecond: int
    time_zone: int
    daylight: int
    pad2: int

    @property
    def order(self) -> tuple[int, ...]:
        """What firmware compares two timestamps by (AuthVariableLib, AuthService.c)."""
        return self[:6]


def parse(raw: bytes) -> EfiTime:
    """The 16 bytes of an EFI_TIME; whatever their values, none is rejected."""
    return EfiTime(*_FORMAT.unpack(raw[:SIZE].ljust(SIZE, b"\0")))


def is_earlier(first: bytes, second: bytes) -> bool:
    """Whether ``first`` lies before ``second``."""
    return parse(first).order < parse(second).order


def text(raw: bytes | None) -> str:
    """As ISO 8601 would have it; empty where there is none or it is all zero."""
    if raw is None or raw[:SIZE] == ZERO:
        return ""
    time = parse(raw)
    shown = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*time.order)
    if time.nanosecond:
        shown += f".{time.nanosecond:09}".rstrip("0")
    return shown


def from_text(shown: str) -> bytes:
    """The EFI_TIME of a date and time as ``text`` gives it, or of a date alone.

    Raises:
        ValueError: it is neither.
    """
    from datetime import datetime

    moment = datetime.fromisoformat(shown)
    return _FORMAT.pack(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        0,
        0,
        0,
        0,
        0,
    )
