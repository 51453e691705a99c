"""LoongArch instructions (LoongArch Reference Manual, volume 1: the 64-bit base set)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ovmfgui.layout.witnesses.code.operations import (
    Add,
    Branch,
    Call,
    Compare,
    Copy,
    Forget,
    Insert,
    Jump,
    Load,
    Number,
    Operation,
    Or,
    Point,
    Processor,
    Put,
    Register,
    Shift,
    Step,
    Store,
    Subtract,
    signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.span import Span

_SP, _FRAME = 3, 22
_Operations = tuple[Operation, ...]


def decode(data: bytes, span: Span) -> Iterator[Step]:
    """The instructions in a span."""
    count = span.size // 4
    for index, word in enumerate(struct.unpack_from(f"<{count}I", data, span.start)):
        offset = span.start + 4 * index
        yield Step(offset, 4, operations(word, offset))


def operations(word: int, offset: int) -> _Operations:
    """What an instruction at an offset does."""
    if not word:
        return ()
    for shift, table in _TABLES:
        read = table.get(word >> shift)
        if read is not None:
            return read(word, offset)
    return (Forget(word & 31),)


def _source(word: int) -> int:
    return word >> 5 & 31


def _twelve_bits(word: int) -> int:
    return word >> 10 & 0xFFF


def _load_upper(word: int, _offset: int) -> _Operations:
    """LU12I.W: bits 12 to 31, the sign above them."""
    return (Put(word & 31, signed((word >> 5 & 0xFFFFF) << 12, 32)),)


def _load_higher(word: int, _offset: int) -> _Operations:
    """LU32I.D: bits 32 to 51, the sign above them."""
    return (Insert(word & 31, signed(word >> 5 & 0xFFFFF, 20), 32, 32),)


def _load_highest(word: int, _offset: int) -> _Operations:
    """LU52I.D: bits 52 to 63."""
    if _source(word) != word & 31:
        return (Forget(word & 31),)
    return (Insert(word & 31, _twelve_bits(word), 52, 12),)


def _distance(word: int) -> int:
    return signed(word >> 5 & 0xFFFFF, 20)


def _address(word: int, offset: int) -> _Operations:
    """PCADDI: counts in instructions."""
    return (Point(word & 31, offset + _distance(word) * 4),)


def _page_address(word: int, offset: int) -> _Operations:
    """PCALAU12I: counts in pages, from the page of the instruction."""
    return (Point(word & 31, (offset & ~0xFFF) + (_distance(word) << 12)),)


def _upper_address(word: int, offset: int) -> _Operations:
    """PCADDU12I: counts in pages, from the instruction."""
    return (Point(word & 31, offset + (_distance(word) << 12)),)


def _add_number(word: int, _offset: int) -> _Operations:
    target, source, number = word & 31, _source(word), signed(_twelve_bits(word), 12)
    if source == 0:
        return (Put(target, number),)
    if number == 0:
        return (Copy(target, source),)
    return (Add(target, Register(source), Number(number)),)


def _or_number(word: int, _offset: int) -> _Operations:
    target, source, number = word & 31, _source(word), _twelve_bits(word)
    if source == 0:
        return (Put(target, number),)
    return (Or(target, Register(source), Number(number)),)


def _and_number(word: int, _offset: int) -> _Operations:
    if _twelve_bits(word) == 0xFF:
        return (Copy(word & 31, _source(word)),)
    return (Forget(word & 31),)


def _compare_number(word: int, _offset: int) -> _Operations:
    """XORI, SLTI and SLTUI."""
    left, right = Register(_source(word)), Number(_twelve_bits(word))
    return (Compare(left, right), Forget(word & 31))


def _load(word: int, _offset: int) -> _Operations:
    distance = signed(_twelve_bits(word), 12)
    return (Load(word & 31, _source(word), distance, 1 << (word >> 22 & 3)),)


def _store(word: int, _offset: int) -> _Operations:
    distance = signed(_twelve_bits(word), 12)
    return (Store(word & 31, _source(word), distance, 1 << (word >> 22 & 3)),)


def _pointer_distance(word: int) -> int:
    return signed(word >> 10 & 0x3FFF, 14) * 4


def _load_pointer(word: int, _offset: int) -> _Operations:
    """LDPTR.W and LDPTR.D."""
    size = 8 if word >> 25 & 1 else 4
    return (Load(word & 31, _source(word), _pointer_distance(word), size),)


def _store_pointer(word: int, _offset: int) -> _Operations:
    """STPTR.W and STPTR.D."""
    size = 8 if word >> 25 & 1 else 4
    return (Store(word & 31, _source(word), _pointer_distance(word), size),)


def _operands(word: int) -> tuple[int, Register, Register]:
    return word & 31, Register(_source(word)), Register(word >> 10 & 31)


def _add(word: int, _offset: int) -> _Operations:
    return (Add(*_operands(word)),)


def _subtract(word: int, _offset: int) -> _Operations:
    return (Subtract(*_operands(word)),)


def _or(word: int, _offset: int) -> _Operations:
    target, left, right = _operands(word)
    if right.number == 0:
        return (Copy(target, left.number),)
    return (Or(target, left, right),)


def _compare(word: int, _offset: int) -> _Operations:
    """XOR, SLT and SLTU."""
    target, left, right = _operands(word)
    return (Compare(left, right), Forget(target))


def _shift_left(word: int, _offset: int) -> _Operations:
    return (Shift(word & 31, _source(word), word >> 10 & 63),)


def _shift_right(word: int, _offset: int) -> _Operations:
    return (Shift(word & 31, _source(word), -(word >> 10 & 63)),)


def _shift_left_word(word: int, _offset: int) -> _Operations:
    """SLLI.W; by nothing it extends the sign."""
    by = word >> 10 & 31
    return (Shift(word & 31, _source(word), by) if by else Copy(word & 31, _source(word)),)


def _pick(word: int, _offset: int) -> _Operations:
    """BSTRPICK: the lower bits alone are an extension."""
    first, last = word >> 10 & 63, word >> 16 & 63
    if first == 0 and last in (7, 15, 31):
        return (Copy(word & 31, _source(word)),)
    return (Forget(word & 31),)


def _extend(word: int, _offset: int) -> _Operations:
    return (Copy(word & 31, _source(word)),)


def _branch_on_zero(word: int, offset: int) -> _Operations:
    distance = (word & 31) << 16 | word >> 10 & 0xFFFF
    return (Branch(offset + signed(distance, 21) * 4),)


def _jump_to_register(word: int, _offset: int) -> _Operations:
    return (Call(),) if word & 31 else (Jump(None),)


def _jump(word: int, offset: int) -> _Operations:
    distance = (word & 0x3FF) << 16 | word >> 10 & 0xFFFF
    return (Jump(offset + signed(distance, 26) * 4),)


def _call(_word: int, _offset: int) -> _Operations:
    return (Call(),)


def _branch(word: int, offset: int) -> _Operations:
    compare = Compare(Register(_source(word)), Register(word & 31))
    return (compare, Branch(offset + signed(word >> 10 & 0xFFFF, 16) * 4))


_Readers = dict[int, "Callable[[int, int], _Operations]"]

_BY_6_BITS: _Readers = {
    0x10: _branch_on_zero,  # BEQZ
    0x11: _branch_on_zero,  # BNEZ
    0x13: _jump_to_register,  # JIRL
    0x14: _jump,  # B
    0x15: _call,  # BL
    **dict.fromkeys(range(0x16, 0x1C), _branch),  # BEQ, BNE, BLT, BGE, BLTU, BGEU
}
_BY_7_BITS: _Readers = {
    0x0A: _load_upper,
    0x0B: _load_higher,
    0x0C: _address,
    0x0D: _page_address,
    0x0E: _upper_address,
}
_BY_8_BITS: _Readers = {
    0x24: _load_pointer,
    0x25: _store_pointer,
    0x26: _load_pointer,
    0x27: _store_pointer,
}
_BY_10_BITS: _Readers = {
    0x003: _pick,
    0x008: _compare_number,
    0x009: _compare_number,
    0x00A: _add_number,
    0x00B: _add_number,
    0x00C: _load_highest,
    0x00D: _and_number,
    0x00E: _or_number,
    0x00F: _compare_number,
    **dict.fromkeys((0x0A0, 0x0A1, 0x0A2, 0x0A3, 0x0A8, 0x0A9, 0x0AA), _load),
    **dict.fromkeys((0x0A4, 0x0A5, 0x0A6, 0x0A7), _store),
}
_BY_16_BITS: _Readers = {0x41: _shift_left, 0x45: _shift_right, 0x49: _shift_right}
_BY_17_BITS: _Readers = {
    0x20: _add,
    0x21: _add,
    0x22: _subtract,
    0x23: _subtract,
    0x24: _compare,
    0x25: _compare,
    0x2A: _or,
    0x2B: _compare,
    0x81: _shift_left_word,
}
_BY_22_BITS: _Readers = {0x16: _extend, 0x17: _extend}  # EXT.W.H, EXT.W.B
_TABLES: tuple[tuple[int, _Readers], ...] = (
    (26, _BY_6_BITS),
    (25, _BY_7_BITS),
    (24, _BY_8_BITS),
    (22, _BY_10_BITS),
    (16, _BY_16_BITS),
    (15, _BY_17_BITS),
    (10, _BY_22_BITS),
)

# LoongArch ABI: fp, s0 to s8, tp and the stack pointer are preserved.
LOONGARCH = Processor(
    decode,
    registers=32,
    word=8,
    zero=0,
    stack=frozenset({_SP, _FRAME}),
    volatile=frozenset([1, *range(4, 22)]),
)
