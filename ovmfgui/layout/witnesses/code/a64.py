"""AArch64 instructions (Arm Architecture Reference Manual, the A64 instruction set)."""

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
    Literal,
    Load,
    Number,
    Operation,
    Or,
    Overwrite,
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

# Register 31 is the stack pointer or zero, as the instruction has it; zero gets a number of its
# own.
_SP, _ZERO = 31, 32
_FRAME = 29

_Operations = tuple[Operation, ...]


def decode(data: bytes, span: Span) -> Iterator[Step]:
    """The instructions in a span."""
    count = span.size // 4
    for index, word in enumerate(struct.unpack_from(f"<{count}I", data, span.start)):
        offset = span.start + 4 * index
        yield Step(offset, 4, operations(word, offset))


def operations(word: int, offset: int) -> _Operations:
    """What an instruction at an offset does."""
    top = word >> 24
    if (entries := _BY_TOP_BYTE.get(top)) is None:
        entries = tuple(each for each in _TABLE if top & each[0] >> 24 == each[1] >> 24)
        _BY_TOP_BYTE[top] = entries
    for mask, pattern, read in entries:
        if word & mask == pattern:
            return read(word, offset)
    return (Forget(_or_zero(word & 31)),)


def _or_zero(register: int) -> int:
    return _ZERO if register == 31 else register


def _width(word: int) -> int:
    return 64 if word >> 31 else 32


def _move_wide(word: int, _offset: int) -> _Operations:
    target, shift = _or_zero(word & 31), 16 * (word >> 21 & 3)
    number = word >> 5 & 0xFFFF
    if word >> 29 & 3 == 3:
        return (Insert(target, number, shift, 16),)
    number <<= shift
    if word >> 29 & 3 == 0:
        number = ~number & ((1 << _width(word)) - 1)
    return (Put(target, number),)


def _sum_with_number(word: int, _offset: int) -> _Operations:
    target, source = word & 31, Register(word >> 5 & 31)
    number = Number((word >> 10 & 0xFFF) << (12 if word >> 22 & 1 else 0))
    return _sum(word, target, source, number)


def _sum_with_register(word: int, _offset: int) -> _Operations:
    target = _or_zero(word & 31)
    if word >> 10 & 0x3F:
        return (Forget(target),)
    left, right = _or_zero(word >> 5 & 31), _or_zero(word >> 16 & 31)
    if word >> 29 & 1 and target == _ZERO:
        target = 31
    return _sum(word, target, Register(left), Register(right))


def _sum_with_extended(word: int, _offset: int) -> _Operations:
    if word >> 10 & 7:
        return (Forget(word & 31),)
    left, right = Register(word >> 5 & 31), Register(_or_zero(word >> 16 & 31))
    return _sum(word, word & 31, left, right)


def _sum(word: int, target: int, left: Register, right: Register | Number) -> _Operations:
    subtracts, flags = word >> 30 & 1, word >> 29 & 1
    if flags and target == 31:
        return (Compare(left, right),) if subtracts else ()
    return (Subtract(target, left, right) if subtracts else Add(target, left, right),)


def _compare_conditionally(word: int, _offset: int) -> _Operations:
    left = Register(_or_zero(word >> 5 & 31))
    if word >> 30 & 1 == 0:
        return ()
    right = word >> 16 & 31
    return (Compare(left, Number(right) if word >> 11 & 1 else Register(_or_zero(right))),)


def _or_register(word: int, _offset: int) -> _Operations:
    target, left, right = (_or_zero(word >> at & 31) for at in (0, 5, 16))
    if word >> 10 & 0x3F:
        return (Forget(target),)
    if left == _ZERO:
        return (Copy(target, right),)
    return (Or(target, Register(left), Register(right)),)


def bit_mask(word: int) -> int | None:
    """The immediate of a logical instruction: a run of ones, rotated and repeated.

    None where the encoding is undefined: elements of one bit or of none, of more than the register
    has, or of ones alone (Arm ARM, DecodeBitMasks).
    """
    inverted, rotation, length = word >> 22 & 1, word >> 16 & 63, word >> 10 & 63
    highest = (inverted << 6 | ~length & 63).bit_length() - 1
    size = 1 << max(highest, 0)
    if highest < 1 or size > _width(word) or length & (size - 1) == size - 1:
        return None
    ones, rotation = (length & (size - 1)) + 1, rotation & (size - 1)
    element = (1 << ones) - 1
    element = (element >> rotation | element << (size - rotation)) & ((1 << size) - 1)
    return sum(element << at for at in range(0, _width(word), size))


