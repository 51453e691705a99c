"""The sums that the PI specification protects headers and files with."""

from __future__ import annotations

import struct

_LANES = 1 << 16
_MASK = int.from_bytes(b"\xff\x00\x00\x00" * (_LANES // 4), "little")


def sum8(data: bytes) -> int:
    """The sum of all bytes, modulo 256.

    Adds 32-bit lanes with big-number arithmetic, several times as fast as a sum over the bytes.
    """
    total = 0
    for start in range(0, len(data), _LANES):
        number = int.from_bytes(data[start : start + _LANES], "little")
        for _lane in range(4):
            # A modulus of 2^32 - 1 adds up the lanes: 2^32 leaves the remainder 1.
            total += (number & _MASK) % 0xFFFFFFFF
            number >>= 8
    return total & 0xFF


def sum16(data: bytes) -> int:
    """The sum of all 16-bit little-endian words modulo 0x10000; an odd last byte is left out."""
    words: tuple[int, ...] = struct.unpack_from(f"<{len(data) // 2}H", data)
    return sum(words) & 0xFFFF
