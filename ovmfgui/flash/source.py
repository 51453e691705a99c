"""Files into flash contents, whatever they are packed in."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.recordings import HEAD, recorded_guest
from ovmfgui.flash.role import role_of
from ovmfgui.flash.standard_input import STANDARD_INPUT, standard_input
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

# The largest flash chip of any of QEMU's machines (hw/arm/virt.c: two of 64 MiB).
MAX_SIZE = 64 << 20
# A qcow2 image has tables beside its contents; raw contents are held to MAX_SIZE.
MAX_STORED = MAX_SIZE + (16 << 20)
_QCOW2_MAGIC = b"QFI\xfb"
_XZ_MAGIC = b"\xfd7zXZ\0"


def read_file(path: str | Path) -> FlashFile:
    """Read one file and tell its role from its contents.

    Raises:
        Refused: it cannot be read, is too large, or is no flash image.
    """
    stored = read_regular(path, MAX_STORED)
    data, form = unpack(str(path), stored)
    refuse_recording(path, data[:HEAD])  # first: flash in a recording looks like an image
    role = role_of(data)
    if role is None:
        refuse_recording(path, data)
        msg = (
            f"{path} is not a flash image: no firmware volume and no variable store in it; "
            "give a CODE, VARS or unified .fd file"
        )
        raise Refused(msg)
    return FlashFile(str(path), data, form, role)


def read_regular(path: str | Path, limit: int = MAX_SIZE) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; never blocks on a pipe or a device.

    Raises:
        Refused: in one line, why not.
    """
    if str(path) == STANDARD_INPUT:
        data = standard_input()
        if len(data) > limit:
            msg = f"standard input holds more than {limit:,} bytes"
            raise Refused(msg)
        return data
    try:
        # O_NONBLOCK: opening a pipe with no writer would wait for one.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        msg = f"{path} does not exist"
        raise Refused(msg) from None
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}"
        raise Refused(msg) from error
    try:
        _refuse_unless_regular(path, descriptor, limit)
        data = _read_all(descriptor, limit + 1)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise Refused(msg) from error
    finally:
        os.close(descriptor)
    if not data:
        msg = f"{path} is empty"
        raise Refused(msg)
    if len(data) > limit:
        msg = f"{path} holds more than {limit:,} bytes"
        raise Refused(msg)
    return data


def refuse_recording(path: str | Path, data: bytes) -> None:
    """Refuse what is a recorded guest and no image, by its name.

    Raises:
        Refused: it is one; with the command that reads it.
    """
    guest = recorded_guest(data)
    if guest is not None:
        msg = f"{path} is {guest.kind}, not a flash image; {guest.advice(path)}"
        raise Refused(msg)


def _refuse_unless_regular(path: str | Path, descriptor: int, limit: int) -> None:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        msg = f"{path} is a folder; give a flash image in it"
        raise Refused(msg)
    if not stat.S_ISREG(status.st_mode):
        msg = f"{path} is a device or a pipe, not a file; copy its contents to a file first"
        raise Refused(msg)
    if status.st_size > limit:
        refuse_recording(path, os.pread(descriptor, HEAD, 0))
        msg = f"{path} measures {status.st_size:,} bytes; no flash chip is larger than {limit:,}"
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
    if stored.startswith(_XZ_MAGIC):
        return Format.XZ
    return Format.QCOW2 if stored.startswith(_QCOW2_MAGIC) else Format.RAW


def unpack(path: str, stored: bytes) -> tuple[bytes, Format]:
    """The flash contents in a file's bytes, and how they were packed.

    Raises:
        Refused: they are damaged or too large.
    """
    if stored.startswith(_XZ_MAGIC):
        return _unpack_xz(path, stored), Format.XZ
    if stored.startswith(_QCOW2_MAGIC):
        # Imported here: it brings subprocess and tempfile, which a quick start can do without.
        from ovmfgui.flash.qcow2 import unpack_qcow2

        return unpack_qcow2(path, stored, MAX_SIZE), Format.QCOW2
    if len(stored) > MAX_SIZE:
        refuse_recording(path, stored[:HEAD])
        msg = f"{path} measures {len(stored):,} bytes; no flash chip is larger than {MAX_SIZE:,}"
        raise Refused(msg)
    return stored, Format.RAW


def _unpack_xz(path: str, stored: bytes) -> bytes:
    import lzma

    decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=256 << 20)
    try:
        data = decoder.decompress(stored, MAX_SIZE + 1)
    except lzma.LZMAError as error:
        msg = f"{path} is a damaged xz file: {error}"
        raise Refused(msg) from error
    if len(data) > MAX_SIZE:
        refuse_recording(path, data[:HEAD])
        msg = f"{path} unpacks to more than {MAX_SIZE:,} bytes; no flash chip is larger"
        raise Refused(msg)
    if not decoder.eof:
        msg = f"{path} is an xz file that ends too early"
        raise Refused(msg)
    if not data:
        msg = f"{path} is empty once unpacked"
        raise Refused(msg)
    return data
