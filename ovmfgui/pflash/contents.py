"""Flash contents as shared pages: a snapshot costs what was written since the last one."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.difference import differing
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE_SIZE = 0x4000
_LEAF = 64
"""Pages to a leaf of the two-level tree: 64 MiB of flash are 64 leaves of 64 pages."""

_ERASED = b"\xff" * PAGE_SIZE
_ZERO = bytes(PAGE_SIZE)

Leaf = tuple[bytes, ...]


def _shared(page: bytes) -> bytes:
    """The one erased and the one zero page, for a page that is equal to one of them."""
    if page[:1] == b"\xff" and page == _ERASED:
        return _ERASED
    if page[:1] == b"\0" and page == _ZERO:
        return _ZERO
    return page


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in ascending order, those that touch made one."""
    result: list[Span] = []
    for span in spans:
        if result and result[-1].end == span.start:
            result[-1] = Span.between(result[-1].start, span.end)
        elif span.size:
            result.append(span)
    return tuple(result)


@dataclass(frozen=True, eq=False)
class Pages:
    """An immutable byte string that shares its unchanged pages with others.

    Pages of ``PAGE_SIZE`` bytes; the last may be shorter. Erased and zero pages exist once in
    the program.

    Attributes:
        size: in bytes.
        leaves: the pages, ``_LEAF`` of them to a leaf.
    """

    size: int
    leaves: tuple[Leaf, ...]

    @classmethod
    def of(cls, data: bytes, like: Pages | None = None) -> Pages:
        """The pages of ``data``; those that ``like`` has at the same place are shared with it."""
        view = memoryview(data)
        old = list(like.pages()) if like is not None else []
        pages: list[bytes] = []
        for index, start in enumerate(range(0, len(data), PAGE_SIZE)):
            page = view[start : start + PAGE_SIZE]
            same = index < len(old) and old[index] == page
            pages.append(old[index] if same else _shared(bytes(page)))
        leaves = tuple(tuple(pages[i : i + _LEAF]) for i in range(0, len(pages), _LEAF))
        made = cls(len(data), leaves)
        return like if like is not None and like == made else made

    @classmethod
    def filled(cls, size: int, value: int = 0) -> Pages:
        """``size`` bytes of one value; costs next to nothing, whatever the size."""
        page = _shared(bytes((value,)) * PAGE_SIZE)
        whole, rest = divmod(size, PAGE_SIZE)
        pages = [page] * whole + ([page[:rest]] if rest else [])
        return cls(size, tuple(tuple(pages[i : i + _LEAF]) for i in range(0, len(pages), _LEAF)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pages):
            return NotImplemented
        return self is other or (self.size == other.size and self.leaves == other.leaves)

    def __hash__(self) -> int:
        return hash((self.size, self.leaves))

    def __len__(self) -> int:
        return self.size

    def pages(self) -> Iterator[bytes]:
        """The pages in order."""
        return chain.from_iterable(self.leaves)

    def tobytes(self) -> bytes:
        """All of it as one byte string."""
        return b"".join(self.pages())

    def read(self, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset`` on; fewer where the contents end earlier."""
        end = min(offset + size, self.size)
        if end <= offset:
            return b""
        first, last = offset // PAGE_SIZE, (end - 1) // PAGE_SIZE
        whole = b"".join(self.leaves[i // _LEAF][i % _LEAF] for i in range(first, last + 1))
        return whole[offset - first * PAGE_SIZE : end - first * PAGE_SIZE]

    @cached_property
    def sha256(self) -> str:
        """Of the contents, lower-case hex."""
        import hashlib  # not needed by those who only look at bytes

        digest = hashlib.sha256()
        for page in self.pages():
            digest.update(page)
        return digest.hexdigest()

    def with_write(self, offset: int, data: bytes) -> Pages:
        """The contents with ``data`` written at ``offset``; ``data`` must lie inside."""
        array = PagedArray(self)
        array.write(offset, data)
        return array.snapshot()

    def changed_since(self, other: Pages | None) -> tuple[Span, ...]:
        """The runs of bytes that differ from ``other``, ascending.

        Where the sizes differ, the bytes beyond the shorter one's end count as changed; without
        ``other`` all do.
        """
        if other is None:
            return (Span(0, self.size),) if self.size else ()
        return _joined(self._differing(other))

    def _differing(self, other: Pages) -> Iterator[Span]:
        base = 0
        for mine, theirs in zip(self.leaves, other.leaves, strict=False):
            if mine is not theirs:
                yield from _leaf_runs(theirs, mine, base)
            base += sum(map(len, mine)) if len(mine) < _LEAF else _LEAF * PAGE_SIZE
        shorter, longer = sorted((self.size, other.size))
        yield Span.between(shorter, longer)


def _leaf_runs(before: Leaf, after: Leaf, base: int) -> Iterator[Span]:
    for old, new in zip(before, after, strict=False):
        if old is not new and old != new:
            common = min(len(old), len(new))
            for run in differing(old[:common], new[:common]):
                yield run.shifted(base)
        base += PAGE_SIZE


class PagedArray:
    """Writable contents over shared pages; a page is copied when it is first written to.

    A chip's array and a file's contents are such arrays. ``snapshot`` freezes what was written
    since the last one, so it costs no more than that, and array and snapshot share their memory.
    """

    def __init__(self, contents: Pages) -> None:
        self.size = contents.size
        self._frozen = contents
        self._pages: list[bytes | bytearray] = list(contents.pages())
        self._dirty: set[int] = set()

    def read_byte(self, offset: int) -> int:
        """The byte at ``offset``, which must lie inside."""
        return self._pages[offset >> 14][offset & 0x3FFF]

    def write_byte(self, offset: int, value: int) -> None:
        """Store one byte at ``offset``, which must lie inside."""
        page = self._pages[offset >> 14]
        if type(page) is not bytearray:
            page = self._thawed(offset >> 14)
        page[offset & 0x3FFF] = value

    def read(self, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset`` on; fewer where the array ends earlier."""
        end = min(offset + size, self.size)
        if end <= offset:
            return b""
        first, last = offset // PAGE_SIZE, (end - 1) // PAGE_SIZE
        if first == last:
            start = offset - first * PAGE_SIZE
            return bytes(self._pages[first][start : start + end - offset])
        whole = b"".join(self._pages[first : last + 1])
        return whole[offset - first * PAGE_SIZE : end - first * PAGE_SIZE]

    def write(self, offset: int, data: bytes) -> None:
        """Store ``data`` at ``offset``; it must lie inside the array."""
        if offset < 0 or offset + len(data) > self.size:
            msg = f"{len(data)} bytes at 0x{offset:X} do not lie inside 0x{self.size:X} bytes"
            raise ValueError(msg)
        view = memoryview(data)
        while view:
            index, start = divmod(offset, PAGE_SIZE)
            part = view[: PAGE_SIZE - start]
            self._thawed(index)[start : start + len(part)] = part
            offset += len(part)
            view = view[len(part) :]

    def replace(self, contents: Pages) -> None:
        """Hold other contents, of the same size."""
        assert contents.size == self.size
        self._frozen = contents
        self._pages = list(contents.pages())
        self._dirty.clear()

    def snapshot(self) -> Pages:
        """An immutable copy of the contents as they are now; shares its pages with later ones."""
        if not self._dirty:
            return self._frozen
        leaves = list(self._frozen.leaves)
        for leaf in sorted({index // _LEAF for index in self._dirty}):
            first = leaf * _LEAF
            pages = [self._freeze(i) for i in range(first, min(first + _LEAF, len(self._pages)))]
            leaves[leaf] = tuple(pages)
        self._dirty.clear()
        self._frozen = Pages(self.size, tuple(leaves))
        return self._frozen

    def _freeze(self, index: int) -> bytes:
        page = self._pages[index]
        if isinstance(page, bytes):
            return page
        old = self._frozen.leaves[index // _LEAF][index % _LEAF]
        # A page that was written with what it held stays the old one: nothing new to keep.
        frozen = old if old == page else _shared(bytes(page))
        self._pages[index] = frozen
        return frozen

    def _thawed(self, index: int) -> bytearray:
        page = self._pages[index]
        if isinstance(page, bytearray):
            return page
        self._dirty.add(index)
        thawed = bytearray(page)
        self._pages[index] = thawed
        return thawed
