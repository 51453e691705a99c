"""Memory for copies of large files is had beforehand and kept, until they are closed.

An edit makes a new copy of the whole file, 64 MiB on ARM. Fresh pages from the kernel cost three
times as much as the copying does, and the window stands still meanwhile.

glibc by itself gives back what is free at the end of its heap, not what is free between two things
that stay: 490 MiB stayed with the process after 84 documents had been closed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

LARGE = 16 << 20
"""Bytes from which on a file counts as large."""

# glibc, malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_BLOCK = 128 << 20
_KEPT = 256 << 20
_SMALLEST_BLOCK, _LEFT = 1 << 20, 1 << 20
"""Bytes: where no large file is open, blocks from this size on go back as they become free."""
# The file as edited, and the one that takes its place at the next edit.
_COPIES = 2


def keep_memory_for(size: int) -> bool:
    """Have glibc get memory for copies of a file of ``size`` bytes, and keep it; whether it does.

    For a worker: the pages come in while it waits for the kernel, and other threads go on.
    """
    if not LARGE <= size <= _LARGEST_BLOCK or not _keep(_LARGEST_BLOCK, _KEPT):
        return False
    blocks = [bytearray(size) for _ in range(_COPIES)]
    with Path("/dev/zero").open("rb", buffering=0) as zeros:
        for block in blocks:
            zeros.readinto(block)
    return True


def give_back() -> bool:
    """Have glibc give back all that is free, and keep no more from now on; whether it does.

    For a worker: that takes 20 ms for each 500 MiB. Not while a large file is open.
    """
    if not _keep(_SMALLEST_BLOCK, _LEFT):
        return False
    trim = getattr(_glibc(), "malloc_trim", None)
    return trim is not None and bool(trim(0))


def _glibc() -> ctypes.CDLL | None:
    """What Python's own memory comes from; None where that is another system's."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    return ctypes.CDLL(None)


def _keep(block: int, free: int) -> bool:
    """Have blocks of up to ``block`` bytes kept, and as much as ``free`` at the heap's end."""
    mallopt = getattr(_glibc(), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_MMAP_THRESHOLD, block)) and bool(mallopt(_TRIM_THRESHOLD, free))
