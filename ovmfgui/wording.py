"""Counts and sizes in words, the same in every command and view."""

from __future__ import annotations


def count(number: int, one: str, many: str = "") -> str:
    """``1 variable``, ``2 variables``; ``many`` is said of more than one where it is no mere s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def size_text(size: int) -> str:
    """A size as people in the field write it: 4 KiB, 3.5 MiB, 72 bytes."""
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            value = size / unit
            return f"{value:.0f} {name}" if value == int(value) else f"{value:.1f} {name}"
    return "1 byte" if size == 1 else f"{size} bytes"


def exact_size_text(size: int) -> str:
    """A size or an offset to the byte: ``56 KiB (0xE000)``."""
    if size and size % (1 << 20) == 0:
        return f"{size >> 20} MiB (0x{size:X})"
    if size and size % 1024 == 0:
        return f"{size >> 10} KiB (0x{size:X})"
    return f"{size:,} bytes (0x{size:X})"
