"""From a pasted text to explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_FOUND, MOST_LINE, MOST_MESSAGE
from ovmfgui.migration.explain import (
    booting,
    defining,
    guest,
    keeping,
    launching,
    loading,
    managing,
    migrating,
    secure_boot,
    tools,
)
from ovmfgui.migration.explain.lines import lines_of
from ovmfgui.migration.explain.message import Explanation
from ovmfgui.migration.explain.proof import Opened
from ovmfgui.migration.explain.reasons import reason_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from ovmfgui.migration.explain.lines import Line
    from ovmfgui.migration.explain.message import Message

MESSAGES: tuple[Message, ...] = (
    *launching.MESSAGES,
    *migrating.MESSAGES,
    *managing.MESSAGES,
    *defining.MESSAGES,
    *keeping.MESSAGES,
    *loading.MESSAGES,
    *booting.MESSAGES,
    *secure_boot.MESSAGES,
    *guest.MESSAGES,
    *tools.MESSAGES,
)
"""Every message that is known; of two that match at one place the first counts."""


def explain(text: str, opened: Opened | None = None) -> tuple[Explanation, ...]:
    """What is known of the messages in a text.

    Args:
        text: pasted from a terminal or a log, with whatever stands around the messages; what lies
            beyond ``MOST_MESSAGE`` characters is not looked at.
        opened: files to look at for proof.

    Returns:
        Each message once, in the order of the text; empty where nothing is known.
    """
    found: dict[tuple[str, str], Explanation] = {}
    for line in lines_of(text[:MOST_MESSAGE]):
        for explanation in _in_line(line, opened or Opened()):
            found.setdefault((explanation.message.id, explanation.meaning), explanation)
            if len(found) >= MOST_FOUND:
                return tuple(found.values())
    return tuple(found.values())


def unread_of(text: str, found: Sequence[Explanation]) -> str:
    """What ``explain`` did not look at, in words; empty where it looked at all."""
    told = []
    if len(text) > MOST_MESSAGE:
        told.append(f"the first {MOST_MESSAGE:,} characters")
    if any(len(line) > MOST_LINE for line in text[:MOST_MESSAGE].splitlines()):
        told.append(f"the first {MOST_LINE:,} characters of a line")
    if len(found) >= MOST_FOUND:
        told.append(f"the first {MOST_FOUND} messages")
    return f"Only {', '.join(told)} were looked at." if told else ""


def _in_line(line: Line, opened: Opened) -> Iterator[Explanation]:
    """What a line says, the innermost message first; and what it says with the next ones."""
    matches = _matches(line.text)
    known = {message.id for message, _ in matches}
    for joined in line.joined:
        # Only what begins in this line and ends in a later one: the rest is found there.
        for message, match in _matches(joined):
            crosses = match.start() < len(line.text) < match.end()
            if message.id not in known and crosses:
                known.add(message.id)
                matches.append((message, match))
    matches.sort(key=lambda found: (found[0].wrapper, found[1].start()))
    for message, match in matches:
        yield _explanation(message, match, opened)


def _matches(text: str) -> list[tuple[Message, re.Match[str]]]:
    """Messages in a text; of two that overlap the first of the table."""
    taken: list[tuple[int, int]] = []
    found = []
    for message in MESSAGES:
        match = message.expression.search(text)
        if match is None or any(a < match.end() and match.start() < b for a, b in taken):
            continue
        taken.append(match.span())
        found.append((message, match))
    return found


def _explanation(message: Message, match: re.Match[str], opened: Opened) -> Explanation:
    words = {name: value or "" for name, value in match.groupdict().items()}
    reason = reason_of(words.get("why", ""))
    cause = reason.cause if reason else message.cause.format_map(words)
    cure = reason.cure if reason else message.cure.format_map(words)
    meaning = message.meaning.format_map(words).rstrip()
    return Explanation(
        message, match.string, meaning, cause, cure, tuple(message.proof(match, opened))
    )
