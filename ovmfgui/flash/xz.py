"""xz files, whole or as they are read: every stream of them, or a reason why not."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from ovmfgui.budgets import MOST_XZ_MEMORY, MOST_XZ_STREAMS
from ovmfgui.flash.recordings import HEAD, refuse_recording
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from lzma import LZMADecompressor

    from _typeshed import WriteableBuffer

XZ_MAGIC = b"\xfd7zXZ\0"
_PIECE = 0x10000
"""Packed bytes that are read at once."""


def unpack_xz(path: str, stored: bytes, limit: int, what: str = "no flash chip is larger") -> bytes:
    """The contents of all streams of an xz file, one behind the other, as xz itself gives them.

    Args:
        path: for messages.
        stored: the file's bytes.
        limit: bytes of contents at most.
        what: said of contents that are larger.

    Raises:
        Refused: damaged, too large, cut short, or followed by bytes that are none of it.
    """
    from lzma import LZMAError

    parts: list[bytes] = []
    size, rest = 0, stored
    for _ in range(MOST_XZ_STREAMS):
        decoder = _decoder()
        try:
            part = decoder.decompress(rest, limit + 1 - size)
        except LZMAError as error:
            msg = f"{path} is a damaged xz file: {error}"
            raise Refused(msg) from error
        parts.append(part)
        size += len(part)
        if size > limit:
            refuse_recording(path, parts[0][:HEAD])
            msg = f"{path} unpacks to more than {limit:,} bytes; {what}"
            raise Refused(msg)
        if not decoder.eof:
            msg = f"{path} is an xz file that ends too early"
            raise Refused(msg)
        rest = _behind_padding(decoder.unused_data)
        if not rest:
            break
        if not rest.startswith(XZ_MAGIC):
            at = len(stored) - len(rest)
            msg = (
                f"{path} has {len(rest):,} bytes behind its xz stream (from 0x{at:X}) that are "
                f"none of it; unpack what is wanted: head -c {at} {path} | xz -dc > NEW.fd"
            )
            raise Refused(msg)
    if not size:
        msg = f"{path} is empty once unpacked"
        raise Refused(msg)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _behind_padding(data: bytes) -> bytes:
    """What follows stream padding: zeros, a multiple of four (the .xz format, section 2.2)."""
    behind = data.lstrip(b"\0")
    padding = len(data) - len(behind)
    return behind if padding % 4 == 0 or not behind else data


class XzReader(io.RawIOBase):
    """The contents of all streams of an xz file, read as they are unpacked.

    ``read`` raises LZMAError where the packed bytes are damaged or none of it follows a stream,
    EOFError where they end too early.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Read from ``file``'s position on."""
        super().__init__()
        self._file = file
        self._packed = b""
        self._decoder = _decoder()

    def readable(self) -> bool:
        """Always, as io.RawIOBase asks."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer, as io.RawIOBase does; 0 at the end."""
        wanted = memoryview(buffer).cast("B")
        if not len(wanted):
            return 0
        while True:
            if self._decoder.eof and not self._next_stream():
                return 0
            packed = self._more() if self._decoder.needs_input else b""
            if self._decoder.needs_input and not packed:
                msg = "the xz file ends too early"
                raise EOFError(msg)
            part = self._decoder.decompress(packed, len(wanted))
            if part:
                wanted[: len(part)] = part
                return len(part)

    def _more(self) -> bytes:
        packed, self._packed = self._packed, b""
        return packed or self._file.read(_PIECE)

    def _next_stream(self) -> bool:
        """Whether another stream follows the one that ended, behind padding or at once."""
        from lzma import LZMAError

        rest, padding = self._decoder.unused_data, 0
        while True:
            behind = rest.lstrip(b"\0")
            padding += len(rest) - len(behind)
            if behind or not (rest := self._more()):
                break
        if not behind:
            return False
        behind += self._file.read(len(XZ_MAGIC)) if len(behind) < len(XZ_MAGIC) else b""
        if padding % 4 or not behind.startswith(XZ_MAGIC):
            msg = "bytes that are none of it follow the xz stream"
            raise LZMAError(msg)
        self._packed, self._decoder = behind, _decoder()
        return True


def _decoder() -> LZMADecompressor:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_XZ_MEMORY)
