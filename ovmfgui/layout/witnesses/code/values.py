"""Values as they are followed through code, and what is observed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from ovmfgui.span import Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A number and the bytes that tell it; two are equal where the numbers are."""

    number: int
    span: Span = field(compare=False)


class Unknown:
    """A value that is not followed further back; equal to itself alone.

    An object and no more, for which Python calls nothing: they are made by the ten thousand.
    """

    __slots__ = ()


# Where the image itself starts, wherever it is loaded.
IMAGE = Unknown()


@dataclass(frozen=True, slots=True)
class Loaded:
    """``size`` bytes of memory, ``offset`` from where ``base`` points to."""

    base: Value
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A value and a constant; ``span`` holds the constant that was added last."""

    base: Value
    number: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Total:
    """Two values added, neither of them constant."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Shifted:
    """A value shifted to the left by so many bits."""

    base: Value
    by: int


Value = Constant | Unknown | Loaded | Sum | Total | Shifted
_WHOLE = (Constant, Unknown)


def depth(value: Value) -> int:
    """How many values a value is made of, one inside the other."""
    count = 0
    while not isinstance(value, _WHOLE):
        count += 1
        value = value.left if isinstance(value, Total) else value.base
    return count


class Comparison(NamedTuple):
    """Two values compared, or one taken from the other."""

    left: Value
    right: Value


class Difference(NamedTuple):
    """A value taken from a constant."""

    left: Constant
    right: Value


class Storing(NamedTuple):
    """A value stored at ``offset`` from where ``base`` points to."""

    value: Value
    base: Value
    offset: int
    size: int


class Making(NamedTuple):
    """A constant made, whatever for."""

    constant: Constant


class Adding(NamedTuple):
    """A constant added to a value."""

    total: Sum


Observation = Comparison | Difference | Storing | Making | Adding
