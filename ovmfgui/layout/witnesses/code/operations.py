"""The few operations to which decoders reduce instructions.

Registers go by the processor's own numbers; offsets count from the start of the module's image,
which lies in memory as it lies in the file: edk2's GenFw aligns both alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.span import Span


class Register(NamedTuple):
    """An operand in a register."""

    number: int


class Number(NamedTuple):
    """An operand in the instruction itself."""

    number: int


Operand = Register | Number


class Put(NamedTuple):
    """``target`` becomes a constant."""

    target: int
    number: int


class Insert(NamedTuple):
    """``width`` bits of ``target`` from ``shift`` up become ``number`` (MOVK, MOVT, LU32I.D)."""

    target: int
    number: int
    shift: int
    width: int


class Point(NamedTuple):
    """``target`` becomes the address of what lies at ``offset`` in the image."""

    target: int
    offset: int


class Literal(NamedTuple):
    """``target`` becomes the constant that stands at ``offset`` in the image, ``size`` bytes."""

    target: int
    offset: int
    size: int


class Copy(NamedTuple):
    """``target`` becomes ``source``, or the part of it that matters, extended."""

    target: int
    source: int


class Add(NamedTuple):
    """``target`` becomes the sum."""

    target: int
    left: Operand
    right: Operand


class Subtract(NamedTuple):
    """``target`` becomes ``left`` less ``right``."""

    target: int
    left: Operand
    right: Operand


class Or(NamedTuple):
    """``target`` becomes the bitwise or."""

    target: int
    left: Operand
    right: Operand


class Shift(NamedTuple):
    """``target`` becomes ``source`` shifted to the left; to the right where ``by`` is negative."""

    target: int
    source: int
    by: int


class Load(NamedTuple):
    """``target`` becomes ``size`` bytes at ``offset`` from where ``base`` points to."""

    target: int
    base: int
    offset: int
    size: int


class Store(NamedTuple):
    """``size`` bytes of ``source`` go to ``offset`` from where ``base`` points to."""

    source: int
    base: int
    offset: int
    size: int


class Overwrite(NamedTuple):
    """``size`` bytes that are not followed go to ``offset`` from where ``base`` points to."""

    base: int
    offset: int
    size: int


class Compare(NamedTuple):
    """The two are compared, for equality or order."""

    left: Operand
    right: Operand


class Forget(NamedTuple):
    """``target`` becomes something that is not followed."""

    target: int


class Call(NamedTuple):
    """A subroutine runs; what it need not preserve is unknown afterwards."""


class Branch(NamedTuple):
    """Control may go to ``target``, or on."""

    target: int


class Jump(NamedTuple):
    """Control never goes on but to ``target``; None where that is not told (return, indirect)."""

    target: int | None


Operation = (
    Put
    | Insert
    | Point
    | Literal
    | Copy
    | Add
    | Subtract
    | Or
    | Shift
    | Load
    | Store
    | Overwrite
    | Compare
    | Forget
    | Call
    | Branch
    | Jump
)


class Step(NamedTuple):
    """An instruction: where it lies, its bytes, and what it does."""

    offset: int
    size: int
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Processor:
    """What has to be known of a processor to follow its code.

    Attributes:
        decode: the instructions in a span of the data, in order.
        registers: how many there are, numbered from 0.
        word: bytes of a register.
        zero: the register that always holds zero; None where there is none.
        stack: registers that may point to the stack.
        volatile: registers that a subroutine need not preserve.
    """

    decode: Callable[[bytes, Span], Iterator[Step]]
    registers: int
    word: int
    zero: int | None
    stack: frozenset[int]
    volatile: frozenset[int]


def signed(number: int, bits: int) -> int:
    """A number of so many bits read as two's complement."""
    return number - (1 << bits) if number >> (bits - 1) & 1 else number
