"""EFI_TIME, the timestamp of a time-based authenticated variable (UEFI specification, 8.3)."""

from __future__ import annotations

from ovmfgui.structure import Int16, Structure, UInt8, UInt16, UInt32


class EfiTime(Structure):
    """EFI_TIME; years in full, months and days from 1."""

    Year: UInt16
    Month: UInt8
    Day: UInt8
    Hour: UInt8
    Minute: UInt8
    Second: UInt8
    Pad1: UInt8
    Nanosecond: UInt32
    TimeZone: Int16
    Daylight: UInt8
    Pad2: UInt8

    @property
    def order(self) -> tuple[int, ...]:
        """What firmware compares two timestamps by (AuthVariableLib, AuthService.c)."""
        return self.Year, self.Month, self.Day, self.Hour, self.Minute, self.Second


SIZE = EfiTime.sizeof()
ZERO = bytes(SIZE)


def parse(raw: bytes) -> EfiTime:
    """The 16 bytes of an EFI_TIME; whatever their values, none is rejected."""
    time = EfiTime.read(raw.ljust(SIZE, b"\0"))
    assert time is not None
    return time


def is_earlier(first: bytes, second: bytes) -> bool:
    """Whether ``first`` lies before ``second``."""
    return parse(first).order < parse(second).order


def text(raw: bytes | None) -> str:
    """As ISO 8601 would have it; empty where there is none or it is all zero."""
    if raw is None or raw[:SIZE] == ZERO:
        return ""
    time = parse(raw)
    shown = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*time.order)
    if time.Nanosecond:
        shown += f".{time.Nanosecond:09}".rstrip("0")
    return shown


def from_text(shown: str) -> bytes:
    """The EFI_TIME of a date and time as ``text`` gives it, or of a date alone.

    Raises:
        ValueError: it is neither.
    """
    from datetime import datetime

    moment = datetime.fromisoformat(shown)
    return EfiTime(
        Year=moment.year,
        Month=moment.month,
        Day=moment.day,
        Hour=moment.hour,
        Minute=moment.minute,
        Second=moment.second,
        Pad1=0,
        Nanosecond=0,
        TimeZone=0,
        Daylight=0,
        Pad2=0,
    ).to_bytes()
