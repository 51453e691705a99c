"""What recordings are packed with, told by its magic."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import subprocess
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

DAMAGED = (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile)
"""What unpacking raises where the packed bytes are damaged."""

_MAGICS = (
    (b"\xfd7zXZ\0", "xz"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x89LZO\0\r\n\x1a\n", "lzop"),
)
_PROGRAMS = ("zstd", "lzop")
"""Those that the standard library does not read."""


def packing_of(head: bytes) -> str:
    """What a file that begins so is packed with; empty where with nothing."""
    return next((name for magic, name in _MAGICS if head.startswith(magic)), "")


@contextmanager
def unpacked(file: IO[bytes], packing: str) -> Iterator[IO[bytes]]:
    """The contents of ``file`` from its position on, read as they are unpacked.

    Raises:
        Refused: the program that unpacks them is missing.
    """
    if packing in _PROGRAMS:
        with _by_program(file, packing) as stream:
            yield stream
    elif packing == "gzip":
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    elif packing == "bzip2":
        yield cast("IO[bytes]", bz2.BZ2File(file))
    else:
        yield cast("IO[bytes]", lzma.LZMAFile(file))  # noqa: SIM115 the caller closes it


@contextmanager
def _by_program(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Unpack with a program of the system; it ends when the stream is done with."""
    program = shutil.which(name)
    if program is None:
        msg = f"it is packed with {name}; install that program to read it"
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
