"""What recordings are packed with, told by its magic."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.budgets import MOST_AROUND
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.xz import XzReader
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

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


_PIECE = 1 << 20


def packing_of(head: bytes) -> str:
    """What a file that begins so is packed with; empty where with nothing."""
    return next((name for magic, name in _MAGICS if head.startswith(magic)), "")


class _Forwards(io.RawIOBase):
    """A stream that is read forwards; once it met damage it says so each time it is asked."""

    def __init__(self, stream: gzip.GzipFile | bz2.BZ2File | io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self._fault: Exception | None = None

    def readable(self) -> bool:
        """Always, as io.RawIOBase asks."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer, as io.RawIOBase does; 0 at the end."""
        if self._fault is not None:
            raise self._fault
        try:
            return self._stream.readinto1(buffer)
        except DAMAGED as error:
            self._fault = error
            raise


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The contents of a packed file.

    Attributes:
        stream: them, read forwards as they are unpacked.
        process: the program that unpacks them; None where it is done here.
    """

    stream: IO[bytes]
    process: subprocess.Popen[bytes] | None = None

    def fault_behind(self) -> str | None:
        """What is wrong with what was not read yet; empty where nothing is.

        None where more follows than is unpacked to find out.
        """
        try:
            for _ in range(MOST_AROUND // _PIECE):
                if not self.stream.read(_PIECE):
                    break
            else:
                return None
        except DAMAGED as error:
            return str(error)
        failed = self.process is not None and self.process.wait() != 0
        return "the program that unpacks it fails" if failed else ""


@contextmanager
def unpacked(file: IO[bytes], packing: str) -> Iterator[Unpacked]:
    """The contents of ``file`` from its position on.

    Raises:
        Refused: the program that unpacks them is missing.
    """
    if packing in _PROGRAMS:
        with _by_program(file, packing) as process:
            assert process.stdout is not None
            yield Unpacked(process.stdout, process)
    elif packing == "gzip":
        yield Unpacked(cast("IO[bytes]", _Forwards(gzip.GzipFile(fileobj=file))))
    elif packing == "bzip2":
        yield Unpacked(cast("IO[bytes]", _Forwards(bz2.BZ2File(file))))
    else:
        yield Unpacked(cast("IO[bytes]", _Forwards(io.BufferedReader(XzReader(file), _PIECE))))


@contextmanager
def _by_program(file: IO[bytes], name: str) -> Iterator[subprocess.Popen[bytes]]:
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
            yield process
        finally:
            process.stdout.close()
            process.kill()
