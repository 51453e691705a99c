"""RISC-V instructions: RV64I with the M, C and Zbb extensions as compilers use them for edk2.

Encodings are those of The RISC-V Instruction Set Manual, volume I.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.witnesses.code import riscv_compressed
from ovmfgui.layout.witnesses.code.operations import (
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
    Point,
    Processor,
    Put,
    Register,
    Shift,
    Step,
    Store,
    signed,
)
from ovmfgui.layout.witnesses.code.riscv_compressed import (
    add_number,
    add_registers,
    bitwise_or,
    compare,
    subtract,
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
        read = operations if size == 4 else riscv_compressed.operations
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


def _load_upper_to_address(word: int, offset: int) -> _Operations:
    return (Point(_target(word), offset + signed(word & 0xFFFFF000, 32)),)


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
        return add_number(target, source, number)
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


def _with_number_word(word: int, _offset: int) -> _Operations:
    """ADDIW and the shifts of 32 bits; what is followed here has no more bits than that."""
    target, source, number = _target(word), word >> 15 & 31, _immediate(word)
    if word >> 12 & 7 == 0:
        return add_number(target, source, number)
    return (Forget(target),)


def _with_register(word: int, _offset: int) -> _Operations:
    target, left, right = _target(word), Register(word >> 15 & 31), Register(word >> 20 & 31)
    return _BY_FUNCTION.get((word >> 25, word >> 12 & 7), _unfollowed)(target, left, right)


def _extend(target: int, left: Register, _right: Register) -> _Operations:
    return (Copy(target, left.number),)


def _unfollowed(target: int, _left: Register, _right: Register) -> _Operations:
    return (Forget(target),)


def _nothing(_word: int, _offset: int) -> _Operations:
    return ()


_BY_OPCODE: dict[int, Callable[[int, int], _Operations]] = {
    0x37: _load_upper,
    0x17: _load_upper_to_address,  # AUIPC
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
    (0x00, 0): add_registers,
    (0x20, 0): subtract,
    (0x00, 6): bitwise_or,
    (0x00, 4): compare,
    (0x00, 2): compare,
    (0x00, 3): compare,
    (0x04, 4): _extend,  # ZEXT.H of Zbb
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
