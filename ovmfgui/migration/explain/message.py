"""A message that is known, and what an explanation of one consists of."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.explain.proof import Opened

    Proof = Callable[[re.Match[str], Opened], list[str]]


def no_proof(_found: re.Match[str], _opened: Opened) -> list[str]:
    """Nothing that opened files could tell."""
    return []


@dataclass(frozen=True)
class Message:
    """An entry of the table of messages.

    Attributes:
        id: short and lasting, for scripts.
        speaker: who prints it.
        example: the message as it is seen, one line.
        pattern: finds it in a text; ``name`` and numbers as named groups where it has any.
        meaning: one or two sentences; may name groups as ``{name}``.
        cause: what leads to it.
        cure: what to do.
        proof: what files that are opened, or their paths, say to it.
        source: where the words come from.
        causes: where several are possible, each with what would tell that it is this one.
        wrapper: whether it only carries another program's message, which follows on the line.
    """

    id: str
    speaker: str
    example: str
    pattern: str
    meaning: str
    cause: str
    cure: str
    source: str
    proof: Proof = no_proof
    causes: tuple[tuple[str, str], ...] = ()
    wrapper: bool = False

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first needed."""
        return re.compile(self.pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A message that was found in a text.

    Attributes:
        message: which.
        line: the line it was found in.
        meaning: with what the line names filled in; so cause and cure. Where the line ends with
            the system's own words (``why``), these decide cause and cure.
        cause: see there.
        cure: see there.
        proof: a sentence each.
    """

    message: Message
    line: str
    meaning: str
    cause: str
    cure: str
    proof: tuple[str, ...]
