"""Files into flash contents, whatever they are packed in."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ovmfgui.flash.containers import other_firmware, packed_in, sentence
from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.placement import MAX_CHIP_SIZE
from ovmfgui.flash.recordings import HEAD, refuse_recording
from ovmfgui.flash.role import role_of
from ovmfgui.flash.standard_input import STANDARD_INPUT, standard_input
from ovmfgui.flash.xz import XZ_MAGIC, unpack_xz
from ovmfgui.refusal import Refused
from ovmfgui.system import READ_ONLY, read_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_SIZE = MAX_CHIP_SIZE
# A qcow2 image has tables beside its contents; raw contents are held to MAX_SIZE.
MAX_STORED = MAX_SIZE + (16 << 20)
_QCOW2_MAGIC = b"QFI\xfb"


def read_file(path: str | Path) -> FlashFile:
    """Read one file and tell its role from its contents.

    Raises:
        Refused: it cannot be read, is too large, or is no flash image.
    """
    stored = read_regular(path, MAX_STORED)
    _refuse_container(path, stored)
    data, form = unpack(str(path), stored)
    _refuse_container(path, data)
    refuse_recording(path, data[:HEAD])  # first: flash in a recording looks like an image
    role = role_of(data)
    if role is None:
        refuse_recording(path, data)
        if (other := other_firmware(data)) is not None:
            raise Refused(sentence(path, other))
        msg = (
            f"{path} is not a flash image: no firmware volume and no variable store in it; "
            "give a CODE, VARS or unified .fd file"
        )
        raise Refused(msg)
    if form is Format.RAW and is_json_store(data):
        form = Format.JSON
    return FlashFile(str(path), data, form, role)


def _refuse_container(path: str | Path, data: bytes) -> None:
    if (kind := packed_in(data)) is not None:
        raise Refused(sentence(path, kind))


def read_regular(path: str | Path, limit: int = MAX_SIZE) -> bytes:
    """The bytes of a file or block device of at most ``limit`` bytes; never waits for a pipe.

    Raises:
        Refused: in one line, why not.
    """
    if str(path) == STANDARD_INPUT:
        data = standard_input()
        if len(data) > limit:
            msg = f"standard input holds more than {limit:,} bytes"
            raise Refused(msg)
        return data
    with regular_file(path, limit) as descriptor:
        data = _read_all(descriptor, limit + 1)
    if not data:
        msg = f"{path} is empty"
        raise Refused(msg)
    if len(data) > limit:
        msg = f"{path} holds more than {limit:,} bytes"
        raise Refused(msg)
    return data


@contextmanager
def regular_file(path: str | Path, limit: int) -> Iterator[int]:
    """A descriptor of a file or block device of at most ``limit`` bytes; never waits for a pipe.

    Raises:
        Refused: it cannot be opened, is none of these or too large; or reading it failed.
    """
    try:
        descriptor = os.open(path, READ_ONLY)
    except FileNotFoundError:
        msg = f"{path} does not exist"
        raise Refused(msg) from None
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}"
        raise Refused(msg) from error
    try:
        _refuse_unless_regular(path, descriptor, limit)
        yield descriptor
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise Refused(msg) from error
    finally:
        os.close(descriptor)


def head_of(path: str | Path, size: int, *, end: bool = False) -> bytes:
    """The first or the last bytes of a file or block device, for what it may be; never waits.

    Raises:
        OSError: it cannot be read, or is something else.
    """
    descriptor = os.open(path, READ_ONLY)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISBLK(status.st_mode):
            raise OSError(errno.EINVAL, "is no regular file")
        return read_at(descriptor, size, max(status.st_size - size, 0) if end else 0)
    finally:
        os.close(descriptor)


def _refuse_unless_regular(path: str | Path, descriptor: int, limit: int) -> None:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        msg = f"{path} is a folder; give a flash image in it"
        raise Refused(msg)
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISBLK(status.st_mode):
        msg = f"{path} is a device or a pipe, not a file; copy its contents to a file first"
        raise Refused(msg)
    size = status.st_size
    if stat.S_ISBLK(status.st_mode):
        size = os.lseek(descriptor, 0, os.SEEK_END)
        os.lseek(descriptor, 0, os.SEEK_SET)
    if size > limit:
        refuse_recording(path, read_at(descriptor, HEAD, 0))
        msg = f"{path} measures {size:,} bytes; no flash chip is larger than {limit:,}"
        raise Refused(msg)


def _read_all(descriptor: int, limit: int) -> bytes:
    """Up to ``limit`` bytes; the size that fstat tells is not trusted, /proc says 0 throughout."""
    parts: list[bytes] = []
    left = limit
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def packed_format(stored: bytes) -> Format:
    """How a file holds its contents, told by its first bytes."""
    if stored.startswith(XZ_MAGIC):
        return Format.XZ
    return Format.QCOW2 if stored.startswith(_QCOW2_MAGIC) else Format.RAW


def unpack(path: str, stored: bytes) -> tuple[bytes, Format]:
    """The flash contents in a file's bytes, and how they were packed.

    Raises:
        Refused: they are damaged or too large.
    """
    if stored.startswith(XZ_MAGIC):
        return unpack_xz(path, stored, MAX_SIZE), Format.XZ
    if stored.startswith(_QCOW2_MAGIC):
        # Imported here: it brings subprocess and tempfile, which a quick start can do without.
        from ovmfgui.flash.qcow2 import unpack_qcow2

        return unpack_qcow2(path, stored, MAX_SIZE), Format.QCOW2
    if len(stored) > MAX_SIZE:
        refuse_recording(path, stored[:HEAD])
        msg = f"{path} measures {len(stored):,} bytes; no flash chip is larger than {MAX_SIZE:,}"
        raise Refused(msg)
    return stored, Format.RAW
