"""Numbers in decimal digits, as files that nobody vouches for have them."""

from __future__ import annotations

_LONGEST = 20
"""Digits that 64 bits need; Python raises ValueError at more than 4,300."""


def decimal(text: str) -> int | None:
    """The number; None where it is none, or one that no field of 64 bits holds."""
    return int(text) if len(text) <= _LONGEST and text.isdecimal() else None
