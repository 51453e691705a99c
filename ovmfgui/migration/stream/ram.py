"""The RAM section of a stream: flash blocks kept, all other memory passed over."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ovmfgui.migration.stream.structures import MAPPED_RAM, RamFlag
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.stream.source import Source

MAX_FLASH = 160 << 20
"""Of all chips together; boards have two of at most 64 MiB, more is damage."""

MAX_BLOCKS = 4096
_MIN_PAGE = 1 << 10

_FLASH = re.compile(r"(?:.*\.)?flash\d+")
_OFTEN = RamFlag.CONTINUE | RamFlag.PAGE
_OFTEN_ZERO = RamFlag.CONTINUE | RamFlag.ZERO
_RUN = 64


@dataclass(slots=True)
class Block:
    """A RAM block: its name and used length in bytes; the contents of a flash block."""

    name: str
    size: int
    array: PagedArray | None = None


@dataclass(slots=True)
class Ram:
    """All RAM blocks of a stream, as far as it has been read.

    Attributes:
        page_size: of the target, in bytes.
        ignore_shared: whether each block's guest address is given (capability x-ignore-shared).
        mapped: whether pages have fixed places in the file (capability mapped-ram).
        blocks: by name, in the stream's order.
    """

    page_size: int = 4096
    ignore_shared: bool = False
    mapped: bool = False
    blocks: dict[str, Block] = field(default_factory=dict)
    _current: Block | None = None

    def read(self, source: Source) -> None:
        """Read a section's body, up to its end mark.

        Raises:
            StreamEnded: the stream ends inside.
            Refused: the stream was made in a way that cannot be read.
        """
        mask = self.page_size - 1
        while True:
            word = source.number(8)
            flags = word & mask
            if flags & RamFlag.EOS:
                return
            self._element(source, word & ~mask, flags)

    def _element(self, source: Source, offset: int, flags: int) -> None:
        if flags & RamFlag.MEM_SIZE:
            self._sizes(source, offset)
            return
        _refuse_other_ways(flags)
        if not flags & (RamFlag.ZERO | RamFlag.PAGE | RamFlag.COMPRESS_PAGE):
            if flags & ~RamFlag.CONTINUE:
                msg = f"a RAM section with unknown flags 0x{flags:X} at 0x{source.offset - 8:X}"
                raise Refused(msg)
            return
        if not flags & RamFlag.CONTINUE:
            self._current = self.blocks.get(source.name())
        block = self._current
        if block is None or block.array is None:
            self._pass_over(source, flags)
        else:
            self._store(block.array, offset, self._page(source, flags))

    def _page(self, source: Source, flags: int) -> bytes:
        if flags & RamFlag.ZERO:
            return source.take(1) * self.page_size
        if flags & RamFlag.COMPRESS_PAGE:
            packed = source.take(source.number(4))
            try:
                return zlib.decompressobj().decompress(packed, self.page_size)
            except zlib.error as error:
                msg = f"a packed page before 0x{source.offset:X} is damaged: {error}"
                raise Refused(msg) from error
        return source.take(self.page_size)

    def _store(self, array: PagedArray, offset: int, page: bytes) -> None:
        if offset < array.size:
            array.write(offset, page[: array.size - offset])

    def _pass_over(self, source: Source, flags: int) -> None:
        """Pass over a page that nobody wants, and over those like it behind it."""
        if flags & RamFlag.ZERO:
            size, like = 1, _OFTEN_ZERO
        elif flags & RamFlag.COMPRESS_PAGE:
            source.skip(source.number(4))
            return
        else:
            size, like = self.page_size, _OFTEN
        source.skip(size)
        while (run := _run_of(source.peek((size + 8) * _RUN), size + 8, like, self.page_size)) > 0:
            source.skip(run * (size + 8))

    def _sizes(self, source: Source, total: int) -> None:
        """The list of blocks that begins a RAM section."""
        while total > 0:
            name = source.name()
            size = source.number(8)
            if self.ignore_shared:
                source.skip(8)
            block = self.blocks[name] = Block(name, size)
            kept = sum(b.array.size for b in self.blocks.values() if b.array is not None)
            if _FLASH.fullmatch(name) and kept + size <= MAX_FLASH:
                block.array = PagedArray(Pages.filled(size))
            if len(self.blocks) > MAX_BLOCKS or size == 0:
                msg = f"the list of RAM blocks before 0x{source.offset:X} is damaged"
                raise Refused(msg)
            if self.mapped:
                self._mapped(source, block)
            total -= size

    def _mapped(self, source: Source, block: Block) -> None:
        """Read a block whose pages have fixed places in the file, and go on behind them."""
        if not source.seekable:
            msg = "a mapped-ram file has to be unpacked first: its pages have fixed places"
            raise Refused(msg)
        header = MAPPED_RAM.parse(source.take(MAPPED_RAM.sizeof()))
        if header.version != 1:
            msg = f"a mapped-ram header of version {header.version}; known is version 1"
            raise Refused(msg)
        if header.pages_offset < source.offset or not _MIN_PAGE <= header.page_size <= 1 << 30:
            msg = f"the mapped-ram header before 0x{source.offset:X} is damaged"
            raise Refused(msg)
        if block.array is not None:
            for first, number in _set_runs(source, header, block.size):
                offset, size = first * header.page_size, number * header.page_size
                data = source.read_at(header.pages_offset + offset, min(size, block.size - offset))
                block.array.write(offset, data)
        source.jump(header.pages_offset + block.size)


def _set_runs(source: Source, header: object, size: int) -> Iterator[tuple[int, int]]:
    """Runs of pages that a mapped-ram bitmap says are there: first page, number of pages.

    The bitmap is in words of the source's host, all of them 64-bit little-endian machines today.
    """
    page_size: int = header.page_size  # type: ignore[attr-defined]
    offset: int = header.bitmap_offset  # type: ignore[attr-defined]
    pages = -(-size // page_size)
    bitmap = int.from_bytes(source.read_at(offset, -(-pages // 64) * 8), "little")
    page = 0
    while page < pages:
        rest = bitmap >> page
        if not rest:
            return
        page += (rest & -rest).bit_length() - 1
        rest = bitmap >> page
        number = min((~rest & (rest + 1)).bit_length() - 1, pages - page)
        if number <= 0:
            return
        yield page, number
        page += number


def _run_of(window: memoryview, stride: int, flags: int, page_size: int) -> int:
    """How many records of ``stride`` bytes, each a word with exactly these flags, come next."""
    number = len(window) // stride
    if number < 2:
        return 0
    import numpy as np  # a stream without much memory never gets here

    rows = np.frombuffer(window[: number * stride], dtype=np.uint8).reshape(number, stride)
    mask = page_size - 1
    words = (rows[:, 6].astype(np.uint16) << 8 | rows[:, 7]) & mask
    differing = np.flatnonzero(words != flags)
    return int(differing[0]) if differing.size else number


def _refuse_other_ways(flags: int) -> None:
    names = {
        RamFlag.XBZRLE: "XBZRLE (differences to pages sent before)",
        RamFlag.HOOK: "RDMA",
        RamFlag.MULTIFD_FLUSH: "multifd (pages on other connections)",
    }
    for flag, name in names.items():
        if flags & flag:
            msg = f"its memory was sent with {name}; record the migration again without that"
            raise Refused(msg)
