"""RISC-V instructions: RV64I with the M, C and Zbb extensions as compilers use them for edk2.

Encodings are those of The RISC-V Instruction Set Manual, volume I.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.witnesses.code.operations import (
    Add,
    Branch,
    Call,
    Compare,
    Copy,
    Forget,
    Jump,
    Load,
    Number,
    Operation,
    Or,
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

_RA, _SP, _FRAME = 1, 2, 8
_Operations = tuple[Operation, ...]


def decode(data: bytes, span: Span) -> Iterator[Step]:
    """The instructions in a span."""
    at = span.start
    while at + 2 <= span.end:
        word = int.from_bytes(data[at : at + 4], "little")
        size = 4 if word & 3 == 3 else 2
        if at + size > span.end:
            break
        read = operations if size == 4 else compressed_operations
        yield Step(at, size, read(word & 0xFFFF if size == 2 else word, at))
        at += size


def operations(word: int, offset: int) -> _Operations:
    """What an instruction of four bytes does."""
    read = _BY_OPCODE.get(word & 0x7F)
    return read(word, offset) if read else (Forget(_target(word)),)


def _target(word: int) -> int:
    return word >> 7 & 31


def _immediate(word: int) -> int:
    return signed(word >> 20, 12)


def _load_upper(word: int, _offset: int) -> _Operations:
    return (Put(_target(word), signed(word & 0xFFFFF000, 32)),)


def _jump_and_link(word: int, offset: int) -> _Operations:
    distance = (
        (word >> 31) << 20
        | (word >> 12 & 0xFF) << 12
        | (word >> 20 & 1) << 11
        | (word >> 21 & 0x3FF) << 1
    )
    if _target(word):
        return (Call(),)
    return (Jump(offset + signed(distance, 21)),)


def _jump_to_register(word: int, _offset: int) -> _Operations:
    return (Call(),) if _target(word) else (Jump(None),)


def _branch(word: int, offset: int) -> _Operations:
    distance = (
        (word >> 31) << 12
        | (word >> 7 & 1) << 11
        | (word >> 25 & 0x3F) << 5
        | (word >> 8 & 0xF) << 1
    )
    left, right = Register(word >> 15 & 31), Register(word >> 20 & 31)
    return (Compare(left, right), Branch(offset + signed(distance, 13)))


def _load(word: int, _offset: int) -> _Operations:
    size = 1 << (word >> 12 & 3)
    return (Load(_target(word), word >> 15 & 31, _immediate(word), size),)


def _store(word: int, _offset: int) -> _Operations:
    distance = signed(word >> 25 << 5 | word >> 7 & 31, 12)
    return (Store(word >> 20 & 31, word >> 15 & 31, distance, 1 << (word >> 12 & 3)),)


def _with_number(word: int, _offset: int) -> _Operations:
    target, source, number = _target(word), word >> 15 & 31, _immediate(word)
    kind = word >> 12 & 7
    if kind == 0:
        return _add_number(target, source, number)
    if kind in (1, 5) and number >> 6 & 0x2F == 0:
        by = number & 63
        return (Shift(target, source, by if kind == 1 else -by),)
    if kind == 6:
        return (Or(target, Register(source), Number(number)),)
    if kind == 7 and number == 0xFF:
        return (Copy(target, source),)
    if kind == 4:
        return (Compare(Register(source), Number(number)), Forget(target))
    return (Forget(target),)


def _add_number(target: int, source: int, number: int) -> _Operations:
    if source == 0:
        return (Put(target, number),)
    if number == 0:
        return (Copy(target, source),)
    return (Add(target, Register(source), Number(number)),)


def _with_number_word(word: int, _offset: int) -> _Operations:
    """ADDIW and the shifts of 32 bits; what is followed here has no more bits than that."""
    target, source, number = _target(word), word >> 15 & 31, _immediate(word)
    if word >> 12 & 7 == 0:
        return _add_number(target, source, number)
    return (Forget(target),)


def _with_register(word: int, _offset: int) -> _Operations:
    target, left, right = _target(word), Register(word >> 15 & 31), Register(word >> 20 & 31)
    return _BY_FUNCTION.get((word >> 25, word >> 12 & 7), _unfollowed)(target, left, right)


def _add(target: int, left: Register, right: Register) -> _Operations:
    return (Add(target, left, right),)


def _subtract(target: int, left: Register, right: Register) -> _Operations:
    return (Subtract(target, left, right),)


def _or(target: int, left: Register, right: Register) -> _Operations:
    return (Or(target, left, right),)


def _compare(target: int, left: Register, right: Register) -> _Operations:
    """SLT, SLTU, and XOR, whose result is zero where the two are equal."""
    return (Compare(left, right), Forget(target))


def _extend(target: int, left: Register, _right: Register) -> _Operations:
    return (Copy(target, left.number),)


def _unfollowed(target: int, _left: Register, _right: Register) -> _Operations:
    return (Forget(target),)


def _nothing(_word: int, _offset: int) -> _Operations:
    return ()


_BY_OPCODE: dict[int, Callable[[int, int], _Operations]] = {
    0x37: _load_upper,
    0x6F: _jump_and_link,
    0x67: _jump_to_register,
    0x63: _branch,
    0x03: _load,
    0x23: _store,
    0x13: _with_number,
    0x1B: _with_number_word,
    0x33: _with_register,
    0x3B: _with_register,
    0x0F: _nothing,  # FENCE
    0x27: _nothing,  # floating-point store
    0x07: _nothing,  # floating-point load
}

# By funct7 and funct3; the same for operations on words.
_BY_FUNCTION: dict[tuple[int, int], Callable[[int, Register, Register], _Operations]] = {
    (0x00, 0): _add,
    (0x20, 0): _subtract,
    (0x00, 6): _or,
    (0x00, 4): _compare,
    (0x00, 2): _compare,
    (0x00, 3): _compare,
    (0x04, 4): _extend,  # ZEXT.H of Zbb
}


def compressed_operations(half: int, offset: int) -> _Operations:
    """What an instruction of two bytes does."""
    if not half:
        return ()
    return _BY_QUADRANT[half & 3, half >> 13](half, offset)


def _low(half: int, at: int) -> int:
    """One of the eight registers that three bits can name."""
    return 8 + (half >> at & 7)


def _six_bits(half: int) -> int:
    return (half >> 12 & 1) << 5 | half >> 2 & 31


def _c_add_to_stack_pointer(half: int, _offset: int) -> _Operations:
    number = (
        (half >> 7 & 0xF) << 6 | (half >> 11 & 3) << 4 | (half >> 5 & 1) << 3 | (half >> 6 & 1) << 2
    )
    return (Add(_low(half, 2), Register(_SP), Number(number)),)


def _word_distance(half: int) -> int:
    return (half >> 5 & 1) << 6 | (half >> 10 & 7) << 3 | (half >> 6 & 1) << 2


def _double_distance(half: int) -> int:
    return (half >> 5 & 3) << 6 | (half >> 10 & 7) << 3


def _c_load_word(half: int, _offset: int) -> _Operations:
    return (Load(_low(half, 2), _low(half, 7), _word_distance(half), 4),)


def _c_load_double(half: int, _offset: int) -> _Operations:
    return (Load(_low(half, 2), _low(half, 7), _double_distance(half), 8),)


def _c_store_word(half: int, _offset: int) -> _Operations:
    return (Store(_low(half, 2), _low(half, 7), _word_distance(half), 4),)


def _c_store_double(half: int, _offset: int) -> _Operations:
    return (Store(_low(half, 2), _low(half, 7), _double_distance(half), 8),)


def _c_add_number(half: int, _offset: int) -> _Operations:
    """C.ADDI and C.ADDIW."""
    register = half >> 7 & 31
    if not register:
        return ()
    return _add_number(register, register, signed(_six_bits(half), 6))


def _c_put(half: int, _offset: int) -> _Operations:
    return (Put(half >> 7 & 31, signed(_six_bits(half), 6)),)


def _c_load_upper(half: int, _offset: int) -> _Operations:
    register = half >> 7 & 31
    if register == _SP:
        number = (
            (half >> 12 & 1) << 9
            | (half >> 3 & 3) << 7
            | (half >> 5 & 1) << 6
            | (half >> 2 & 1) << 5
            | (half >> 6 & 1) << 4
        )
        return (Add(_SP, Register(_SP), Number(signed(number, 10))),)
    return (Put(register, signed(_six_bits(half), 6) << 12),)


def _c_arithmetic(half: int, _offset: int) -> _Operations:
    target, kind = _low(half, 7), half >> 10 & 3
    if kind < 2:
        return (Shift(target, target, -_six_bits(half)),)
    if kind == 2:
        return (Forget(target),)
    left, right = Register(target), Register(_low(half, 2))
    word, which = half >> 12 & 1, half >> 5 & 3
    if word:
        return (_subtract, _add, _unfollowed, _unfollowed)[which](target, left, right)
    return (_subtract, _compare, _or, _unfollowed)[which](target, left, right)


def _c_jump(half: int, offset: int) -> _Operations:
    distance = (
        (half >> 12 & 1) << 11
        | (half >> 8 & 1) << 10
        | (half >> 9 & 3) << 8
        | (half >> 6 & 1) << 7
        | (half >> 7 & 1) << 6
        | (half >> 2 & 1) << 5
        | (half >> 11 & 1) << 4
        | (half >> 3 & 7) << 1
    )
    return (Jump(offset + signed(distance, 12)),)


def _c_branch(half: int, offset: int) -> _Operations:
    distance = (
        (half >> 12 & 1) << 8
        | (half >> 5 & 3) << 6
        | (half >> 2 & 1) << 5
        | (half >> 10 & 3) << 3
        | (half >> 3 & 3) << 1
    )
    return (Branch(offset + signed(distance, 9)),)


def _c_shift(half: int, _offset: int) -> _Operations:
    register = half >> 7 & 31
    return (Shift(register, register, _six_bits(half)),)


def _c_load_word_from_stack(half: int, _offset: int) -> _Operations:
    distance = (half >> 2 & 3) << 6 | (half >> 12 & 1) << 5 | (half >> 4 & 7) << 2
    return (Load(half >> 7 & 31, _SP, distance, 4),)


def _c_load_double_from_stack(half: int, _offset: int) -> _Operations:
    distance = (half >> 2 & 7) << 6 | (half >> 12 & 1) << 5 | (half >> 5 & 3) << 3
    return (Load(half >> 7 & 31, _SP, distance, 8),)


def _c_store_word_to_stack(half: int, _offset: int) -> _Operations:
    return (Store(half >> 2 & 31, _SP, (half >> 7 & 3) << 6 | (half >> 9 & 0xF) << 2, 4),)


def _c_store_double_to_stack(half: int, _offset: int) -> _Operations:
    return (Store(half >> 2 & 31, _SP, (half >> 7 & 7) << 6 | (half >> 10 & 7) << 3, 8),)


def _c_register(half: int, _offset: int) -> _Operations:
    """C.JR, C.MV, C.EBREAK, C.JALR and C.ADD."""
    target, source = half >> 7 & 31, half >> 2 & 31
    if half >> 12 & 1:
        if source:
            return (Add(target, Register(target), Register(source)),)
        return (Call(),) if target else ()
    return (Copy(target, source),) if source else (Jump(None),)


# By quadrant and funct3.
_BY_QUADRANT: dict[tuple[int, int], Callable[[int, int], _Operations]] = {
    (0, 0): _c_add_to_stack_pointer,
    (0, 1): _nothing,
    (0, 2): _c_load_word,
    (0, 3): _c_load_double,
    (0, 4): _nothing,
    (0, 5): _nothing,
    (0, 6): _c_store_word,
    (0, 7): _c_store_double,
    (1, 0): _c_add_number,
    (1, 1): _c_add_number,
    (1, 2): _c_put,
    (1, 3): _c_load_upper,
    (1, 4): _c_arithmetic,
    (1, 5): _c_jump,
    (1, 6): _c_branch,
    (1, 7): _c_branch,
    (2, 0): _c_shift,
    (2, 1): _nothing,
    (2, 2): _c_load_word_from_stack,
    (2, 3): _c_load_double_from_stack,
    (2, 4): _c_register,
    (2, 5): _nothing,
    (2, 6): _c_store_word_to_stack,
    (2, 7): _c_store_double_to_stack,
}

# Calling convention: s0 to s11, gp, tp and the stack pointer are preserved.
RISCV = Processor(
    decode,
    registers=32,
    word=8,
    zero=0,
    stack=frozenset({_SP, _FRAME}),
    volatile=frozenset([_RA, 5, 6, 7, *range(10, 18), *range(28, 32)]),
)
