"""Thumb-2 instructions of four bytes, as two halves."""

from __future__ import annotations

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
    Operand,
    Operation,
    Or,
    Put,
    Register,
    Shift,
    Store,
    Subtract,
    signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_PC = 15
_MASK = 0xFFFFFFFF
_Operations = tuple[Operation, ...]


def operations(first: int, second: int, offset: int) -> _Operations:
    """What an instruction at an offset does."""
    word = first << 16 | second
    for mask, pattern, read in _TABLE:
        if word & mask == pattern:
            return read(word, offset)
    return tuple(Forget(register) for register in {word >> 8 & 15, word >> 12 & 15} - {_PC})


def expand(number: int) -> int:
    """A modified immediate: twelve bits that stand for 32 (ThumbExpandImm)."""
    low = number & 0xFF
    if number >> 10 == 0:
        repeated = (low, low << 16 | low, low << 24 | low << 8, low * 0x01010101)
        return repeated[number >> 8 & 3]
    rotation, ones = number >> 7 & 31, 0x80 | number & 0x7F
    return (ones >> rotation | ones << (32 - rotation)) & _MASK


def _twelve_bits(word: int) -> int:
    return (word >> 26 & 1) << 11 | (word >> 12 & 7) << 8 | word & 0xFF


def _arithmetic(kind: int, flags: int, target: int, left: int, right: Operand) -> _Operations:
    """Data processing by its number: ORR 2, EOR 4, ADD 8, SUB 13, RSB 14."""
    if target == _PC:
        return (Compare(Register(left), right),) if flags and kind in (4, 13) else ()
    if kind == 2:
        return (Or(target, Register(left), right),)
    if kind == 8:
        return (Add(target, Register(left), right),)
    if kind == 13:
        return (Subtract(target, Register(left), right),)
    if kind == 14:
        return (Subtract(target, right, Register(left)),)
    if kind == 4:
        return (Compare(Register(left), right), Forget(target))
    return (Forget(target),)


def _with_number(word: int, _offset: int) -> _Operations:
    kind, left, target = word >> 21 & 15, word >> 16 & 15, word >> 8 & 15
    number = expand(_twelve_bits(word))
    if left == _PC and kind == 2:
        return (Put(target, number),)
    if left == _PC and kind == 3:
        return (Put(target, ~number & _MASK),)
    if kind == 0 and number in (0xFF, 0xFFFF) and target != _PC:
        return (Copy(target, left),)
    return _arithmetic(kind, word >> 20 & 1, target, left, Number(number))


def _with_register(word: int, _offset: int) -> _Operations:
    kind, left, target, right = word >> 21 & 15, word >> 16 & 15, word >> 8 & 15, word & 15
    by, way = (word >> 12 & 7) << 2 | word >> 6 & 3, word >> 4 & 3
    if left == _PC and kind == 2:
        return _moved(target, right, by, way)
    if by or way:
        return () if target == _PC else (Forget(target),)
    return _arithmetic(kind, word >> 20 & 1, target, left, Register(right))


def _moved(target: int, source: int, by: int, way: int) -> _Operations:
    """MOV, LSL, LSR and ASR by a number."""
    if way == 3:
        return (Forget(target),)
    if way == 0:
        return (Shift(target, source, by) if by else Copy(target, source),)
    return (Shift(target, source, -(by or 32)),)


def _with_plain_number(word: int, _offset: int) -> _Operations:
    kind, left, target = word >> 20 & 31, word >> 16 & 15, word >> 8 & 15
    number = _twelve_bits(word)
    if kind == 4:
        return (Put(target, left << 12 | number),)
    if kind == 12:
        return (Insert(target, left << 12 | number, 16, 16),)
    if left != _PC and kind == 0:
        return (Add(target, Register(left), Number(number)),)
    if left != _PC and kind == 10:
        return (Subtract(target, Register(left), Number(number)),)
    lowest, width = (word >> 12 & 7) << 2 | word >> 6 & 3, (word & 31) + 1
    if kind in (20, 28) and lowest == 0 and width in (8, 16):
        return (Copy(target, left),)
    return (Forget(target),)


def _pair(word: int, offset: int) -> _Operations:
    """LDRD and STRD."""
    base, distance = word >> 16 & 15, 4 * (word & 0xFF)
    if not word >> 23 & 1:
        distance = -distance
    if base == _PC:
        at, targets = (offset + 4 & ~3) + distance, (word >> 12 & 15, word >> 8 & 15)
        if not word >> 20 & 1:
            return ()
        if at < 0:
            return tuple(Forget(target) for target in targets)
        return tuple(Literal(target, at + 4 * n, 4) for n, target in enumerate(targets))
    indexed, written = word >> 24 & 1, word >> 21 & 1
    here = distance if indexed else 0
    move = Load if word >> 20 & 1 else Store
    first, second = word >> 12 & 15, word >> 8 & 15
    pair: list[Operation] = [move(first, base, here, 4), move(second, base, here + 4, 4)]
    if first == base:
        pair.reverse()
    if written:
        change = Add(base, Register(base), Number(distance))
        pair.append(Forget(base) if base in (first, second) else change)
    return tuple(pair)


def _many(word: int, _offset: int) -> _Operations:
    """LDM, STM, and PUSH and POP of high registers."""
    base, loads = word >> 16 & 15, word >> 20 & 1
    count = (word & 0xFFFF).bit_count()
    done: list[Operation] = []
    if loads:
        done += [Forget(register) for register in range(15) if word >> register & 1]
    if word >> 21 & 1:
        change = Add if word >> 23 & 1 else Subtract
        done.append(change(base, Register(base), Number(4 * count)))
    if loads and word >> _PC & 1:
        done.append(Jump(None))
    return tuple(done)


