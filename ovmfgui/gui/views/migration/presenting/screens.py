"""Which screen the room sees, and which the presenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_Screen = TypeVar("_Screen")


def screens_for(here: _Screen, screens: Sequence[_Screen]) -> tuple[_Screen, _Screen | None]:
    """The screen for the room, and the one for the notes.

    The room gets the other screen: the window stands on the presenter's own.

    Args:
        here: the screen that the window is on.
        screens: all there are.

    Returns:
        With one screen that one for the room, and None: the notes have none of their own.
    """
    others = [screen for screen in screens if screen is not here]
    return (others[0], here) if others else (here, None)
