"""mapped-ram: pages at fixed places in the file, a bitmap in front of each block's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_BETWEEN
from ovmfgui.migration.stream.source import StreamEnded
from ovmfgui.migration.stream.structures import MappedRamHeader
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.stream.blocks import Block
    from ovmfgui.migration.stream.source import Source

_MIN_PAGE, _MAX_PAGE = 1 << 10, 1 << 20


class _Header(NamedTuple):
    """MappedRamHeader; both offsets are in bytes from the start of the *file*.

    Whatever the file begins with does not move them: ``file:…,offset=N``, libvirt's header.
    """

    version: int
    page_size: int
    bitmap: int
    pages: int


def read_mapped(source: Source, block: Block) -> None:
    """Read a block whose header is next, and go on behind its pages.

    A page that the bitmap does not name is zero: the file has a hole in its place. One that it
    does name and that lies behind the file's end has not arrived.

    Raises:
        Refused: the header is damaged, or the file is packed.
        StreamEnded: the file ends inside.
    """
    if not source.seekable:
        msg = "a mapped-ram file has to be unpacked first: its pages have fixed places"
        raise Refused(msg)
    header = _header(source, block)
    if block.array is not None:
        _read_pages(source, block, header)
    source.jump(header.pages + block.size)


def _header(source: Source, block: Block) -> _Header:
    values = MappedRamHeader.read(source.take(MappedRamHeader.sizeof()))
    assert values is not None
    header = _Header(values.version, values.page_size, values.bitmap_offset, values.pages_offset)
    if header.version != 1:
        msg = f"a mapped-ram header of version {header.version}; known is version 1"
        raise Refused(msg)
    here = source.base + source.offset
    page_size = header.page_size
    sound = _MIN_PAGE <= page_size <= _MAX_PAGE and not page_size & page_size - 1
    bitmap_end = header.bitmap + _bitmap_size(block, header) if sound else 0
    if (
        not sound
        or not here <= header.bitmap <= here + MOST_BETWEEN
        or not bitmap_end <= header.pages <= bitmap_end + MOST_BETWEEN
    ):
        msg = f"the mapped-ram header of {block.name} before 0x{here:X} is damaged"
        raise Refused(f"{msg}: its bitmap and pages are not where QEMU puts them")
    return header


def _bitmap_size(block: Block, header: _Header) -> int:
    return -(-block.size // (header.page_size * 64)) * 8


def _read_pages(source: Source, block: Block, header: _Header) -> None:
    size = _bitmap_size(block, header)
    bitmap = source.read_at(header.bitmap, size)
    if len(bitmap) < size:
        raise StreamEnded(source.file_size - source.base)
    block.arrived[:] = b"\1" * len(block.arrived)
    for first, number in _set_runs(bitmap, -(-block.size // header.page_size)):
        start = first * header.page_size
        wanted = min(number * header.page_size, block.size - start)
        data = source.read_at(header.pages + start, wanted)
        if data:
            block.store(start, data)
        if len(data) < wanted:
            block.forget(start + len(data), start + wanted)


def _set_runs(bitmap: bytes, pages: int) -> Iterator[tuple[int, int]]:
    """Runs of pages that a bitmap says are there: first page, number of pages.

    The bitmap is in words of the source's host, all of them 64-bit little-endian machines today:
    page 0 is the lowest bit of the first byte.
    """
    first = -1
    for page in range(pages):
        there = bitmap[page >> 3] >> (page & 7) & 1
        if there and first < 0:
            first = page
        elif not there and first >= 0:
            yield first, page - first
            first = -1
    if first >= 0:
        yield first, pages - first
