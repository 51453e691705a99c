"""Bytes of a recording in order, a bounded part of them in memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_STATE
from ovmfgui.migration.stream.unpacking import DAMAGED
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from typing import IO

CHUNK = 1 << 20
"""Bytes to a read: small enough to stay in the processor's cache while it is looked through."""


class StreamEnded(Exception):
    """The recording ends where more was to come; ``offset`` is where, in bytes from its start."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the recording ends at 0x{offset:X}")
        self.offset = offset


class Source:
    """Reads a stream forwards; offsets are in bytes from the stream's own start.

    Attributes:
        base: where in the file the stream starts, in bytes; 0 where it is unpacked on the way.
        seekable: whether bytes can be read at any place.
        file_size: in bytes; 0 where it is not known.
    """

    def __init__(self, file: IO[bytes], *, seekable: bool) -> None:
        """Begin at the file's position.

        Args:
            file: where the bytes come from; may be a decompressor.
            seekable: whether bytes can be read at any place.
        """
        self._file = file
        self.base = file.tell() if seekable else 0
        self.seekable = seekable
        self.file_size = self._size() if seekable else 0
        self._buffer = bytearray(CHUNK)
        self._at = 0
        self._end = 0
        self._buffer_offset = 0

    def _size(self) -> int:
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(self.base)
        return size

    @property
    def offset(self) -> int:
        """Where the next byte lies."""
        return self._buffer_offset + self._at

    def peek(self, wanted: int) -> memoryview:
        """What is in memory from here on, at least ``wanted`` bytes unless the stream ends.

        The view is good until the next call that reads.
        """
        if self._end - self._at < wanted:
            self._fill(wanted)
        return memoryview(self._buffer)[self._at : self._end]

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes.

        Raises:
            StreamEnded: there are fewer.
            Refused: so many that what gave their number is damaged.
        """
        if size > MOST_STATE:
            msg = f"it is damaged before 0x{self.offset:X}: a part of {size:,} bytes is claimed"
            raise Refused(f"{msg}; nothing of a stream but memory is that large")
        if self._end - self._at < size:
            self._fill(size)
        start, end = self._at, self._at + size
        if end > self._end:
            raise StreamEnded(self._buffer_offset + self._end)
        self._at = end
        return bytes(self._buffer[start:end])

    def number(self, size: int) -> int:
        """The next ``size`` bytes as a big-endian number."""
        return int.from_bytes(self.take(size), "big")

    def name(self) -> str:
        """A name with its length in the byte before."""
        return self.take(self.number(1)).decode("ascii", "replace")

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes.

        Raises:
            StreamEnded: there are fewer.
        """
        while size > self._end - self._at:
            size -= self._end - self._at
            self._at = self._end
            self._fill(1)
            if self._at == self._end:
                raise StreamEnded(self.offset)
        self._at += size

    def read_at(self, position: int, size: int) -> bytes:
        """Bytes at a place in the file, without moving on; fewer where the file ends earlier.

        Args:
            position: in bytes from the start of the file, not of the stream.
            size: how many.
        """
        if position >= self.file_size:
            return b""
        before = self._file.tell()
        self._file.seek(position)
        data = self._file.read(size)
        self._file.seek(before)
        return data

    def jump(self, position: int) -> None:
        """Go on at ``position``, in bytes from the start of the file; needs a seekable file.

        Raises:
            StreamEnded: the file ends before it.
        """
        if position > self.file_size:
            raise StreamEnded(self.file_size - self.base)
        self._file.seek(position)
        self._at = self._end = 0
        self._buffer_offset = position - self.base

    def _fill(self, wanted: int) -> None:
        """Move what is left to the front, and read on behind it."""
        left = self._buffer[self._at : self._end]
        if wanted > len(self._buffer):
            self._buffer = bytearray(wanted + CHUNK)
        self._buffer[: len(left)] = left
        self._buffer_offset += self._at
        self._at, self._end = 0, len(left)
        room = memoryview(self._buffer)
        while self._end < wanted:
            try:
                part = self._read(room[self._end :])
            except DAMAGED:
                if not self._end:
                    raise
                return  # what came before it first; it is told again
            if not part:
                return
            self._end += part

    def _read(self, room: memoryview) -> int:
        try:
            if isinstance(self._file, io.RawIOBase):
                return self._file.readinto(room) or 0
            if isinstance(self._file, io.BufferedIOBase):
                # One piece at a time: a whole read would lose what comes before a broken end.
                return self._file.readinto1(room)
            data = self._file.read(len(room))
        except EOFError:  # what was packed ends too early: so does the stream
            return 0
        room[: len(data)] = data
        return len(data)


def source_of(data: bytes) -> Source:
    """The source that reads ``data``."""
    return Source(io.BytesIO(data), seekable=True)
