"""FAT by way of mtools, which reads a file system at an offset of a file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_ESP, MOST_VOLUME_FILES, MTOOLS_SECONDS
from ovmfgui.refusal import Refused
from ovmfgui.trust.volume import Volume
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from ovmfgui.trust.raw_disk import RawDisk

_ONE_FILE = re.compile(r"^ *1 file +(\d[\d ]*) bytes", re.MULTILINE)
"""mdir's last words on one file; its digits stand in threes."""


def is_fat(disk: RawDisk, start: int) -> bool:
    """Whether a FAT file system begins there (Microsoft's FAT specification, BPB)."""
    boot = disk.read(start, 512)
    if len(boot) < 512 or boot[510:512] != b"\x55\xaa" or boot[0] not in (0xEB, 0xE9):
        return False
    sector = int.from_bytes(boot[11:13], "little")
    return sector in (512, 1024, 2048, 4096) and boot[16] in (1, 2) and boot[21] >= 0xF0


def fat_volume(disk: RawDisk, start: int, name: str) -> Volume:
    """The FAT file system that begins there.

    Raises:
        Refused: mtools is missing, or cannot read it.
    """
    file, offset = disk.file_from(start, MOST_ESP)
    image = f"{file}@@{offset}"
    listed = _run(["mdir", "-/", "-b", "-i", image, "::/"], disk.path).decode("utf-8", "replace")
    paths = [line.strip().removeprefix("::") for line in listed.splitlines()]
    files = [path for path in paths if path.startswith("/") and not path.endswith("/")]

    size = _size(disk, start)
    there = min(disk.size - start, MOST_ESP) if disk.packed else disk.size - start

    def read(named: str) -> bytes:
        data = _run(["mcopy", "-n", "-i", image, f"::{named}", "-"], disk.path)
        # mtools gives what is there of a file, and says nothing of the rest.
        if there < size and len(data) != _told_size(image, named, disk.path):
            msg = f"{disk.path}: {named} is not read whole: it goes on behind {size_text(there)}"
            raise Refused(msg)
        return data

    # Loaders lie below \EFI: of too many files theirs are kept.
    files.sort(key=lambda path: not path.lower().startswith("/efi/"))
    kept, rest = files[:MOST_VOLUME_FILES], files[MOST_VOLUME_FILES:]
    unread = [f"{name} holds more than {MOST_VOLUME_FILES:,} files"] if rest else []
    if there < size:
        unread.append(f"{name}: what lies behind its first {size_text(there)}")
    # Of what is not there whole, a folder's end may be what is missing.
    cut = frozenset(path.rpartition("/")[0].lower() for path in (files if there < size else rest))
    return Volume(name, tuple(kept), read, tuple(unread), cut)


def _size(disk: RawDisk, start: int) -> int:
    """What the file system says of its size, in bytes (BPB_TotSec16, BPB_TotSec32)."""
    boot = disk.read(start, 512)
    sectors = int.from_bytes(boot[19:21], "little") or int.from_bytes(boot[32:36], "little")
    return sectors * int.from_bytes(boot[11:13], "little")


def _told_size(image: str, named: str, path: str) -> int:
    """Bytes that a file has by its folder; -1 where mtools' words are not understood."""
    said = _run(["mdir", "-i", image, f"::{named}"], path).decode("utf-8", "replace")
    found = _ONE_FILE.search(said)
    return -1 if found is None else int(found[1].replace(" ", ""))


def _run(command: list[str], path: str) -> bytes:
    if shutil.which(command[0]) is None:
        msg = f"{path} holds a FAT file system, and mtools, which reads it, is missing: install it"
        raise Refused(msg)
    # Nobody's own settings, and no check of the size against a disk's geometry.
    environment = {**os.environ, "MTOOLSRC": os.devnull, "MTOOLS_SKIP_CHECK": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=MTOOLS_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        msg = f"{path}: mtools gave no answer within {MTOOLS_SECONDS} s"
        raise Refused(msg) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        msg = f"{path}: mtools cannot read its FAT file system: {said[-1] if said else 'no words'}"
        raise Refused(msg)
    return done.stdout
