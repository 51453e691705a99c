"""Tiano and UEFI compression: LZ77 with Huffman codes, as in LHA's -lh7- and -lh5-.

The stream is described in the UEFI specification, chapter 19 (Compression Algorithm Specification).
The two differ in the width of the position code's count alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_SYMBOLS
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.decompress import Unpacked, too_many
from ovmfgui.structure import Structure, UInt32

if TYPE_CHECKING:
    from collections.abc import Callable


class _CompressedHeader(Structure):
    CompressedSize: UInt32
    OriginalSize: UInt32


UEFI_POSITION_BITS, TIANO_POSITION_BITS = 4, 5

# UEFI specification, section 19.2: the alphabets of literals and lengths, code lengths, positions.
_CHARACTERS, _CHARACTER_BITS = 510, 9
_LENGTHS, _LENGTH_BITS = 19, 5
_POSITIONS = 31
_THRESHOLD = 3
_LONGEST_CODE = 16


_TABLE_COST = 1 << 6
"""Entries of a code's table that take as long to make as one symbol to read."""


class _Damaged(Exception):
    """The stream says something impossible."""


class _Spent(Exception):
    """All symbols that may be read were read."""


class _Bits:
    """Bits of the stream, the highest of each byte first; zeros behind its end."""

    __slots__ = ("_buffer", "_count", "_data", "_next")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._next = 0
        self._buffer = 0
        self._count = 0

    def peek(self, count: int) -> int:
        if self._count < count:
            piece = self._data[self._next : self._next + 8]
            if not piece and self._next > len(self._data) + 64:
                raise _Damaged
            self._next += 8
            self._buffer = self._buffer << 64 | int.from_bytes(piece.ljust(8, b"\0"), "big")
            self._count += 64
        return self._buffer >> (self._count - count) & ((1 << count) - 1)

    def drop(self, count: int) -> None:
        self._count -= count
        self._buffer &= (1 << self._count) - 1

    def take(self, count: int) -> int:
        if not count:
            return 0
        value = self.peek(count)
        self.drop(count)
        return value


@dataclass(frozen=True, slots=True)
class _Code:
    """A canonical Huffman code as one table: the next bits to (symbol, its length)."""

    width: int
    table: list[tuple[int, int]]

    @classmethod
    def single(cls, symbol: int) -> _Code:
        """The code of an alphabet of one symbol, which takes no bits."""
        return cls(0, [(symbol, 0)])

    @classmethod
    def of(cls, lengths: list[int]) -> _Code:
        width = max(lengths, default=0)
        if not 0 < width <= _LONGEST_CODE:
            raise _Damaged
        table: list[tuple[int, int]] = []
        for length in range(1, width + 1):
            for symbol, own in enumerate(lengths):
                if own == length:
                    table.extend([(symbol, length)] * (1 << (width - length)))
        if len(table) != 1 << width:
            raise _Damaged
        return cls(width, table)

    def read(self, bits: _Bits) -> int:
        symbol, length = self.table[bits.peek(self.width)] if self.width else self.table[0]
        if length:
            bits.drop(length)
        return symbol


def _small_code(bits: _Bits, alphabet: int, count_bits: int, gap_after: int) -> _Code:
    """The code of code lengths, or of positions; after ``gap_after`` lengths zeros may follow."""
    count = bits.take(count_bits)
    if count == 0:
        return _Code.single(bits.take(count_bits))
    if count > alphabet:
        raise _Damaged
    lengths: list[int] = []
    while len(lengths) < count:
        length = bits.take(3)
        if length == 7:
            while bits.take(1):
                length += 1
                if length > _LONGEST_CODE:
                    raise _Damaged
        lengths.append(length)
        if len(lengths) == gap_after:
            lengths.extend([0] * bits.take(2))
    return _Code.of(lengths[:alphabet])


