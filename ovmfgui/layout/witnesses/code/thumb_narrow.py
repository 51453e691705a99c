"""Thumb instructions of two bytes."""

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
    Literal,
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

_SP, _PC = 13, 15
_Operations = tuple[Operation, ...]


def operations(half: int, offset: int) -> _Operations:
    """What an instruction at an offset does."""
    for mask, pattern, read in _TABLE:
        if half & mask == pattern:
            return read(half, offset)
    return (Forget(half & 7),)


def conditional_instructions(half: int, size: int) -> int:
    """How many instructions behind this one are under its condition: one to four after IT."""
    if size != 2 or half & 0xFF00 != 0xBF00 or not half & 15:
        return 0
    # The lowest one of the mask marks the end of the block.
    return 4 - ((half & 15) & -(half & 15)).bit_length() + 1


def _shift_left(half: int, _offset: int) -> _Operations:
    target, source, by = half & 7, half >> 3 & 7, half >> 6 & 31
    return (Shift(target, source, by) if by else Copy(target, source),)


def _shift_right(half: int, _offset: int) -> _Operations:
    return (Shift(half & 7, half >> 3 & 7, -(half >> 6 & 31 or 32)),)


def _three_operands(half: int, _offset: int) -> _Operations:
    target, left = half & 7, Register(half >> 3 & 7)
    number = half >> 6 & 7
    right = Number(number) if half >> 10 & 1 else Register(number)
    return (Subtract(target, left, right) if half >> 9 & 1 else Add(target, left, right),)


def _with_number(half: int, _offset: int) -> _Operations:
    register, number = half >> 8 & 7, Number(half & 0xFF)
    kind = half >> 11 & 3
    if kind == 0:
        return (Put(register, number.number),)
    if kind == 1:
        return (Compare(Register(register), number),)
    change = Add if kind == 2 else Subtract
    return (change(register, Register(register), number),)


def _with_register(half: int, _offset: int) -> _Operations:
    target, other = half & 7, Register(half >> 3 & 7)
    kind = half >> 6 & 15
    if kind == 8:  # TST
        return ()
    if kind == 10:
        return (Compare(Register(target), other),)
    if kind == 9:  # RSB from zero
        return (Subtract(target, Number(0), other),)
    if kind == 12:
        return (Or(target, Register(target), other),)
    return (Forget(target),)


def _with_high_register(half: int, _offset: int) -> _Operations:
    target, source = half & 7 | half >> 4 & 8, half >> 3 & 15
    kind = half >> 8 & 3
    if kind == 3:
        return (Call(),) if half >> 7 & 1 else (Jump(None),)
    if kind == 1:
        return (Compare(Register(target), Register(source)),)
    if target == _PC:
        return (Jump(None),)
    if kind == 2:
        return (Copy(target, source),)
    return (Add(target, Register(target), Register(source)),)


def _load_literal(half: int, offset: int) -> _Operations:
    return (Literal(half >> 8 & 7, (offset + 4 & ~3) + 4 * (half & 0xFF), 4),)


def _transfer_at_register(half: int, _offset: int) -> _Operations:
    """STR, STRH and STRB have the numbers 0 to 2; all others load."""
    return () if half >> 9 & 7 < 3 else (Forget(half & 7),)


def _transfer(half: int, size: int) -> _Operations:
    move = Load if half >> 11 & 1 else Store
    return (move(half & 7, half >> 3 & 7, (half >> 6 & 31) * size, size),)


def _transfer_word(half: int, _offset: int) -> _Operations:
    return _transfer(half, 4)


def _transfer_byte(half: int, _offset: int) -> _Operations:
    return _transfer(half, 1)


def _transfer_half(half: int, _offset: int) -> _Operations:
    return _transfer(half, 2)


def _transfer_on_stack(half: int, _offset: int) -> _Operations:
    move = Load if half >> 11 & 1 else Store
    return (move(half >> 8 & 7, _SP, 4 * (half & 0xFF), 4),)


def _address(half: int, _offset: int) -> _Operations:
    target = half >> 8 & 7
    if half >> 11 & 1:
        return (Add(target, Register(_SP), Number(4 * (half & 0xFF))),)
    return (Forget(target),)


def _move_stack_pointer(half: int, _offset: int) -> _Operations:
    change = Subtract if half >> 7 & 1 else Add
    return (change(_SP, Register(_SP), Number(4 * (half & 0x7F))),)


def _branch_on_zero(half: int, offset: int) -> _Operations:
    return (Branch(offset + 4 + ((half >> 9 & 1) << 6 | (half >> 3 & 31) << 1)),)


def _extend(half: int, _offset: int) -> _Operations:
    return (Copy(half & 7, half >> 3 & 7),)


def _push(half: int, _offset: int) -> _Operations:
    count = (half & 0x1FF).bit_count()
    return (Subtract(_SP, Register(_SP), Number(4 * count)),)


def _pop(half: int, _offset: int) -> _Operations:
    popped: list[Operation] = [Forget(register) for register in range(8) if half >> register & 1]
    popped.append(Add(_SP, Register(_SP), Number(4 * (half & 0x1FF).bit_count())))
    if half >> 8 & 1:
        popped.append(Jump(None))
    return tuple(popped)


def _nothing(_half: int, _offset: int) -> _Operations:
    return ()


def _transfer_many(half: int, _offset: int) -> _Operations:
    forgotten: list[Operation] = [Forget(half >> 8 & 7)]
    if half >> 11 & 1:
        forgotten += [Forget(register) for register in range(8) if half >> register & 1]
    return tuple(forgotten)


def _branch(half: int, offset: int) -> _Operations:
    if half >> 9 & 7 == 7:  # UDF; SVC, whose callee need not preserve more than a subroutine
        return (Call(),) if half >> 8 & 1 else ()
    return (Branch(offset + 4 + 2 * signed(half & 0xFF, 8)),)


def _jump(half: int, offset: int) -> _Operations:
    return (Jump(offset + 4 + 2 * signed(half & 0x7FF, 11)),)


# Mask, pattern, reader: the first that matches reads.
_TABLE: tuple[tuple[int, int, Callable[[int, int], _Operations]], ...] = (
    (0xF800, 0x0000, _shift_left),
    (0xF800, 0x0800, _shift_right),  # LSR
    (0xF800, 0x1000, _shift_right),  # ASR
    (0xF800, 0x1800, _three_operands),
    (0xE000, 0x2000, _with_number),  # MOV, CMP, ADD, SUB
    (0xFC00, 0x4000, _with_register),
    (0xFC00, 0x4400, _with_high_register),
    (0xF800, 0x4800, _load_literal),
    (0xF000, 0x5000, _transfer_at_register),
    (0xF000, 0x6000, _transfer_word),
    (0xF000, 0x7000, _transfer_byte),
    (0xF000, 0x8000, _transfer_half),
    (0xF000, 0x9000, _transfer_on_stack),
    (0xF000, 0xA000, _address),
    (0xFF00, 0xB000, _move_stack_pointer),
    (0xF500, 0xB100, _branch_on_zero),
    (0xFF00, 0xB200, _extend),  # SXTH, SXTB, UXTH, UXTB
    (0xFE00, 0xB400, _push),
    (0xFE00, 0xBC00, _pop),
    (0xFF00, 0xBF00, _nothing),  # IT, NOP
    (0xF000, 0xC000, _transfer_many),
    (0xF000, 0xD000, _branch),
    (0xF800, 0xE000, _jump),
)
