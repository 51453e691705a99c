"""What was opened lately, by folder: guests' stores are called alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Folder(NamedTuple):
    """A folder, and what of it was opened lately.

    Attributes:
        path: of the folder that the store lies in: many pairs have their CODE in common.
        entries: the paths of each, latest first; a pair is one entry.
    """

    path: str
    entries: tuple[tuple[str, ...], ...]

    @property
    def title(self) -> str:
        """The path, short where it lies in the user's own folder."""
        path, home = Path(self.path), Path.home()
        inside = path.is_relative_to(home) and home != Path("/")
        return str(Path("~", path.relative_to(home))) if inside else self.path


def by_folder(entries: Iterable[tuple[str, ...]]) -> tuple[Folder, ...]:
    """The folders, that with the latest entry first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for paths in entries:
        found.setdefault(str(Path(paths[-1]).parent), []).append(paths)
    return tuple(Folder(path, tuple(inside)) for path, inside in found.items())


def name_of(paths: tuple[str, ...]) -> str:
    """The names of an entry's files, the store's first."""
    return " + ".join(Path(path).name for path in reversed(paths))
