"""RISC-V instructions of two bytes (the C extension, for RV64)."""

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
    Put,
    Register,
    Shift,
    Store,
    Subtract,
    signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SP = 2
_Operations = tuple[Operation, ...]


def add_number(target: int, source: int, number: int) -> _Operations:
    """ADDI and ADDIW, which also load small numbers and move registers."""
    if source == 0:
        return (Put(target, number),)
    if number == 0:
        return (Copy(target, source),)
    return (Add(target, Register(source), Number(number)),)


def add_registers(target: int, left: Register, right: Register) -> _Operations:
    """ADD and ADDW."""
    return (Add(target, left, right),)


def subtract(target: int, left: Register, right: Register) -> _Operations:
    """SUB and SUBW."""
    return (Subtract(target, left, right),)


def bitwise_or(target: int, left: Register, right: Register) -> _Operations:
    """OR."""
    return (Or(target, left, right),)


def compare(target: int, left: Register, right: Register) -> _Operations:
    """SLT, SLTU, and XOR, whose result is zero where the two are equal."""
    return (Compare(left, right), Forget(target))


def _forget(target: int, _left: Register, _right: Register) -> _Operations:
    return (Forget(target),)


def _nothing(_half: int, _offset: int) -> _Operations:
    return ()


def operations(half: int, offset: int) -> _Operations:
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
    return add_number(register, register, signed(_six_bits(half), 6))


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
        return (subtract, add_registers, _forget, _forget)[which](target, left, right)
    return (subtract, compare, bitwise_or, _forget)[which](target, left, right)


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
