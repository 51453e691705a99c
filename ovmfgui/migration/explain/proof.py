"""What opened files have to say to a message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.placement import PC_BLOCK_SIZE

if TYPE_CHECKING:
    import re

    from ovmfgui.flash.image import FlashFile, Image
    from ovmfgui.layout.verdict import Verdict

_SIZES = {
    0x1E0000: "CODE of OVMF's 2M build",
    0x37C000: "CODE of OVMF's 4M build",
    0x20000: "VARS of OVMF's 2M build, and a 128 KiB BIOS",
    0x84000: "VARS of OVMF's 4M build",
    0x200000: "a unified image of OVMF's 2M build",
    0x400000: "a unified image of OVMF's 4M build",
    0x40000: "the 256 KiB that an option ROM or a BIOS is padded to",
    0x80000: "the 512 KiB that an option ROM is padded to",
    0x4000000: "a flash chip of ARM's virt machine",
    0x2000000: "a flash chip of RISC-V's virt machine",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The files that were given beside a message.

    Attributes:
        code: CODE, or a unified image; None where it was not given.
        store: VARS; None where it was not given.
    """

    code: Image | None = None
    store: Image | None = None

    @property
    def files(self) -> tuple[FlashFile, ...]:
        """The files of both images, CODE's first."""
        return tuple(f for image in (self.code, self.store) if image for f in image.files)

    def verdict(self) -> Verdict | None:
        """Whether the two fit; None where one is missing."""
        if self.code is None or self.store is None:
            return None
        from ovmfgui.layout.fit import check  # reads CODE, which takes a while

        return check(self.code, self.store)


def size_words(size: int) -> str:
    """A size, with what is known to have it."""
    known = _SIZES.get(size)
    text = f"0x{size:X} is {size:,} bytes"
    return f"{text}: {known}" if known else f"{text}, the size of no build that is known"


def _number(text: str) -> int:
    return int(text, 16)


def sizes(found: re.Match[str], opened: Opened) -> list[str]:
    """Two sizes of a RAM block, incoming and own: what has them, and which opened file does."""
    lines = []
    for group, side in (("incoming", "comes in"), ("own", "is there")):
        size = _number(found[group])
        lines.append(f"What {side}: {size_words(size)}.")
        lines += [
            f"{file.path} has just this size." for file in opened.files if len(file.data) == size
        ]
    return lines


def file_size(found: re.Match[str], opened: Opened) -> list[str]:
    """A file's size that QEMU does not take."""
    size = int(found["size"])
    rest = size % PC_BLOCK_SIZE
    lines = [f"{size:,} bytes are {rest:,} more than a multiple of 4096."] if rest else []
    for file in opened.files:
        own = len(file.data)
        fits = "a multiple of 4096" if own and own % PC_BLOCK_SIZE == 0 else "no multiple of 4096"
        what = f", {file.role.value}" if file.role is not None else ", no firmware image by content"
        lines.append(f"{file.path} has {own:,} bytes, {fits}{what}.")
    return lines


def backend_size(found: re.Match[str], opened: Opened) -> list[str]:
    """A device's size and its file's."""
    needed, given = int(found["needed"]), int(found["given"])
    lines = [f"Needed: {size_words(needed)}.", f"Given: {size_words(given)}."]
    lines += [
        f"{file.path} is the file with {given:,} bytes."
        for file in opened.files
        if len(file.data) == given
    ]
    return lines


def total_size(found: re.Match[str], opened: Opened) -> list[str]:
    """What the opened files come to together."""
    if not opened.files:
        return []
    total = sum(len(file.data) for file in opened.files)
    names = " and ".join(Path(file.path).name for file in opened.files)
    return [f"{names} have {total:,} bytes together; {int(found['limit']):,} are allowed."]


def path_there(found: re.Match[str], _opened: Opened) -> list[str]:
    """Whether the named file is on this machine."""
    path = Path(found["path"])
    if not path.is_absolute():
        return []
    try:
        if path.is_file():
            return [f"On this machine {path} is there, {path.stat().st_size:,} bytes."]
        there = sorted(p.name for p in path.parent.glob("*.fd")) if path.parent.is_dir() else []
    except OSError:
        there = []  # a name that is longer than any file's
    beside = f"; {path.parent} has {', '.join(there[:8])}" if there else ""
    return [f"On this machine there is no {path} either{beside}."]


def fit(_found: re.Match[str], opened: Opened) -> list[str]:
    """Whether the opened CODE and VARS agree."""
    verdict = opened.verdict()
    if verdict is None:
        return []
    return [f"The two opened files: {verdict.fit.value} ({verdict.outcome.value}). "
            f"{verdict.summary}"]  # fmt: skip


def room(_found: re.Match[str], opened: Opened) -> list[str]:
    """How full the opened store is."""
    if opened.store is None:
        return []
    from ovmfgui.nvram.reading import read_store

    store = read_store(opened.store.files[0].data)
    gauge = store.gauge
    return [
        f"{opened.store.files[0].path}: {gauge.live:,} bytes in use, {gauge.dead:,} bytes of "
        f"deleted "
        f"records, {gauge.free:,} bytes free of {gauge.total:,}."
    ]
