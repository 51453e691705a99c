"""From a pasted text to explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.explain import booting, launching, managing, migrating
from ovmfgui.migration.explain.message import Explanation
from ovmfgui.migration.explain.proof import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.explain.message import Message

MESSAGES: tuple[Message, ...] = (
    *launching.MESSAGES,
    *migrating.MESSAGES,
    *managing.MESSAGES,
    *booting.MESSAGES,
)
"""Every message that is known; of two that match at one place the first counts."""

MAX_TEXT = 1 << 20
_MAX_FOUND = 50


def explain(text: str, opened: Opened | None = None) -> tuple[Explanation, ...]:
    """What is known of the messages in a text.

    Args:
        text: pasted from a terminal or a log, with whatever stands around the messages; what lies
            beyond ``MAX_TEXT`` characters is not looked at.
        opened: files to look at for proof.

    Returns:
        Each message once, in the order of the text; empty where nothing is known.
    """
    found: dict[tuple[str, str], Explanation] = {}
    for line in text[:MAX_TEXT].splitlines():
        for explanation in _in_line(line.strip(), opened or Opened()):
            found.setdefault((explanation.message.id, explanation.meaning), explanation)
            if len(found) >= _MAX_FOUND:
                return tuple(found.values())
    return tuple(found.values())


def _in_line(line: str, opened: Opened) -> Iterator[Explanation]:
    taken: list[tuple[int, int]] = []
    for message in MESSAGES:
        match = message.expression.search(line)
        if match is None or any(a < match.end() and match.start() < b for a, b in taken):
            continue
        taken.append(match.span())
        words = {name: value or "" for name, value in match.groupdict().items()}
        yield Explanation(
            message,
            line,
            message.meaning.format_map(words).rstrip(),
            message.cause.format_map(words),
            message.cure.format_map(words),
            tuple(message.proof(match, opened)),
        )
