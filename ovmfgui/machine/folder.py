"""What a folder holds that may be firmware, and, with the reason, all that was passed over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_FILES, MOST_JSON_STORE, MOST_LEVELS
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.source import head_of
from ovmfgui.machine.definition import is_definition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TO_NOTHING = "is a link to nothing"
"""Why such a link is passed over."""
_NAMED_ALONE = 3
"""Paths passed over for one reason that are told one by one."""
_IMAGE_SUFFIXES = (".fd", ".fd.xz", ".qcow2", ".raw", ".bin", ".rom")
_HEAD = 64
_SIGNATURE = slice(0x28, 0x2C)
"""Of a firmware volume's header (PI specification, volume 3, 3.2.1.1)."""
_CONTAINERS = (b"QFI\xfb", b"\xfd7zXZ\0")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that an answer says nothing of.

    Attributes:
        path: its own.
        reason: as the end of a sentence that begins with the path.
        failed: whether it should have been read: an answer without it is not whole.
    """

    path: str
    reason: str
    failed: bool = False

    @property
    def line(self) -> str:
        """Both in one sentence."""
        return self.reason if self.path in self.reason else f"{self.path} {self.reason}"


def lines_of(passed_over: Iterable[PassedOver]) -> Iterator[tuple[bool, str]]:
    """For a person: whether it is a failure, and the words; failures first, each for itself.

    The rest is told together where it has the same reason: packages hold much besides firmware.
    """
    groups: dict[str, list[str]] = {}
    for each in passed_over:
        if each.failed:
            yield True, each.line
        else:
            groups.setdefault(each.reason, []).append(each.path)
    for reason, paths in groups.items():
        if len(paths) <= _NAMED_ALONE:
            yield from ((False, PassedOver(path, reason).line) for path in paths)
            continue
        names = ", ".join(os.path.basename(path) for path in paths[:_NAMED_ALONE])
        more = len(paths) - _NAMED_ALONE
        yield False, f"{len(paths)} paths of which each {reason}: {names} and {more} more"


@dataclass(frozen=True, slots=True)
class FolderContents:
    """The paths of what may be images and of definitions, in the order of their paths."""

    images: tuple[str, ...]
    definitions: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]


def looked_through(folder: str | Path) -> FolderContents:
    """All that a folder and those below it hold; links to folders are not followed."""
    images: list[str] = []
    definitions: list[str] = []
    passed_over: list[PassedOver] = []
    for found in _walk(str(folder)):
        if isinstance(found, PassedOver):
            passed_over.append(found)
            continue
        kind = _kind(found)
        if isinstance(kind, PassedOver):
            passed_over.append(kind)
        else:
            (definitions if kind == "definition" else images).append(found)
    return FolderContents(tuple(images), tuple(definitions), tuple(passed_over))


def looks_like_an_image(path: str) -> bool:
    """Whether a file is called as images of flash are."""
    return path.lower().endswith(_IMAGE_SUFFIXES)


def _walk(top: str) -> Iterator[str | PassedOver]:
    """Files, in the order of their paths within each folder, a folder's own files first."""
    waiting = [(top, 0)]
    left = MOST_FILES
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield PassedOver(folder, f"cannot be listed: {error.strerror}", failed=True)
            continue
        if len(listed) > left:
            reason = f"has more than the {MOST_FILES:,} entries that are looked at"
            yield PassedOver(folder, f"{reason}; name its parts one by one", failed=True)
            listed = listed[:left]
        left -= len(listed)
        below = [entry for entry in listed if _is_folder(entry)]
        yield from (entry.path for entry in listed if not _is_folder(entry))
        for entry in reversed(below):
            if entry.is_symlink():
                yield PassedOver(entry.path, "is a link to a folder and was not followed")
            elif depth == MOST_LEVELS:
                reason = f"lies more than {MOST_LEVELS} folders deep and was not entered"
                yield PassedOver(entry.path, f"{reason}; name it itself", failed=True)
            else:
                waiting.append((entry.path, depth + 1))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that lead in a circle
        return False


def _kind(path: str) -> str | PassedOver:
    from pathlib import Path

    named_so = looks_like_an_image(path)
    if not Path(path).is_file():
        what = TO_NOTHING if Path(path).is_symlink() else "is no regular file"
        return PassedOver(path, what, failed=named_so)
    if named_so:
        return "image"
    try:
        # Where nothing is said to be in it nothing is looked for: of the files of /proc, some wait
        # for what is to be told next, and take it from whom it is for.
        head = head_of(path, _HEAD) if Path(path).stat().st_size else b""
    except OSError as error:
        return PassedOver(path, f"cannot be read: {error.strerror}", failed=True)
    if not head:
        return PassedOver(path, "is empty")
    if head[_SIGNATURE] == b"_FVH" or head.startswith(_CONTAINERS):
        return "image"
    if is_definition(path):
        return "definition"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        if os.stat(path).st_size > MOST_JSON_STORE:
            words = "begins like a JSON store and is larger than what is looked through"
            return PassedOver(path, words, failed=True)
        if _holds_json_store(path):
            return "image"
    return PassedOver(path, "is neither an image of flash nor the definition of a machine")


def _holds_json_store(path: str) -> bool:
    try:
        return is_json_store(head_of(path, MOST_JSON_STORE))
    except OSError:
        return False
