"""The one exception that a person gets to see, and the wall that keeps all others back."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

RAISED = (
    OSError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,  # RecursionError, and a loop of links in pathlib
    MemoryError,
    struct.error,
    SyntaxError,  # xml.etree's ParseError
)
"""What libraries raise at input that they cannot take."""


class Refused(Exception):
    """What was asked for cannot be done; nothing has been changed.

    The message is one line for a person: what, where, and what to do about it. Commands print it
    on stderr and exit with status 2; the window shows it as it is. Damaged *bytes* are never a
    refusal: parsers report them as findings.
    """


@contextmanager
def wall(path: object) -> Iterator[None]:
    """Around a reader's outermost function: what libraries raise at a file becomes a refusal.

    Args:
        path: of the file, for the message.

    Raises:
        Refused: in one line, what was wrong.
    """
    try:
        yield
    except RAISED as error:
        msg = f"{path} cannot be used: {_reason(error)}"
        raise Refused(msg) from error


def _reason(error: Exception) -> str:
    match error:
        case RecursionError():
            return "it is nested too deeply"
        case MemoryError():
            return "it needs more memory than there is"
        case OSError(strerror=str(words)):
            return words
    return f"{error}" or type(error).__name__
