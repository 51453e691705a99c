"""Finding bytes: what a person typed to a pattern, and the matches a slice at a time."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import dataclass
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.image import Image
    from ovmfgui.progress import Report

SLICE = 16 << 10
"""Start offsets looked at in one step; small enough for a step to take a few milliseconds."""

MOST_MATCHES = 100_000
"""Where counting ends: nobody steps through more."""


class Notation(StrEnum):
    """How the bytes to look for are written."""

    HEX = "hex"
    TEXT = "text"
    UTF16 = "utf-16"
    GUID = "guid"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Needle:
    """Bytes to look for.

    Attributes:
        pattern: matches them; every match is ``size`` bytes long.
        size: in bytes.
    """

    pattern: re.Pattern[bytes]
    size: int


def needle(notation: Notation, text: str) -> Needle:
    """Read what a person typed; raises ``Refused`` with what is wrong with it."""
    match notation:
        case Notation.HEX:
            return _hex_needle(text)
        case Notation.TEXT:
            return _literal(text.encode("utf-8"))
        case Notation.UTF16:
            return _literal(text.encode("utf-16-le", "surrogatepass"))
        case Notation.GUID:
            return _guid_needle(text)
        case Notation.NAME:
            return _name_needle(text)


def _literal(*alternatives: bytes) -> Needle:
    if not alternatives[0]:
        msg = "Type what to look for."
        raise Refused(msg)
    pattern = b"|".join(re.escape(alternative) for alternative in alternatives)
    return Needle(re.compile(pattern, re.DOTALL), len(alternatives[0]))


def _hex_needle(text: str) -> Needle:
    digits = re.sub(r"0[xX]|[\s,:_-]", "", text)
    if not digits:
        msg = "Type bytes in hex, as in 5F 46 56 48; ?? stands for any byte."
        raise Refused(msg)
    if len(digits) % 2:
        msg = f"Two hex digits make a byte; {len(digits)} digits leave half a byte over."
        raise Refused(msg)
    parts: list[bytes] = []
    for pair in re.findall("..", digits):
        if pair == "??":
            parts.append(b".")
        elif re.fullmatch("[0-9A-Fa-f]{2}", pair):
            parts.append(re.escape(bytes.fromhex(pair)))
        else:
            msg = f"“{pair}” is no hex byte; digits 0–9, A–F, or ?? for any byte."
            raise Refused(msg)
    return Needle(re.compile(b"".join(parts), re.DOTALL), len(parts))


def _guid_needle(text: str) -> Needle:
    try:
        guid = UUID(text.strip())
    except ValueError:
        msg = "A GUID has 32 hex digits, as in fff12b8d-7696-4c8b-a985-2747075b4f50."
        raise Refused(msg) from None
    return _literal(guid.bytes_le, guid.bytes)


def _name_needle(text: str) -> Needle:
    """A whole variable name, as records and drivers hold it: UTF-16 with a NUL at its end."""
    if not text:
        msg = "Type the name of a variable, as in BootOrder; letter case counts."
        raise Refused(msg)
    return _literal(f"{text}\0".encode("utf-16-le", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Progress:
    """What one slice brought.

    Attributes:
        done: start offsets looked at so far.
        found: starts of the matches in this slice, ascending.
    """

    done: int
    found: tuple[int, ...]


def matches(data: bytes, wanted: Needle) -> Iterator[Progress]:
    """Look through ``data`` from its start, a slice a step; matches do not overlap.

    Ends early where ``MOST_MATCHES`` are found.
    """
    position = total = 0
    while position < len(data):
        border = min(position + SLICE, len(data))
        resume = border
        found: list[int] = []
        for match in wanted.pattern.finditer(data, position, border + wanted.size - 1):
            found.append(match.start())
            resume = max(resume, match.end())
            if total + len(found) >= MOST_MATCHES:
                yield Progress(match.end(), tuple(found))
                return
        total += len(found)
        position = resume
        yield Progress(position, tuple(found))


def find_in(image: Image, wanted: Needle, report: Report = silent) -> Iterator[Place]:
    """The matches in all of an image: its files first, then every unpacked body.

    Args:
        image: what is looked through.
        wanted: what for.
        report: called between slices with the bytes looked at, all of them, and the space's name;
            it may raise, to end the search.
    """
    total = sum(len(space.data) for space in image.spaces)
    before = count = 0
    for index, space in enumerate(image.spaces):
        for step in matches(space.data, wanted):
            report(before + min(step.done, len(space.data)), total, space.name)
            for start in step.found:
                yield Place(index, Span(start, wanted.size))
                count += 1
                if count >= MOST_MATCHES:
                    return
        before += len(space.data)
