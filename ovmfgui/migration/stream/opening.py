"""Opening a recording, whatever it is wrapped in."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import stat
import struct
import subprocess
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.migration.stream.recording import Recording, read_recording
from ovmfgui.migration.stream.source import Source
from ovmfgui.migration.stream.structures import (
    LIBVIRT_HEADER,
    LIBVIRT_MAGIC,
    LIBVIRT_PARTIAL,
    LIBVIRT_VERSION,
    MAGIC,
)
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_XZ = b"\xfd7zXZ\x00"
_RAW, _GZIP, _BZIP2, _XZ_FORMAT, _LZOP, _ZSTD, _SPARSE = range(7)
"""virQEMUSaveFormat (libvirt src/qemu/qemu_saveimage.h)."""

_PROGRAMS = {_LZOP: "lzop", _ZSTD: "zstd"}
_DAMAGED = (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile)


def open_recording(path: str | Path) -> Recording:
    """Open a migration stream, a mapped-ram file or a file that ``virsh save`` wrote.

    Raises:
        Refused: it is none of these, or one of a kind that cannot be read.
    """
    try:
        with _opened(Path(path)) as file:
            return _recording(file)
    except Refused as refusal:
        msg = f"{path}: {refusal}"
        raise Refused(msg) from refusal
    except _DAMAGED as error:
        msg = f"{path}: its packed contents are damaged: {error}"
        raise Refused(msg) from error
    except OSError as error:
        msg = f"{path}: {error.strerror or error}"
        raise Refused(msg) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A regular file, never waiting for a pipe's writer."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            msg = "this is no regular file; name a recorded migration"
            raise Refused(msg)
        yield cast("IO[bytes]", file)


def _recording(file: IO[bytes]) -> Recording:
    head = file.read(LIBVIRT_HEADER.sizeof())
    if head.startswith(MAGIC):
        file.seek(0)
        return read_recording(Source(file, seekable=True))
    if head.startswith(_XZ):
        file.seek(0)
        return read_recording(Source(cast("IO[bytes]", lzma.LZMAFile(file)), seekable=False))
    if head.startswith(LIBVIRT_MAGIC):
        return _saved_by_libvirt(file, head)
    if head.startswith(LIBVIRT_PARTIAL):
        msg = "libvirt did not finish this save file (its magic says Part); save the domain again"
        raise Refused(msg)
    msg = "this is no recorded migration: neither a QEMU stream (QEVM) nor a libvirt save file"
    raise Refused(msg)


def _saved_by_libvirt(file: IO[bytes], head: bytes) -> Recording:
    if len(head) < LIBVIRT_HEADER.sizeof():
        msg = "the save file ends inside its header"
        raise Refused(msg)
    words = LIBVIRT_HEADER.parse(head).words
    fields = struct.unpack("<4I", words[:16])
    if fields[0] != LIBVIRT_VERSION:
        fields = struct.unpack(">4I", words[:16])
    version, length, _was_running, form = fields
    if version != LIBVIRT_VERSION:
        msg = f"a libvirt save file of version {version}; known is version {LIBVIRT_VERSION}"
        raise Refused(msg)
    file.seek(LIBVIRT_HEADER.sizeof() + length)
    with _unpacked(file, form) as (stream, seekable):
        return read_recording(Source(stream, seekable=seekable), "libvirt")


@contextmanager
def _unpacked(file: IO[bytes], form: int) -> Iterator[tuple[IO[bytes], bool]]:
    """The stream inside a save file, and whether it can be read at any place."""
    if form in (_RAW, _SPARSE):
        yield file, True
    elif form == _GZIP:
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)), False
    elif form == _BZIP2:
        yield cast("IO[bytes]", bz2.BZ2File(file)), False
    elif form == _XZ_FORMAT:
        yield cast("IO[bytes]", lzma.LZMAFile(file)), False  # noqa: SIM115 the caller closes it
    elif form in _PROGRAMS:
        with _by_program(file, _PROGRAMS[form]) as stream:
            yield stream, False
    else:
        msg = f"the save file is packed in a way that is not known (format {form})"
        raise Refused(msg)


@contextmanager
def _by_program(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Unpack with a program of the system; it ends when the stream is done with."""
    program = shutil.which(name)
    if program is None:
        msg = f"the save file is packed with {name}; install that program to read it"
        raise Refused(msg)
    with subprocess.Popen(
        [program, "-dc"], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.stdout.close()
            process.kill()
