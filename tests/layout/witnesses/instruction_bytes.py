"""Hand-assembled code, and following it."""

import struct

from ovmfgui.layout.witnesses.code.follower import observe
from ovmfgui.span import Span


def words(*values: int) -> bytes:
    """Instructions of four bytes."""
    return struct.pack(f"<{len(values)}I", *values)


def halves(*values: int) -> bytes:
    """Instructions of two bytes, and the halves of longer ones."""
    return struct.pack(f"<{len(values)}H", *values)


def follow(processor, code: bytes):
    """What is observed in an image that is nothing but code."""
    return observe(processor, code, [Span(0, len(code))])
