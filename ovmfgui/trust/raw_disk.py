"""The bytes of a disk image, raw or qcow2, a piece at a time: disks are larger than memory."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.budgets import DISK_SECONDS
from ovmfgui.flash.qcow2 import refuse_what_is_not_plain
from ovmfgui.flash.source import head_of
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_QCOW2 = b"QFI\xfb"
_HEAD = 512
_ANY = 1 << 63
"""Bytes: a disk may have any size."""
_MIB = 1 << 20


class RawDisk(NamedTuple):
    """A disk.

    Attributes:
        path: of the image, for messages.
        size: bytes.
        folder: for what is unpacked; gone when the disk is closed.
        packed: whether it is qcow2.
    """

    path: str
    size: int
    folder: str
    packed: bool

    def read(self, at: int, size: int) -> bytes:
        """Some bytes; fewer where the disk ends."""
        size = max(0, min(size, self.size - at))
        if not size:
            return b""
        if self.packed:
            start = at // _MIB * _MIB
            piece = self._unpacked(start, at + size - start)
            return piece.read_bytes()[at - start :][:size]
        with Path(self.path).open("rb") as file:
            file.seek(at)
            return file.read(size)

    def file_from(self, at: int, size: int) -> tuple[str, int]:
        """A raw file with the bytes from ``at`` on, and the offset in it where they begin."""
        if not self.packed:
            return self.path, at
        start = at // _MIB * _MIB
        return str(self._unpacked(start, min(size, self.size - at) + at - start)), at - start

    def _unpacked(self, start: int, size: int) -> Path:
        """A piece of a qcow2 image from a whole MiB on, as a raw file."""
        blocks = -(-size // _MIB)
        piece = Path(self.folder, f"{start}-{blocks}")
        if piece.exists():
            return piece
        command = ["qemu-img", "dd", "-U", "-f", "qcow2", "-O", "raw", f"bs={_MIB}"]
        # QEMU 7.2 counts from the image's start, skipped blocks included; newer ones may not.
        skip = start // _MIB
        command += [f"skip={skip}", f"count={skip + blocks}", f"if={self.path}", f"of={piece}"]
        _run(command, self.path)
        return piece


def _run(command: list[str], path: str) -> str:
    if shutil.which(command[0]) is None:
        msg = f"{path} is a qcow2 image, and qemu-img (qemu-utils), which reads it, is missing"
        raise Refused(msg)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DISK_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        msg = f"{path}: qemu-img gave no answer within {DISK_SECONDS} s"
        raise Refused(msg) from None
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        msg = f"{path} could not be read by qemu-img: {words.removeprefix('qemu-img: ')}"
        raise Refused(msg)
    return done.stdout


@contextlib.contextmanager
def opened_disk(path: str) -> Iterator[RawDisk]:
    """A disk image; what was unpacked of it goes when it is closed.

    Raises:
        Refused: it cannot be read.
    """
    try:
        head = head_of(path, _HEAD)
        with Path(path).open("rb") as file:
            size = file.seek(0, 2)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise Refused(msg) from None
    with tempfile.TemporaryDirectory(prefix="ovmfgui-disk-") as folder:
        packed = head.startswith(_QCOW2)
        if packed:
            import json

            # A guest may have written any file of this machine as what lies behind its disk.
            refuse_what_is_not_plain(path, head, _ANY)
            said = json.loads(_run(["qemu-img", "info", "-U", "--output=json", path], path))
            size = int(said["virtual-size"])
        yield RawDisk(path, size, folder, packed)
