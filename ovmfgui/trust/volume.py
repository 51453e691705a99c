"""A file system that firmware can read, as paths and their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Volume(NamedTuple):
    """A file system.

    Attributes:
        name: what it is, with its place.
        files: paths from its root, with slashes, as they are written there.
        read: gives the bytes of one of them; raises ``Refused``.
    """

    name: str
    files: tuple[str, ...]
    read: Callable[[str], bytes]

    def find(self, path: str) -> str | None:
        """The file of that path, whatever the case of its letters; None where there is none."""
        wanted = path.lower()
        return next((each for each in self.files if each.lower() == wanted), None)
