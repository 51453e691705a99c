"""What a form for a variable's value is: its parts, and the way from bytes to them and back."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

YES, NO = "yes", "no"
"""What a switch's part holds."""


class Sort(Enum):
    """How a part is given."""

    TEXT = "one line"
    LINES = "several lines"
    SWITCH = "yes or no"
    CHOICE = "one of several"
    SIGNATURES = "signatures, a line each"


class Part(NamedTuple):
    """One thing that a form asks for.

    Attributes:
        key: what it is called on the command line.
        label: what it is called in a window.
        sort: how it is given.
        tip: what may stand in it, or what it does.
        choices: those that are offered; other text may be typed where ``open`` is.
        open: whether a choice takes other text too.
        exact: best shown in a font of fixed width.
    """

    key: str
    label: str
    sort: Sort = Sort.TEXT
    tip: str = ""
    choices: tuple[str, ...] = ()
    open: bool = False
    exact: bool = False


class Form(NamedTuple):
    """A value as parts that a person fills in; all of them are text.

    Attributes:
        parts: in the order in which they are asked for.
        read: a value's parts by key; may raise ``Undecodable``.
        write: the value of such parts; raises ``Mistake``.
    """

    parts: tuple[Part, ...]
    read: Callable[[bytes], dict[str, str]]
    write: Callable[[Mapping[str, str]], bytes]


class Mistake(Refused):
    """A part of a form that makes no sense; ``part`` is its key."""

    def __init__(self, part: str, text: str) -> None:
        super().__init__(text)
        self.part = part


def filled(form: Form, data: bytes) -> dict[str, str]:
    """The parts of a value, which ``form.write`` makes the same bytes of.

    Raises:
        Undecodable: it is not what its name promises, or would come back as other bytes.
    """
    try:
        parts = form.read(data)
        back = form.write(parts)
    except Refused as refusal:
        raise Undecodable(str(refusal)) from refusal
    if back != data:
        raise Undecodable("it holds something that the form has no place for")
    return parts


def changed(form: Form, data: bytes, wanted: Mapping[str, str]) -> bytes:
    """A value with some of its parts others.

    Raises:
        Refused: there is no such part, one makes no sense, or the value suits the form not.
    """
    for key in wanted:
        if key not in {part.key for part in form.parts}:
            known = ", ".join(part.key for part in form.parts)
            msg = f"there is no field {key!r}; there are {known}"
            raise Refused(msg)
    try:
        return form.write(filled(form, data) | dict(wanted))
    except Undecodable as reason:
        msg = f"this value cannot be changed by its fields: {reason.why}; give it as hex"
        raise Refused(msg) from reason


def number_of(parts: Mapping[str, str], key: str, size: int) -> int:
    """The number of ``size`` bytes in a part, in decimal or with 0x in hex."""
    text = parts[key].strip()
    try:
        number = int(text, 0)
    except ValueError:
        raise Mistake(
            key, f"“{text}” is no number; give it in decimal, or in hex with 0x."
        ) from None
    most = (1 << 8 * size) - 1
    if not 0 <= number <= most:
        raise Mistake(key, f"{number} does not fit: the numbers go from 0 to {most}.")
    return number


def switched(parts: Mapping[str, str], key: str) -> bool:
    """Whether a switch is on."""
    text = parts[key].strip().lower()
    if text not in (YES, NO):
        raise Mistake(key, f"“{text}” is neither {YES} nor {NO}.")
    return text == YES


def switch(on: object) -> str:
    """What a switch's part holds."""
    return YES if on else NO
