"""Telling erased, zero and used bytes apart."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.span import Span

_CHUNK = 1 << 16
_FILLED = (b"\xff" * _CHUNK, b"\0" * _CHUNK)
_STRIDE = 1 << 20


@cache
def _far_filled() -> tuple[bytes, bytes]:
    """What is behind a chunk that is filled, in most cases: a megabyte more of the same."""
    return b"\xff" * _STRIDE, b"\0" * _STRIDE


def fill_of(data: bytes, span: Span) -> int | None:
    """The byte that ``span`` of ``data`` consists of; None where it is mixed or empty."""
    if not span.size or span.start >= len(data):
        return None
    value = data[span.start]
    end = min(span.end, len(data))
    chunk = bytes([value]) * min(_CHUNK, span.size)
    for start in range(span.start, end, _CHUNK):
        # startswith compares in place; a slice would be copied, a memoryview is compared bytewise.
        if not data.startswith(chunk[: end - start], start):
            return None
    return value


def end_of_content(data: bytes, span: Span, fill: int) -> int:
    """Offset behind the last byte of ``span`` that is not ``fill``; its start where all are."""
    chunk = bytes([fill]) * _CHUNK
    end = min(span.end, len(data))
    while end > span.start:
        start = max(span.start, end - _CHUNK)
        if not data.startswith(chunk[: end - start], start):
            return start + len(data[start:end].rstrip(chunk[:1]))
        end = start
    return span.start


def start_of_tail(data: bytes, span: Span) -> int:
    """Where the run of 0x00 or 0xFF begins that ends ``span``; its end where there is none.

    Found once, from behind: of the 64 MiB of an image for ARM two are content.
    """
    end = min(span.end, len(data))
    if end <= span.start or data[end - 1] not in (0x00, 0xFF):
        return span.end
    return end_of_content(data, span, data[end - 1])


def find_beside_fills(data: bytes, wanted: bytes, start: int, end: int) -> int:
    """Where ``wanted``, which is no run of one byte, stands next; -1 where it does not.

    Passes over erased and zero stretches a chunk at a time: a search through the tens of megabytes
    with which ARM's images are filled up takes longer than everything else.
    """
    while start < end:
        if data.startswith(_FILLED, start) and start + _CHUNK <= end:
            start += _CHUNK
            while data.startswith(_far_filled(), start) and start + _STRIDE <= end:
                start += _STRIDE
            continue
        found = data.find(wanted, start, min(start + _CHUNK + len(wanted) - 1, end))
        if found >= 0:
            return found
        start += _CHUNK
    return -1


def describe_fill(value: int | None) -> str:
    """What a run of one byte is called."""
    match value:
        case 0xFF:
            return "erased (0xFF)"
        case 0x00:
            return "zero (0x00)"
        case None:
            return "mixed bytes"
        case _:
            return f"filled with 0x{value:02X}"
