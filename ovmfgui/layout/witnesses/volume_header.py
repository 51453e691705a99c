"""What is observed of firmware volume headers, and of the regions of the volume, in code.

A volume header is known by its signature: code that compares the four bytes at 0x28 with "_FVH", or
puts it there, has a volume header in hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.structures import FV_SIGNATURE
from ovmfgui.layout.witnesses.code.values import (
    Adding,
    Comparison,
    Constant,
    Difference,
    Loaded,
    Storing,
    Sum,
    Total,
)
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.layout.witnesses.code.values import Observation, Value
    from ovmfgui.span import Span

# Offsets in EFI_FIRMWARE_VOLUME_HEADER with one block map entry (PI 3, section 3.2.1), and of Size
# in the VARIABLE_STORE_HEADER behind it.
_FV_LENGTH, _SIGNATURE, _HEADER_LENGTH, _HEADER_SIZE = 0x20, 0x28, 0x30, 0x48
_STORE_SIZE = _HEADER_SIZE + 0x10
# Comparisons of one value with something added: a driver makes three.
_MAX_STEPS = 64
_FVH = int.from_bytes(FV_SIGNATURE, "little")


class Header(NamedTuple):
    """Where code has a volume header: so far from where a value points to."""

    base: Value
    offset: int

    def less(self, distance: int) -> Header:
        """The header of which this is the field at a distance."""
        return Header(self.base, self.offset - distance)


class Reading(NamedTuple):
    """A number that code tells, and the bytes that tell it."""

    number: int
    span: Span


def _pairs(observed: Sequence[Observation]) -> Iterator[tuple[Value, Value]]:
    """What is compared, either way round."""
    for item in observed:
        if isinstance(item, Comparison):
            yield item.left, item.right
            yield item.right, item.left


def _stored(observed: Sequence[Observation]) -> Iterator[tuple[Header, Constant]]:
    """The constants that are stored, and where."""
    for item in observed:
        if isinstance(item, Storing) and isinstance(item.value, Constant):
            yield Header(item.base, item.offset), item.value


def headers(observed: Sequence[Observation]) -> set[Header]:
    """The volume headers that the code has in hand."""
    found: set[Header] = set()
    for left, right in _pairs(observed):
        if isinstance(left, Loaded) and isinstance(right, Constant) and right.number == _FVH:
            found.add(Header(left.base, left.offset).less(_SIGNATURE))
    for where, constant in _stored(observed):
        # The lower half where the signature and the attributes behind it are stored as one.
        if constant.number & 0xFFFFFFFF == _FVH:
            found.add(where.less(_SIGNATURE))
    return found


def _is_field(value: Value, of: set[Header], offset: int) -> bool:
    return isinstance(value, Loaded) and Header(value.base, value.offset).less(offset) in of


def fv_lengths(observed: Sequence[Observation], of: set[Header]) -> Iterator[Reading]:
    """What FvLength of a header is compared with, or set to."""
    for left, right in _pairs(observed):
        if isinstance(right, Constant) and _is_field(left, of, _FV_LENGTH):
            yield Reading(right.number, right.span)
    for where, constant in _stored(observed):
        if where.less(_FV_LENGTH) in of:
            yield Reading(constant.number, constant.span)


def variable_sizes(observed: Sequence[Observation], of: set[Header]) -> Iterator[Reading]:
    """What a store's Size is, HeaderLength added: the size of the variable region."""
    for item in observed:
        if isinstance(item, Difference) and _is_field(item.right, of, _HEADER_LENGTH):
            yield Reading(item.left.number, item.left.span)
    for where, constant in _stored(observed):
        if where.less(_STORE_SIZE) in of:
            yield Reading(constant.number + _HEADER_SIZE, constant.span)
    for left, right in _pairs(observed):
        parts = (left.left, left.right) if isinstance(left, Total) else ()
        if isinstance(right, Constant) and any(_is_field(p, of, _HEADER_LENGTH) for p in parts):
            yield Reading(right.number, right.span)


def working_sizes(observed: Sequence[Observation], variable_size: int) -> Iterator[Reading]:
    """The size of the working block where the driver demands that the regions adjoin.

    It compares variable base + variable size with the working base, and working base + working
    size with the spare base; that the middle one is the same value tells the two apart. A compiler
    may count the second from the variable base too, the first having been found equal.
    """
    by_base: dict[Value, list[tuple[Sum, Value]]] = {}
    for left, right in _pairs(observed):
        if isinstance(left, Sum) and not isinstance(right, Constant | Sum):
            steps = by_base.setdefault(left.base, [])
            if len(steps) < _MAX_STEPS:
                steps.append((left, right))
    for base, steps in by_base.items():
        for working in [right for left, right in steps if left.number == variable_size]:
            for second, spare in by_base.get(working, ()):
                if spare not in (working, base):
                    yield Reading(second.number, second.span)
            for second, spare in steps:
                if spare not in (working, base):
                    yield Reading(second.number - variable_size, second.span)


def spare_offsets(observed: Sequence[Observation], variable_size: int) -> Iterator[Reading]:
    """The spare area's offset where the bases are counted up from the flash bank's address.

    The platform library sets the working base to bank + variable size and then the spare base to
    bank + variable size + working size.
    """
    by_base: dict[Value, dict[int, Reading]] = {}
    for item in observed:
        if isinstance(item, Adding):
            total = item.total
            sums = by_base.setdefault(total.base, {})
            sums.setdefault(total.number, Reading(total.number, total.span))
    for sums in by_base.values():
        if variable_size in sums:
            yield from (sums[number] for number in sums if number != variable_size)
