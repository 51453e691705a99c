"""Which files this process has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

saved: list[str] = []
"""In order. What was saved stays saved, whatever becomes of the line that was to tell of it."""

other_names: list[tuple[str, int]] = []
"""Files that had other names (hard links), and how many: those keep what was there before."""


def told_of_other_names() -> Iterator[str]:
    """What to say of them, once each."""
    while other_names:
        path, number = other_names.pop()
        others = "another name" if number == 1 else f"{number} other names"
        yield f"{path} had {others} (hard links): what they lead to is as it was"
