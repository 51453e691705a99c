"""A pasted text as lines that messages can be found in: quotes taken off, wrapped ones joined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_LINE
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTE = re.compile(r"^(?:[>|]\s?)+|^\s*(?:│|#\s)\s*")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_COMMAND_LINE = re.compile(r"^\s*-\w[\w-]*\b|\\$")
_START = re.compile(r"^\s*(?:\d{4}-\d\d-\d\d|error:|qemu\S*:|\[\s*\d+\.\d+\])", re.IGNORECASE)
"""What begins a message: it is never the rest of the line before."""

_MOST_JOINED = 3


class Line(NamedTuple):
    """A line, and the lines that it may go on with.

    Attributes:
        text: without what quotes it.
        joined: this one and the next few as one, the way a mail or a terminal breaks them; the
            first of these is with a space between, the second without.
    """

    text: str
    joined: tuple[str, ...]


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text in order."""
    plain = [
        _QUOTE.sub("", _COLOUR.sub("", line)).strip()[:MOST_LINE] for line in text.splitlines()
    ]
    for index, line in enumerate(plain):
        rest: list[str] = []
        for following in plain[index + 1 : index + _MOST_JOINED]:
            if not following or _START.match(following) or _COMMAND_LINE.search(following):
                break
            rest.append(following)
        ways = (" ".join((line, *rest)), "".join((line, *rest))) if rest and line else ()
        yield Line(line, ways)
