"""Standard input as a file: read once, however many look at it."""

from __future__ import annotations

import sys
from functools import cache

from ovmfgui.refusal import Refused

STANDARD_INPUT = "-"
_MOST = 128 << 20
"""Bytes; the largest flash image with room for a container's tables."""


@cache
def standard_input() -> bytes:
    """What stands on standard input.

    Raises:
        Refused: there is nothing, or too much.
    """
    if sys.stdin is None or sys.stdin.closed:
        msg = "standard input is closed; name a file"
        raise Refused(msg)
    try:
        data = sys.stdin.buffer.read(_MOST + 1)
    except (OSError, ValueError) as error:
        msg = f"standard input cannot be read: {error}"
        raise Refused(msg) from error
    if not data:
        msg = "standard input is empty"
        raise Refused(msg)
    if len(data) > _MOST:
        msg = f"standard input holds more than {_MOST:,} bytes"
        raise Refused(msg)
    return data
