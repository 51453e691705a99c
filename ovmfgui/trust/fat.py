"""FAT by way of mtools, which reads a file system at an offset of a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_ESP, MOST_VOLUME_FILES, MTOOLS_SECONDS
from ovmfgui.refusal import Refused
from ovmfgui.trust.volume import Volume
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from ovmfgui.trust.raw_disk import RawDisk


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

    def read(named: str) -> bytes:
        return _run(["mcopy", "-n", "-i", image, f"::{named}", "-"], disk.path)

    unread: list[str] = []
    if len(files) > MOST_VOLUME_FILES:
        unread.append(f"{name} holds more than {MOST_VOLUME_FILES:,} files")
    if disk.packed and _size(disk.read(start, 512)) > MOST_ESP:
        unread.append(f"{name}: what lies behind its first {size_text(MOST_ESP)}")
    return Volume(name, tuple(files[:MOST_VOLUME_FILES]), read, tuple(unread))


def _size(sector: bytes) -> int:
    """Bytes of a FAT file system by its first sector: BPB_BytsPerSec, BPB_TotSec16 and 32."""
    total = int.from_bytes(sector[19:21], "little") or int.from_bytes(sector[32:36], "little")
    return total * int.from_bytes(sector[11:13], "little")


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
