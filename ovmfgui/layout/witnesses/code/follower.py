"""Follows values through a module's code, in the order of the addresses.

Nothing is executed and no loop is followed. Where two paths meet only what they agree about stays
known; behind a jump nothing is known but what those knew that jump there. What is not understood
makes a value unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ovmfgui.layout.witnesses.code import operations as do
from ovmfgui.layout.witnesses.code.values import (
    IMAGE,
    Adding,
    Comparison,
    Constant,
    Difference,
    Loaded,
    Making,
    Observation,
    Shifted,
    Storing,
    Sum,
    Total,
    Unknown,
    Value,
    depth,
)
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Key = TypeVar("Key")
# A place on the stack: the register that points there, the distance, how many bytes.
Slot = tuple[int, int, int]

# How deep values may nest: instance -> region -> header -> field is four.
_MAX_DEPTH = 6
# The longest constant takes four instructions; one whose instructions are scattered has no one
# place.
_MAX_PLACE = 16
_MASK = (1 << 64) - 1
_SLOT_SIZES = (1, 2, 4, 8)


def observe(processor: do.Processor, image: bytes, code: Sequence[Span]) -> list[Observation]:
    """Everything that is observed in the code of an image, in order.

    Args:
        processor: whose code it is.
        image: a module's PE32 image; observations count from its start.
        code: its executable sections. They hold the read-only data too (edk2's linker script puts
            .rodata there), so what is loaded from them is constant.
    """
    follower = _Follower(processor, image, code)
    for span in code:
        follower.start()
        for step in processor.decode(image, span):
            follower.take(step)
    return follower.observed


def _agreed(here: dict[Key, Value], there: dict[Key, Value]) -> dict[Key, Value]:
    # Most are the same object, of which Python would ask what they are made of.
    return {
        key: value
        for key, value in here.items()
        if (other := there.get(key)) is value or other == value
    }


class _Follower:
    """Registers and stack slots on the way through the code."""

    def __init__(self, processor: do.Processor, image: bytes, code: Sequence[Span]) -> None:
        self.observed: list[Observation] = []
        self._processor = processor
        self._image = image
        self._code = code
        self._step = do.Step(0, 0, ())
        self.start()

    def start(self) -> None:
        """Forget all registers and slots, as at the entry of a function."""
        self._registers: dict[int, Value] = {}
        self._slots: dict[Slot, Value] = {}
        # Slots whose address was taken: a subroutine may change them.
        self._exposed: set[tuple[int, int]] = set()
        self._waiting: dict[int, tuple[dict[int, Value], dict[Slot, Value]]] = {}
        self._reached = False

    def take(self, step: do.Step) -> None:
        """Go through one instruction."""
        # Asked here: most instructions are reached from the one before them alone.
        if not self._reached or step.offset in self._waiting:
            self._arrive(step.offset)
        self._step = step
        for operation in step.operations:
            _HANDLERS[type(operation)](self, operation)

    @property
    def _span(self) -> Span:
        """The instruction's bytes."""
        return Span(self._step.offset, self._step.size)

    def _arrive(self, offset: int) -> None:
        """Come here from elsewhere, or from nowhere that is known."""
        waiting = self._waiting.pop(offset, None)
        if waiting is not None:
            registers, slots = waiting
            if self._reached:
                registers = _agreed(self._registers, registers)
                slots = _agreed(self._slots, slots)
            self._registers, self._slots = registers, slots
        elif not self._reached:
            self._registers, self._slots, self._exposed = {}, {}, set()
        if waiting is not None or not self._reached:
            self._renew(range(self._processor.registers))
        self._reached = True

    def _renew(self, registers: Iterable[int]) -> None:
        """Give a value of its own to each register that has none, so that copies are known."""
        known = self._registers
        for register in registers:
            if register not in known:
                known[register] = Unknown()

    def _get(self, register: int) -> Value:
        if register == self._processor.zero:
            return Constant(0, self._span)
        return self._registers[register]

    def _value(self, operand: do.Operand) -> Value:
        if isinstance(operand, do.Number):
            return Constant(operand.number & _MASK, self._span)
        return self._get(operand.number)

    def _set(self, register: int, value: Value) -> None:
        if register == self._processor.zero:
            return
        if register in self._processor.stack:
            self._slots = {key: slot for key, slot in self._slots.items() if key[0] != register}
        self._registers[register] = value if depth(value) <= _MAX_DEPTH else Unknown()

    def _make(self, number: int, *sources: Constant) -> Constant:
        """A constant: its bytes are this instruction and those that it builds upon."""
        here = self._span
        start = min([here.start, *(source.span.start for source in sources)])
        span = Span.between(start, here.end)
        number &= (1 << 8 * self._processor.word) - 1
        constant = Constant(number, span if span.size <= _MAX_PLACE else here)
        self.observed.append(Making(constant))
        return constant

    def put(self, operation: do.Put) -> None:
        self._set(operation.target, self._make(operation.number))

    def insert(self, operation: do.Insert) -> None:
        old = self._get(operation.target)
        if not isinstance(old, Constant):
            self._set(operation.target, Unknown())
            return
        mask = ((1 << operation.width) - 1) << operation.shift
        number = old.number & ~mask | operation.number << operation.shift & mask
        self._set(operation.target, self._make(number, old))

    def point(self, operation: do.Point) -> None:
        self._set(operation.target, Sum(IMAGE, operation.offset & _MASK, self._span))

    def literal(self, operation: do.Literal) -> None:
        constant = self._read_only(operation.offset, operation.size)
        self._set(operation.target, constant or Unknown())

    def _read_only(self, offset: int, size: int) -> Constant | None:
        """What is loaded from the image's read-only part."""
        if offset < 0 or not any(span.covers(Span(offset, size)) for span in self._code):
            return None
        span = Span(offset, size)
        constant = Constant(int.from_bytes(span.of(self._image), "little"), span)
        self.observed.append(Making(constant))
        return constant

    def copy(self, operation: do.Copy) -> None:
        self._set(operation.target, self._get(operation.source))

    def add(self, operation: do.Add) -> None:
        if isinstance(operation.left, do.Register) and isinstance(operation.right, do.Number):
            self._exposed.add((operation.left.number, operation.right.number))
        left, right = self._value(operation.left), self._value(operation.right)
        self._set(operation.target, self._sum(left, right))

    def _sum(self, left: Value, right: Value) -> Value:
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right = right, left
        if not isinstance(right, Constant):
            return Total(left, right)
        if isinstance(left, Constant):
            return self._make(left.number + right.number, left, right)
        base, number = (left.base, left.number) if isinstance(left, Sum) else (left, 0)
        number = (number + right.number) & _MASK
        if not number:
            return base
        total = Sum(base, number, right.span)
        if base != IMAGE:
            self.observed.append(Adding(total))
        return total

    def subtract(self, operation: do.Subtract) -> None:
        left, right = self._value(operation.left), self._value(operation.right)
        if isinstance(right, Constant):
            if not isinstance(left, Constant):
                self.observed.append(Comparison(left, right))
            negative = Constant(-right.number & _MASK, right.span)
            self._set(operation.target, self._sum(left, negative))
            return
        if isinstance(left, Constant):
            self.observed.append(Difference(left, right))
        else:
            self.observed.append(Comparison(left, right))
        self._set(operation.target, Unknown())

    def combine(self, operation: do.Or) -> None:
        left, right = self._value(operation.left), self._value(operation.right)
        both = isinstance(left, Constant) and isinstance(right, Constant)
        if isinstance(left, Constant) and isinstance(right, Constant) and both:
            self._set(operation.target, self._make(left.number | right.number, left, right))
        else:
            self._set(operation.target, Unknown())

    def shift(self, operation: do.Shift) -> None:
        value, by = self._get(operation.source), operation.by
        result: Value
        if isinstance(value, Constant):
            number = value.number << by if by >= 0 else value.number >> -by
            result = self._make(number, value)
        elif by >= 0:
            result = Shifted(value, by)
        elif isinstance(value, Shifted) and value.by == -by:
            # To the left and back by as much: the lower bits, extended.
            result = value.base
        else:
            result = Unknown()
        self._set(operation.target, result)

    def load(self, operation: do.Load) -> None:
        value = self._spilled(operation)
        if value is None:
            value = self._loaded(*self._address(operation.base, operation.offset), operation.size)
        self._set(operation.target, value)

    def _spilled(self, load: do.Load) -> Value | None:
        """What was stored there, or its lower part; None where less was stored or nothing."""
        sizes = (size for size in _SLOT_SIZES if size >= load.size)
        slots = ((load.base, load.offset, size) for size in sizes)
        return next((self._slots[slot] for slot in slots if slot in self._slots), None)

    def _loaded(self, base: Value, offset: int, size: int) -> Value:
        constant = None
        if base == IMAGE:
            constant = self._read_only(offset, size)
        elif isinstance(base, Constant):
            # A pointer that the loader relocates: images are linked to lie at 0.
            constant = self._read_only(base.number + offset, size)
        return constant or Loaded(base, offset, size)

    def store(self, operation: do.Store) -> None:
        value = self._get(operation.source)
        if operation.base in self._processor.stack:
            self._overwrite(operation.base, operation.offset, operation.size)
            self._slots[operation.base, operation.offset, operation.size] = value
        base, offset = self._address(operation.base, operation.offset)
        self.observed.append(Storing(value, base, offset, operation.size))

    def overwrite(self, operation: do.Overwrite) -> None:
        self._overwrite(operation.base, operation.offset, operation.size)

    def _overwrite(self, base: int, start: int, size: int) -> None:
        """What lay in these bytes, or in some of them, is gone."""
        self._slots = {
            slot: value
            for slot, value in self._slots.items()
            if slot[0] != base or slot[1] >= start + size or slot[1] + slot[2] <= start
        }

    def _address(self, register: int, offset: int) -> tuple[Value, int]:
        base = self._get(register)
        if isinstance(base, Sum):
            return base.base, offset + do.signed(base.number, 64)
        return base, offset

    def compare(self, operation: do.Compare) -> None:
        left, right = self._value(operation.left), self._value(operation.right)
        self.observed.append(Comparison(left, right))

    def forget(self, operation: do.Forget) -> None:
        self._set(operation.target, Unknown())

    def call(self, _operation: do.Call) -> None:
        for register in self._processor.volatile:
            self._registers[register] = Unknown()
        self._slots = {
            key: slot for key, slot in self._slots.items() if key[:2] not in self._exposed
        }

    def branch(self, operation: do.Branch) -> None:
        self._leave_for(operation.target)

    def jump(self, operation: do.Jump) -> None:
        if operation.target is not None:
            self._leave_for(operation.target)
        self._reached = False

    def _leave_for(self, target: int) -> None:
        if target < self._span.end:
            return
        registers, slots = dict(self._registers), dict(self._slots)
        waiting = self._waiting.get(target)
        if waiting is not None:
            registers, slots = _agreed(registers, waiting[0]), _agreed(slots, waiting[1])
        self._waiting[target] = (registers, slots)


_HANDLERS: dict[type[Any], Callable[[_Follower, Any], None]] = {
    do.Put: _Follower.put,
    do.Insert: _Follower.insert,
    do.Point: _Follower.point,
    do.Literal: _Follower.literal,
    do.Copy: _Follower.copy,
    do.Add: _Follower.add,
    do.Subtract: _Follower.subtract,
    do.Or: _Follower.combine,
    do.Shift: _Follower.shift,
    do.Load: _Follower.load,
    do.Store: _Follower.store,
    do.Overwrite: _Follower.overwrite,
    do.Compare: _Follower.compare,
    do.Forget: _Follower.forget,
    do.Call: _Follower.call,
    do.Branch: _Follower.branch,
    do.Jump: _Follower.jump,
}
