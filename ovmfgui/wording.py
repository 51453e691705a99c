"""Counts and sizes in words, the same in every command and view."""

from __future__ import annotations

import re

UNSEEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What a terminal or a browser obeys instead of showing it: C0 and C1 controls (ECMA-48), marks
that turn the direction of writing (UAX #9, section 2), what has no width, halves of surrogates."""
_LONGEST_NAME = 200
"""Characters of a name in the middle of other things; names of files and variables have some 40."""


def visible(text: str) -> str:
    """Text of unknown origin, fit to be written: what would not be seen is escaped.

    Lines and tabs stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(UNSEEN, lambda found: _escaped(found[0]), text)


def one_line(text: str) -> str:
    """The same for what has to be one line."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def shortened(text: str, most: int = _LONGEST_NAME) -> str:
    """Text of at most so many characters; an ellipsis stands for what is left out of its middle."""
    if len(text) <= most:
        return text
    front = most * 2 // 3
    return f"{text[:front]}…{text[len(text) - (most - front - 1) :]}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


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
