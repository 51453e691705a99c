"""Standard input as a file: read once, however many look at it."""

from __future__ import annotations

import sys
from functools import cache

from ovmfgui.budgets import MOST_INPUT
from ovmfgui.refusal import Refused

STANDARD_INPUT = "-"


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
        data = sys.stdin.buffer.read(MOST_INPUT + 1)
    except (OSError, ValueError) as error:
        msg = f"standard input cannot be read: {error}"
        raise Refused(msg) from error
    if not data:
        msg = "standard input is empty"
        raise Refused(msg)
    if len(data) > MOST_INPUT:
        msg = f"standard input holds more than {MOST_INPUT:,} bytes"
        raise Refused(msg)
    return data
