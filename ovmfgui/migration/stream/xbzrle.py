"""XBZRLE: a page as the difference to the copy of it that was sent before."""

from __future__ import annotations

from ovmfgui.refusal import Refused

ENCODING = 0x01
"""ENCODING_FLAG_XBZRLE (migration/ram.c), the only encoding there is."""


def applied(page: bytes, difference: bytes) -> bytes:
    """The page with a difference applied to it.

    The difference is pairs of runs: how many bytes stay, how many are new, and the new ones
    (docs/devel/migration, "XBZRLE"; xbzrle_decode_buffer in migration/xbzrle.c). A run's length is
    a ULEB128 of one or two bytes.

    Raises:
        Refused: the difference is damaged.
    """
    result = bytearray(page)
    at = place = 0
    while at < len(difference):
        same, at = _length(difference, at)
        new, at = _length(difference, at)
        place += same
        if not new or place + new > len(result) or at + new > len(difference):
            raise _damaged()
        result[place : place + new] = difference[at : at + new]
        at, place = at + new, place + new
    return bytes(result)


def _length(difference: bytes, at: int) -> tuple[int, int]:
    """A run's length, and where it ends."""
    low = difference[at] if at < len(difference) else 0x80
    if low < 0x80:
        return low, at + 1
    high = difference[at + 1] if at + 1 < len(difference) else 0x80
    if high >= 0x80:
        raise _damaged()
    return low & 0x7F | high << 7, at + 2


def _damaged() -> Refused:
    return Refused("it is damaged: a page's difference (XBZRLE) does not fit the page")
