"""What not every system's Python has: asked for by name when it is used, with what to do without.

macOS lacks Linux's locks of an open file and ``os.listxattr``; Windows has no ``fcntl``, no
O_CLOEXEC (its descriptors are not inherited), no ``pread`` and no ``fchown``.
"""

from __future__ import annotations

import os

READ_ONLY = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe with no writer would wait for one
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
"""Flags to open what may be anything."""
READ_WRITE = READ_ONLY & ~os.O_RDONLY | os.O_RDWR
"""The same for a file that is about to be replaced."""


def read_at(descriptor: int, size: int, offset: int) -> bytes:
    """Up to ``size`` bytes from ``offset`` on; the descriptor's position may move."""
    if hasattr(os, "pread"):
        return os.pread(descriptor, size, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, size)


def write_at(descriptor: int, data: bytes | memoryview, offset: int) -> int:
    """Write at ``offset``; how many bytes were written. The descriptor's position may move."""
    if hasattr(os, "pwrite"):
        return os.pwrite(descriptor, data, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.write(descriptor, data)


def sync_folder(path: str) -> None:
    """Put a folder's entries on the disk, where the system lets a program open a folder."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, READ_ONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
