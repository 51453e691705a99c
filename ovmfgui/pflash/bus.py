"""How the memory bus cuts an access up before a chip gets to see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ACCESS = 4


def accesses(offset: int, width: int) -> Iterator[tuple[int, int]]:
    """The aligned accesses, offset and width in bytes, that one of ``width`` bytes is made of.

    QEMU hands a device at most four bytes at once and, where the device does not ask for more,
    only at their natural alignment (softmmu/physmem.c, memory_access_size).
    """
    end = offset + width
    while offset < end:
        size = min(MAX_ACCESS, offset & -offset or MAX_ACCESS)
        while size > end - offset:
            size >>= 1
        yield offset, size
        offset += size