def _logical_with_number(word: int, _offset: int) -> _Operations:
    operation, source, target = word >> 29 & 3, _or_zero(word >> 5 & 31), word & 31
    mask = bit_mask(word)
    if operation == 1 and source == _ZERO and mask is not None:
        return (Put(target, mask),)
    if operation == 0 and mask in (0xFF, 0xFFFF, 0xFFFFFFFF):
        return (Copy(target, source),)
    return (Forget(target if operation != 3 else _or_zero(target)),)


def _bit_field(word: int, _offset: int) -> _Operations:
    target, source = _or_zero(word & 31), _or_zero(word >> 5 & 31)
    rotation, last, top = word >> 16 & 63, word >> 10 & 63, _width(word) - 1
    if rotation == 0 and last in (7, 15, 31):
        return (Copy(target, source),)
    if last == top:
        return (Shift(target, source, -rotation),)
    if last + 1 == rotation and word >> 29 & 3 == 2:
        return (Shift(target, source, top - last),)
    return (Forget(target),)


def _transfer(word: int, _offset: int, base: int, distance: int) -> Operation:
    """One load or store of a single register."""
    register, size, kind = _or_zero(word & 31), 1 << (word >> 30), word >> 22 & 3
    if kind == 0:
        return Store(register, base, distance, size)
    return Load(register, base, distance, size)


def _is_prefetch(word: int) -> bool:
    """PRFM, PRFUM: their register field says how to prefetch."""
    return word >> 30 == 3 and word >> 22 & 3 == 2 and not word >> 26 & 1


def _vector_size(word: int) -> int:
    return 16 if word >> 30 == 0 and word >> 23 & 1 else 1 << (word >> 30)


def _vector(word: int, base: int, distance: int) -> _Operations:
    """A load or store of a vector register."""
    return () if word >> 22 & 1 else (Overwrite(base, distance, _vector_size(word)),)


def _transfer_at_offset(word: int, offset: int) -> _Operations:
    if word >> 26 & 1:
        size = _vector_size(word)
        return _vector(word, word >> 5 & 31, (word >> 10 & 0xFFF) * size)
    if _is_prefetch(word):
        return ()
    distance = (word >> 10 & 0xFFF) << (word >> 30)
    return (_transfer(word, offset, word >> 5 & 31, distance),)


def _transfer_indexed(word: int, offset: int) -> _Operations:
    base, distance = word >> 5 & 31, signed(word >> 12 & 0x1FF, 9)
    change = Add(base, Register(base), Number(distance))
    mode = word >> 10 & 3
    if _is_prefetch(word) and not mode & 1:
        return ()
    if word >> 26 & 1:
        if mode == 3:
            return (change, *_vector(word, base, 0))
        moved = _vector(word, base, 0 if mode == 1 else distance)
        return (*moved, change) if mode == 1 else moved
    if mode == 1:
        return (_transfer(word, offset, base, 0), change)
    if mode == 3:
        return (change, _transfer(word, offset, base, 0))
    return (_transfer(word, offset, base, distance),)


def _transfer_at_register(word: int, _offset: int) -> _Operations:
    loads = word >> 22 & 3 and not word >> 26 & 1 and not _is_prefetch(word)
    return (Forget(_or_zero(word & 31)),) if loads else ()


def _exclusive(word: int, _offset: int) -> _Operations:
    """LDXR, STXR, LDAR, STLR, CAS, their pairs and kin: what is loaded is not followed."""
    first, second, status = (_or_zero(word >> at & 31) for at in (0, 10, 16))
    ordered, loads, pair = (word >> at & 1 for at in (23, 22, 21))
    if ordered and pair:  # CAS
        return (Forget(status),)
    if not ordered and pair and not word >> 31:  # CASP
        return (Forget(status), Forget(_or_zero((word >> 16 & 31) + 1 & 31)))
    if loads:
        return (Forget(first), Forget(second)) if pair else (Forget(first),)
    return () if ordered else (Forget(status),)


def _other_transfer(word: int, _offset: int) -> _Operations:
    """A load or store that is not followed: any register that it names may change."""
    named = (word >> at & 31 for at in (0, 5, 10, 16))
    return tuple(Forget(register) for register in dict.fromkeys(named))


def _transfer_pair(word: int, _offset: int) -> _Operations:
    vectors = word >> 26 & 1
    size = 4 << (word >> 30) if vectors else 8 if word >> 31 else 4
    base, mode = word >> 5 & 31, word >> 23 & 3
    distance = signed(word >> 15 & 0x7F, 7) * size
    change = Add(base, Register(base), Number(distance))
    if vectors:
        here = distance if mode in (0, 2) else 0
        moved = () if word >> 22 & 1 else (Overwrite(base, here, 2 * size),)
        if mode == 3:
            return (change, *moved)
        return (*moved, change) if mode == 1 else moved
    pair: list[Operation] = []
    for register, at in ((word & 31, 0), (word >> 10 & 31, size)):
        here = at + (distance if mode in (0, 2) else 0)
        move = Load if word >> 22 & 1 else Store
        pair.append(move(_or_zero(register), base, here, size))
    if word & 31 == base and word >> 22 & 1:
        pair.reverse()
    if mode == 3:
        return (change, *pair)
    return (*pair, change) if mode == 1 else tuple(pair)