def _character_code(bits: _Bits, of_lengths: _Code) -> _Code:
    count = bits.take(_CHARACTER_BITS)
    if count == 0:
        return _Code.single(bits.take(_CHARACTER_BITS))
    if count > _CHARACTERS:
        raise _Damaged
    lengths: list[int] = []
    runs: dict[int, Callable[[], int]] = {
        0: lambda: 1,
        1: lambda: bits.take(4) + 3,
        2: lambda: bits.take(_CHARACTER_BITS) + 20,
    }
    while len(lengths) < count:
        symbol = of_lengths.read(bits)
        if symbol in runs:
            lengths.extend([0] * runs[symbol]())
        else:
            lengths.append(symbol - 2)
    return _Code.of(lengths[:_CHARACTERS])


class _Blocks:
    """Unpacks block by block, and counts what that takes.

    Attributes:
        out: what was unpacked so far.
        symbols: that were read so far; making a code's table counts too.
    """

    def __init__(self, bits: _Bits, size: int, position_bits: int, symbols: int) -> None:
        self.out = bytearray()
        self.symbols = 0
        self._bits = bits
        self._size = size
        self._position_bits = position_bits
        self._most = symbols

    def read(self) -> None:
        while len(self.out) < self._size:
            self._block()

    def _spend(self, symbols: int) -> None:
        self.symbols += symbols
        if self.symbols > self._most:
            raise _Spent

    def _block(self) -> None:
        bits = self._bits
        left = bits.take(16)
        of_lengths = _small_code(bits, _LENGTHS, _LENGTH_BITS, 3)
        characters = _character_code(bits, of_lengths)
        positions = _small_code(bits, _POSITIONS, self._position_bits, -1)
        if left == 0:
            raise _Damaged
        tables = (of_lengths.table, characters.table, positions.table)
        self._spend(sum(len(table) for table in tables) // _TABLE_COST)
        if not characters.width and characters.table[0][0] < 256:
            # One byte again and again, which takes no bits.
            self.out += bytes([characters.table[0][0]]) * min(left, self._size - len(self.out))
            self._spend(1)
            return
        self._spend(min(left, self._size - len(self.out)))
        self._symbols(left, characters, positions)

    def _symbols(self, left: int, characters: _Code, positions: _Code) -> None:
        bits, out, size = self._bits, self.out, self._size
        while left and len(out) < size:
            left -= 1
            character = characters.read(bits)
            if character < 256:
                out.append(character)
            else:
                _copy(out, _distance(bits, positions), character - 256 + _THRESHOLD, size)


def _distance(bits: _Bits, positions: _Code) -> int:
    """How far back a match begins, in bytes."""
    width = positions.read(bits)
    return (1 << (width - 1)) + bits.take(width - 1) + 1 if width > 1 else width + 1


def _copy(out: bytearray, distance: int, length: int, size: int) -> None:
    start = len(out) - distance
    if start < 0:
        raise _Damaged
    length = min(length, size - len(out))
    piece = bytes(out[start : start + length])
    # A match may reach into what it is just writing.
    while len(piece) < length:
        piece += piece
    out += piece[:length]


def unpack_tiano(
    body: bytes, limit: int, symbols: int = MOST_SYMBOLS, *, position_bits: int
) -> Unpacked:
    """Unpack a Tiano or UEFI stream.

    Args:
        body: from its eight-byte header on.
        limit: at most this many bytes are unpacked.
        symbols: at most this many codes are read.
        position_bits: ``TIANO_POSITION_BITS`` or ``UEFI_POSITION_BITS``.
    """
    header = _CompressedHeader.read(body, 0)
    if header is None:
        return Unpacked(b"", "its header is cut off")
    size = header.OriginalSize
    if size > limit:
        return Unpacked(b"", f"it would unpack to {size:,} bytes, {too_many(limit)}")
    packed = body[_CompressedHeader.sizeof() : _CompressedHeader.sizeof() + header.CompressedSize]
    blocks = _Blocks(_Bits(packed), size, position_bits, symbols)
    problem = ""
    try:
        blocks.read()
    except _Damaged:
        problem = "the stream is damaged"
    except _Spent:
        problem = f"more than the {MOST_SYMBOLS:,} symbols that are read of an image"
    made = len(blocks.out)
    return Unpacked(b"" if problem else bytes(blocks.out), problem, made, blocks.symbols)
