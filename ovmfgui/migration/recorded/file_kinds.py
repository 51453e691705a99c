"""What is no image but can be opened too: a scenario, a recorded migration, a trace of the chips.

Each is told by its first bytes, and the migration view shows it.
"""

from __future__ import annotations

import lzma
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.recordings import recorded_guest
from ovmfgui.flash.source import head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEAD = 0x4000
"""Bytes of a file, and of what is packed in it, that are looked at."""

_XZ = b"\xfd7zXZ\x00"
_TRACE = re.compile(rb"^(?:\d+@\d[\d.]*:)?pflash_\w+ \S+:? ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Opener:
    """A kind of file that has a way of its own to be opened.

    Attributes:
        kind: its name.
        recognises: whether a file is of this kind, by its name and its first bytes, unpacked.
    """

    kind: str
    recognises: Callable[[str, bytes], bool]


def _is_recording(head: bytes) -> bool:
    guest = recorded_guest(head)
    return guest is not None and guest.flash


OPENERS: tuple[Opener, ...] = (
    Opener("scenario", lambda name, _head: name.endswith(".toml")),
    Opener("recording", lambda _name, head: _is_recording(head)),
    Opener("trace", lambda _name, head: _TRACE.search(head) is not None),
)
"""The first that recognises a file opens it."""


def opener_kind(paths: Sequence[str]) -> str:
    """Which of the openers takes what was named; empty where it is left to the images."""
    if len(paths) != 1 or not Path(paths[0]).is_file():
        return ""
    head = _head(Path(paths[0]))
    for opener in OPENERS:
        if opener.recognises(paths[0], head):
            return opener.kind
    return ""


def _head(path: Path) -> bytes:
    """The file's first bytes, unpacked; none where it cannot be read: that is told elsewhere."""
    try:
        head = head_of(path, HEAD)
    except OSError:
        return b""
    if not head.startswith(_XZ):
        return head
    try:
        return lzma.LZMADecompressor(memlimit=256 << 20).decompress(head, HEAD)
    except lzma.LZMAError:
        return b""