def _table_branch(_word: int, _offset: int) -> _Operations:
    return (Jump(None),)


def _exclusive(word: int, _offset: int) -> _Operations:
    return tuple(Forget(word >> at & 15) for at in (12, 8, 0) if word >> at & 15 != _PC)


def _single(word: int, offset: int) -> _Operations:
    """LDR, LDRH, LDRB, STR, STRH and STRB, with the signed ones."""
    base, register = word >> 16 & 15, word >> 12 & 15
    size, loads = 1 << (word >> 21 & 3), word >> 20 & 1
    if base == _PC:
        return _literal(word, offset, register, size) if loads else ()
    if word >> 24 & 1 and size >= 4:  # a signed word: not allocated
        return (Forget(register),)
    move = Load if loads else Store
    if word >> 23 & 1:
        done: list[Operation] = [move(register, base, word & 0xFFF, size)]
    elif not word >> 11 & 1:
        done = [Forget(register)] if loads else []
    else:
        distance = word & 0xFF if word >> 9 & 1 else -(word & 0xFF)
        done = [move(register, base, distance if word >> 10 & 1 else 0, size)]
        if word >> 8 & 1:
            change = Add(base, Register(base), Number(distance))
            done.append(Forget(base) if base == register else change)
    if loads and register == _PC:
        # A jump, or PLD and PLI, which load nothing.
        return (*done[1:], Jump(None)) if size == 4 else tuple(done[1:])
    return tuple(done)


def _elements(word: int, _offset: int) -> _Operations:
    """VLD1 to VST4, which may move their base on."""
    return (Forget(word >> 16 & 15),)


def _coprocessor(word: int, _offset: int) -> _Operations:
    """LDC, STC, VLDM, VSTM and MCR, MRC with their doubles, floating point's forms among them."""
    moves_base = word >> 25 & 1 == 0 and (word >> 21 & 1 or word >> 22 & 7 == 1)
    targets = (word >> 12 & 15, word >> 16 & 15) if moves_base else (word >> 12 & 15,)
    return tuple(Forget(target) for target in targets if target != _PC)


def _literal(word: int, offset: int, register: int, size: int) -> _Operations:
    distance = word & 0xFFF if word >> 23 & 1 else -(word & 0xFFF)
    at = (offset + 4 & ~3) + distance
    if register == _PC:
        return (Jump(None),) if size == 4 else ()
    if at < 0:
        return (Forget(register),)
    return (Literal(register, at, size),)


def _branch(word: int, offset: int) -> _Operations:
    distance = (
        (word >> 26 & 1) << 20
        | (word >> 11 & 1) << 19
        | (word >> 13 & 1) << 18
        | (word >> 16 & 0x3F) << 12
        | (word & 0x7FF) << 1
    )
    return (Branch(offset + 4 + signed(distance, 21)),)


def _jump(word: int, offset: int) -> _Operations:
    sign = word >> 26 & 1
    first, second = (1 ^ (word >> 13 & 1) ^ sign), (1 ^ (word >> 11 & 1) ^ sign)
    distance = (
        sign << 24 | first << 23 | second << 22 | (word >> 16 & 0x3FF) << 12 | (word & 0x7FF) << 1
    )
    return (Jump(offset + 4 + signed(distance, 25)),)


def _call(_word: int, _offset: int) -> _Operations:
    return (Call(),)


def _extend(word: int, _offset: int) -> _Operations:
    """SXTH, UXTH, SXTB and UXTB without addition or rotation."""
    target = word >> 8 & 15
    if word >> 16 & 15 != _PC or word >> 4 & 3:
        return (Forget(target),)
    return (Copy(target, word & 15),)


def _nothing(_word: int, _offset: int) -> _Operations:
    return ()


def _target_alone(word: int, _offset: int) -> _Operations:
    return (Forget(word >> 8 & 15),)


def _two_targets(word: int, _offset: int) -> _Operations:
    return (Forget(word >> 8 & 15), Forget(word >> 12 & 15))


# Mask, pattern, reader: the first that matches reads.
_TABLE: tuple[tuple[int, int, Callable[[int, int], _Operations]], ...] = (
    (0xFFF0FFE0, 0xE8D0F000, _table_branch),  # TBB, TBH
    (0xFF600000, 0xE8400000, _exclusive),  # LDREX, STREX and their like
    (0xFE400000, 0xE8400000, _pair),
    (0xFE400000, 0xE8000000, _many),
    (0xFE000000, 0xEA000000, _with_register),
    (0xFA008000, 0xF0000000, _with_number),
    (0xFA008000, 0xF2000000, _with_plain_number),
    (0xEE000000, 0xEC000000, _coprocessor),
    (0xEF000000, 0xEE000000, _coprocessor),
    (0xF800D000, 0xF000D000, _call),  # BL
    (0xF800D001, 0xF000C000, _call),  # BLX
    (0xF800D000, 0xF0009000, _jump),
    (0xFB80D000, 0xF3808000, _nothing),  # MSR, MRS, barriers, hints
    (0xF800D000, 0xF0008000, _branch),
    (0xFF100000, 0xF9000000, _elements),
    (0xFE000000, 0xF8000000, _single),
    (0xFFC0F0C0, 0xFA00F080, _extend),
    (0xFF800000, 0xFB000000, _target_alone),  # MUL, MLA, MLS
    (0xFF800000, 0xFB800000, _two_targets),  # UMULL, SMULL, UDIV, SDIV
)