def _load_literal(word: int, offset: int) -> _Operations:
    if word >> 26 & 1 or word >> 30 == 3:
        return ()
    size = 8 if word >> 30 == 1 else 4
    at = offset + signed(word >> 5 & 0x7FFFF, 19) * 4
    if at < 0:
        return (Forget(_or_zero(word & 31)),)
    return (Literal(_or_zero(word & 31), at, size),)


def _address(word: int, offset: int) -> _Operations:
    """ADR, and ADRP that counts in pages."""
    distance = signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
    pages = word >> 31
    at = (offset & ~0xFFF) + (distance << 12) if pages else offset + distance
    return (Point(_or_zero(word & 31), at),)


def _jump(word: int, offset: int) -> _Operations:
    if word >> 31:
        return (Call(),)
    return (Jump(offset + signed(word & 0x3FFFFFF, 26) * 4),)


def _branch(word: int, offset: int) -> _Operations:
    return (Branch(offset + signed(word >> 5 & 0x7FFFF, 19) * 4),)


def _branch_on_bit(word: int, offset: int) -> _Operations:
    return (Branch(offset + signed(word >> 5 & 0x3FFF, 14) * 4),)


def _jump_to_register(word: int, _offset: int) -> _Operations:
    return (Call(),) if word >> 21 & 7 == 1 else (Jump(None),)


def _exception(_word: int, _offset: int) -> _Operations:
    """SVC, HVC, SMC: what is called need not preserve more than a subroutine (SMCCC)."""
    return (Call(),)


def _hint(_word: int, _offset: int) -> _Operations:
    """NOP and its kin; those of pointer authentication change the link register."""
    return (Forget(30),)


def _nothing(_word: int, _offset: int) -> _Operations:
    return ()


# Mask, pattern, reader: the first that matches reads.
_TABLE: tuple[tuple[int, int, Callable[[int, int], _Operations]], ...] = (
    (0xFFFF0000, 0x00000000, _nothing),  # UDF, and the fill behind the code
    (0x1F000000, 0x10000000, _address),  # ADR, ADRP
    (0x7F800000, 0x12800000, _move_wide),  # MOVN
    (0x7F800000, 0x52800000, _move_wide),  # MOVZ
    (0x7F800000, 0x72800000, _move_wide),  # MOVK
    (0x1F800000, 0x11000000, _sum_with_number),  # ADD, ADDS, SUB, SUBS
    (0x1F200000, 0x0B000000, _sum_with_register),
    (0x1F200000, 0x0B200000, _sum_with_extended),
    (0x3FE00410, 0x3A400000, _compare_conditionally),  # CCMN, CCMP
    (0x7F200000, 0x2A000000, _or_register),  # ORR, MOV
    (0x1F800000, 0x12000000, _logical_with_number),
    (0x7F800000, 0x53000000, _bit_field),  # UBFM: LSL, LSR, UXTB, UXTH
    (0x7F800000, 0x13000000, _bit_field),  # SBFM: SXTH, SXTW, ASR
    (0x3B000000, 0x39000000, _transfer_at_offset),
    (0x3B200000, 0x38000000, _transfer_indexed),
    (0x3B200C00, 0x38200800, _transfer_at_register),
    (0x3A000000, 0x28000000, _transfer_pair),
    (0x3B000000, 0x18000000, _load_literal),
    (0x3F000000, 0x08000000, _exclusive),
    (0x0A000000, 0x08000000, _other_transfer),
    (0x7C000000, 0x14000000, _jump),  # B, BL
    (0xFF000000, 0x54000000, _branch),  # B.cond
    (0x7E000000, 0x34000000, _branch),  # CBZ, CBNZ
    (0x7E000000, 0x36000000, _branch_on_bit),  # TBZ, TBNZ
    (0xFE000000, 0xD6000000, _jump_to_register),  # BR, BLR, RET
    (0xFF000000, 0xD4000000, _exception),
    (0xFFFFF01F, 0xD503201F, _hint),
)

# The entries that can match an instruction with that top byte, filled when one is read.
_BY_TOP_BYTE: dict[int, tuple[tuple[int, int, Callable[[int, int], _Operations]], ...]] = {}

# Procedure Call Standard for the Arm 64-bit Architecture: x19 to x28, the frame pointer and the
# stack pointer are preserved.
A64 = Processor(
    decode,
    registers=33,
    word=8,
    zero=_ZERO,
    stack=frozenset({_SP, _FRAME}),
    volatile=frozenset([*range(19), 30]),
)
