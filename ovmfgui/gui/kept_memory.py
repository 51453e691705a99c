"""Memory of large files is kept for the next copy of them."""

from __future__ import annotations

import sys

LARGE = 16 << 20
"""Bytes from which on a file counts as large: ARM flash has 64 MiB."""

# glibc, malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_BLOCK = 128 << 20
_KEPT = 256 << 20


def keep_freed_memory() -> bool:
    """Have glibc keep the memory of freed large blocks; whether it does.

    An edit makes a new copy of the whole file. Fresh pages from the kernel cost three times as
    much as the copying does, and the window stands still meanwhile.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    kept = mallopt(_MMAP_THRESHOLD, _LARGEST_BLOCK) and mallopt(_TRIM_THRESHOLD, _KEPT)
    return bool(kept)
