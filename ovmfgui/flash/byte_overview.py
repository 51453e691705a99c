"""A whole content in a few hundred parts: how full each is, and how mixed."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.progress import silent

if TYPE_CHECKING:
    from ovmfgui.progress import Report

PARTS = 1024
"""At most; more than a screen has rows of pixels that can be told apart."""

_SAMPLE = 1024
"""Bytes of a part from which it is told how mixed it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts, all of one size but the last.

    Attributes:
        used: the share of bytes that are neither erased (0xFF) nor zero, 0 to 1.
        entropy: bits a byte of a sample out of its middle, 0 to 8: what is packed or encrypted is
            near 8, code near 6, text below 5.
    """

    used: float
    entropy: float


def overview(data: bytes, report: Report = silent, parts: int = PARTS) -> tuple[Part, ...]:
    """The parts of ``data``, ascending; no more than there are bytes. Slow, for a worker."""
    size = max(-(-len(data) // parts), 1)
    found = []
    for start in range(0, len(data), size):
        end = min(start + size, len(data))
        report(end, len(data), "looking over the bytes")
        blank = data.count(b"\xff", start, end) + data.count(b"\0", start, end)
        middle = (start + end) // 2
        sample = data[max(start, middle - _SAMPLE // 2) : min(end, middle + _SAMPLE // 2)]
        found.append(Part(1 - blank / (end - start), _entropy(sample)))
    return tuple(found)


def _entropy(sample: bytes) -> float:
    """Shannon's, in bits a byte."""
    counts = [sample.count(value) for value in set(sample)]
    shares = [count / len(sample) for count in counts]
    return max(0.0, -sum(share * log2(share) for share in shares))
