"""Thumb-2 instructions, as edk2 builds 32-bit ARM (Arm Architecture Reference Manual, T32)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.witnesses.code import thumb_narrow, thumb_wide
from ovmfgui.layout.witnesses.code.operations import (
    Branch,
    Call,
    Compare,
    Forget,
    Jump,
    Operation,
    Overwrite,
    Processor,
    Step,
    Store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.span import Span

_FRAMES = (7, 11)
_SP = 13


def decode(data: bytes, span: Span) -> Iterator[Step]:
    """The instructions in a span."""
    at, conditional = span.start, 0
    while at + 2 <= span.end:
        first = int.from_bytes(data[at : at + 2], "little")
        size = 4 if first >> 11 in (0b11101, 0b11110, 0b11111) else 2
        if at + size > span.end:
            break
        if size == 4:
            second = int.from_bytes(data[at + 2 : at + 4], "little")
            operations = thumb_wide.operations(first, second, at)
        else:
            operations = thumb_narrow.operations(first, at)
        yield Step(at, size, _perhaps(operations) if conditional else operations)
        conditional = max(conditional - 1, 0) or thumb_narrow.conditional_instructions(first, size)
        at += size


def _perhaps(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The same, done only under the condition of an IT block."""
    softened: list[Operation] = []
    for operation in operations:
        if isinstance(operation, Jump):
            if operation.target is not None:
                softened.append(Branch(operation.target))
        elif isinstance(operation, Branch | Call | Compare | Store | Overwrite):
            softened.append(operation)
        else:
            softened.append(Forget(operation.target))
    return tuple(softened)


# Procedure Call Standard for the Arm Architecture: r4 to r11 and the stack pointer are preserved.
THUMB = Processor(
    decode,
    registers=16,
    word=4,
    zero=None,
    stack=frozenset({_SP, *_FRAMES}),
    volatile=frozenset([0, 1, 2, 3, 12, 14]),
)
