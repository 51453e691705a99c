"""A file system that firmware can read, as paths and their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NAMED = 3


def told_briefly(unread: Sequence[str]) -> tuple[str, ...]:
    """The first of what was not looked at, and how much more there is."""
    rest = len(unread) - _NAMED
    return (*unread[:_NAMED], f"and {rest:,} more") if rest > 0 else tuple(unread)


class Volume(NamedTuple):
    """A file system.

    Attributes:
        name: what it is, with its place.
        files: paths from its root, with slashes, as they are written there.
        read: gives the bytes of one of them; raises ``Refused``.
        unread: what of it was not looked at, and why, without a full stop.
        cut: folders, in small letters, of whose own files not all are known.
    """

    name: str
    files: tuple[str, ...]
    read: Callable[[str], bytes]
    unread: tuple[str, ...] = ()
    cut: frozenset[str] = frozenset()

    def find(self, path: str) -> str | None:
        """The file of that path, whatever the case of its letters; None where there is none."""
        wanted = path.lower()
        return next((each for each in self.files if each.lower() == wanted), None)
