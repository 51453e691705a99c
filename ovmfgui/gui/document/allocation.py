"""Memory for copies of large files is had beforehand and kept.

An edit makes a new copy of the whole file, 64 MiB on ARM. Fresh pages from the kernel cost three
times as much as the copying does, and the window stands still meanwhile.
"""

from __future__ import annotations

import sys
from pathlib import Path

LARGE = 16 << 20
"""Bytes from which on a file counts as large."""

# glibc, malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_BLOCK = 128 << 20
_KEPT = 256 << 20
# The file as edited, and the one that takes its place at the next edit.
_COPIES = 2


def keep_memory_for(size: int) -> bool:
    """Have glibc get memory for copies of a file of ``size`` bytes, and keep it; whether it does.

    For a worker: the pages come in while it waits for the kernel, and other threads go on.
    """
    if not LARGE <= size <= _LARGEST_BLOCK or not sys.platform.startswith("linux"):
        return False
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None or not mallopt(_MMAP_THRESHOLD, _LARGEST_BLOCK):
        return False
    if not mallopt(_TRIM_THRESHOLD, _KEPT):
        return False
    blocks = [bytearray(size) for _ in range(_COPIES)]
    with Path("/dev/zero").open("rb", buffering=0) as zeros:
        for block in blocks:
            zeros.readinto(block)
    return True
