"""The RAM section of a stream: flash blocks kept, all other memory passed over."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_BLOCKS, MOST_FLASH, MOST_IDLE
from ovmfgui.dataclass import dataclass, field
from ovmfgui.migration.stream.blocks import Block, is_flash
from ovmfgui.migration.stream.mapped import read_mapped
from ovmfgui.migration.stream.structures import RamFlag
from ovmfgui.migration.stream.xbzrle import ENCODING, applied
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.migration.stream.source import Source


_PAGES = RamFlag.ZERO | RamFlag.PAGE | RamFlag.COMPRESS_PAGE | RamFlag.XBZRLE
_OFTEN = RamFlag.CONTINUE | RamFlag.PAGE
_OFTEN_ZERO = RamFlag.CONTINUE | RamFlag.ZERO
_RUN = 64


@dataclass(slots=True)
class Ram:
    """All RAM blocks of a stream, as far as it has been read.

    Attributes:
        page_size: of the target, in bytes.
        ignore_shared: whether each block's guest address is given (capability x-ignore-shared).
        mapped: whether pages have fixed places in the file (capability mapped-ram).
        postcopy: whether postcopy was announced: blocks on huge pages then tell their size.
        multifd: whether a mark was seen that pages travel on other connections.
        blocks: by name, in the stream's order.
        too_large: names of flash blocks that no board has room for; they are not kept.
    """

    page_size: int = 4096
    ignore_shared: bool = False
    mapped: bool = False
    postcopy: bool = False
    multifd: bool = False
    blocks: dict[str, Block] = field(default_factory=dict)
    too_large: list[str] = field(default_factory=list)
    _current: Block | None = None

    def read(self, source: Source) -> None:
        """Read a section's body, up to its end mark.

        Raises:
            StreamEnded: the stream ends inside.
            Refused: the stream was made in a way that cannot be read.
        """
        mask = self.page_size - 1
        idle = 0
        while True:
            word = source.number(8)
            flags = word & mask
            if flags & RamFlag.EOS:
                return
            if flags & _PAGES:
                self._arrival(source, word & ~mask, flags)
                continue
            self._mark(source, word & ~mask, flags)
            idle += 1
            if idle > MOST_IDLE:
                msg = f"a RAM section before 0x{source.offset:X} is damaged: it brings no memory"
                raise Refused(msg)

    def _mark(self, source: Source, offset: int, flags: int) -> None:
        """A word that brings no page."""
        if flags & RamFlag.MEM_SIZE and not self.blocks:
            self._sizes(source, offset)
        elif flags & RamFlag.MULTIFD_FLUSH:
            self.multifd = True
        elif flags & RamFlag.HOOK:
            msg = "its memory was sent with RDMA; record the migration again without that"
            raise Refused(msg)
        else:
            msg = f"a RAM section with unknown flags 0x{flags:X} at 0x{source.offset - 8:X}"
            raise Refused(f"{msg}: the recording is damaged")

    def _arrival(self, source: Source, offset: int, flags: int) -> None:
        if not flags & RamFlag.CONTINUE:
            self._current = self.blocks.get(source.name())
        block = self._current
        if block is None or block.array is None:
            self._pass_over(source, flags)
        elif flags & RamFlag.XBZRLE:
            self._difference(source, block, offset)
        else:
            self._store(block, offset, self._page(source, flags))

    def _page(self, source: Source, flags: int) -> bytes:
        if flags & RamFlag.ZERO:
            return source.take(1) * self.page_size
        if flags & RamFlag.PAGE:
            return source.take(self.page_size)
        packed = source.take(self._packed_size(source))
        try:
            page = zlib.decompressobj().decompress(packed, self.page_size)
        except zlib.error as error:
            msg = f"a packed page before 0x{source.offset:X} is damaged: {error}"
            raise Refused(msg) from error
        if len(page) != self.page_size:
            msg = f"a packed page before 0x{source.offset:X} is damaged: it is not a whole page"
            raise Refused(msg)
        return page

    def _packed_size(self, source: Source) -> int:
        size = source.number(4)
        if size > 2 * self.page_size:
            msg = f"a packed page before 0x{source.offset:X} is damaged: {size:,} bytes for a page"
            raise Refused(msg)
        return size

    def _difference(self, source: Source, block: Block, offset: int) -> None:
        """An XBZRLE record: it goes onto the page that came before."""
        difference = source.take(self._difference_size(source))
        page = block.page(offset)
        if page is not None:  # else the page is missing still, and told as that
            self._store(block, offset, applied(page, difference))

    def _difference_size(self, source: Source) -> int:
        encoding, size = source.number(1), source.number(2)
        if encoding != ENCODING or size > self.page_size:
            msg = f"a difference (XBZRLE) before 0x{source.offset:X} is damaged"
            raise Refused(msg)
        return size

    def _store(self, block: Block, offset: int, page: bytes) -> None:
        block.store(offset, page)

    def _pass_over(self, source: Source, flags: int) -> None:
        """Pass over a page that nobody wants, and over those like it behind it."""
        if self._passed_packed(source, flags):
            return
        size, like = (1, _OFTEN_ZERO) if flags & RamFlag.ZERO else (self.page_size, _OFTEN)
        source.skip(size)
        while (run := _run_of(source.peek((size + 8) * _RUN), size + 8, like, self.page_size)) > 0:
            source.skip(run * (size + 8))

    def _passed_packed(self, source: Source, flags: int) -> bool:
        """Whether it was a page that tells its own length."""
        if flags & RamFlag.COMPRESS_PAGE:
            source.skip(self._packed_size(source))
        elif flags & RamFlag.XBZRLE:
            source.skip(self._difference_size(source))
        else:
            return False
        return True

    def _sizes(self, source: Source, total: int) -> None:
        """The list of blocks that begins the RAM."""
        while total > 0:
            name = source.name()
            size = source.number(8)
            if size == 0 or size > total or name in self.blocks or len(self.blocks) >= MOST_BLOCKS:
                msg = f"the list of RAM blocks before 0x{source.offset:X} is damaged"
                raise Refused(msg)
            total -= size
            self._pass_extras(source, last=total == 0)
            block = self.blocks[name] = Block(name, size, self.page_size)
            if is_flash(name):
                self._keep(block)
            if self.mapped:
                read_mapped(source, block)

    def _keep(self, block: Block) -> None:
        kept = sum(b.array.size for b in self.blocks.values() if b.array is not None)
        if kept + block.size <= MOST_FLASH:
            block.keep()
        else:
            self.too_large.append(block.name)

    def _pass_extras(self, source: Source, *, last: bool) -> None:
        """Pass over what stands behind a block's size: its page size, its guest address.

        The page size is there with postcopy, and only for blocks on huge pages; which these are,
        only the source knows. No name begins with a zero byte, and no word behind the list is a
        power of two of 4096 or more, so it cannot be taken for either (ram_save_setup in
        migration/ram.c).
        """
        if self.postcopy:
            ahead = bytes(source.peek(17)[:17])
            value = int.from_bytes(ahead[:8], "big")
            there = value >= 4096 and not value & value - 1
            if there and self.ignore_shared:  # or it is the address: then what follows is no other
                word = int.from_bytes(ahead[8:16], "big")
                there = not word & 0xFFF if last else ahead[8:9] == b"\0"
            source.skip(8 if there else 0)
        if self.ignore_shared:
            source.skip(8)


def _run_of(window: memoryview, stride: int, flags: int, page_size: int) -> int:
    """How many records of ``stride`` bytes, each a word with exactly these flags, come next."""
    number = len(window) // stride
    if number < 2:
        return 0
    mask = page_size - 1
    # The last two bytes of each word, without what belongs to the address.
    high = bytes(window[6 : number * stride : stride]).translate(_and_table(mask >> 8))
    low = bytes(window[7 : number * stride : stride]).translate(_and_table(mask & 0xFF))
    return min(_alike(high, flags >> 8), _alike(low, flags & 0xFF))


def _alike(data: bytes, value: int) -> int:
    """How many bytes at the start have this value."""
    return len(data) - len(data.lstrip(bytes((value,))))


@cache
def _and_table(mask: int) -> bytes:
    return bytes(value & mask for value in range(256))
