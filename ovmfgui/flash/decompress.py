"""What encoded sections unpack to, within bounds."""

from __future__ import annotations

import lzma
import os
from collections import deque
from functools import partial
from io import BytesIO

from ovmfgui.ahead import Ahead
from ovmfgui.budgets import MOST_UNPACKED
from ovmfgui.dataclass import dataclass
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.system import read_at

# LzmaCustomDecompressLib: five bytes of properties, the unpacked size as UINT64.
_LZMA_HEADER_SIZE = 13
# gLzmaCustomDecompressGuid (MdeModulePkg.dec), as it stands in EFI_GUID_DEFINED_SECTION.
_LZMA_GUID = bytes.fromhex("98584eee143959429d6edc7bd79403cf")
_GUID_DEFINED = 0x02
_EXTENDED = 0xFFFFFF
# The first section of this kind begins behind the variable store at the latest. So much is looked
# through at once, and so much of the next again, for what lies across.
_SEARCHED, _SEARCHED_AT_ONCE, _ACROSS = 1 << 20, 64 << 10, 256
# Bytes that are unpacked at once, and bytes that the decoder is given at once. What it returns of
# them lies in memory that was there for the one before: fresh pages for 14 MiB, twice, take a
# fifth of the time of unpacking them.
_PIECE, _FED = 256 << 10, 64 << 10


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a body.

    Attributes:
        data: bytes that are good.
        problem: in words why they are less than they should be; empty where they are not.
        made: bytes that were unpacked, those that are not kept too: what it cost.
        symbols: codes that were read, where that is done here.
    """

    data: bytes
    problem: str = ""
    made: int = 0
    symbols: int = 0

    def fits(self, limit: int) -> bool:
        """Whether it is all that came out, and no longer than ``limit``."""
        return not self.problem and len(self.data) <= limit


class _Known(NamedTuple):
    """A body that was unpacked, or is being unpacked in a thread."""

    body: bytes
    x86: bool
    unpacked: Unpacked | Ahead[Unpacked]

    def result(self) -> Unpacked:
        return self.unpacked if isinstance(self.unpacked, Unpacked) else self.unpacked.result()


# The last ones: what is compared has much in common, and is not unpacked twice.
_known: deque[_Known] = deque(maxlen=2)


def unpack_lzma(data: bytes, span: Span, limit: int, *, x86: bool = False) -> Unpacked:
    """Unpack an LZMA-alone stream as edk2's LzmaCompress makes it.

    Args:
        data: bytes that hold it.
        span: where in them it lies, from the LZMA header on.
        limit: at most this many bytes are unpacked.
        x86: whether the x86 branch filter was applied before compression.
    """
    for each in _known:
        # Compared where it lies: a copy of it takes fresh pages.
        there = len(each.body) == span.size and data.startswith(each.body, span.start)
        if there and each.x86 == x86 and (known := each.result()).fits(limit):
            return known
    body = span.of(data)
    unpacked = _unpack_lzma(body, limit, x86=x86)
    if not unpacked.problem:
        _known.append(_Known(body, x86, unpacked))
    return unpacked


def _unpack_lzma(body: bytes, limit: int, *, x86: bool) -> Unpacked:
    if len(body) < _LZMA_HEADER_SIZE:
        return Unpacked(b"", "the LZMA header is cut off")
    size = int.from_bytes(body[5:13], "little")
    if size > limit:
        return Unpacked(b"", f"it would unpack to {size:,} bytes, {too_many(limit)}")
    unpacked = BytesIO()
    made = 0
    try:
        decoder, piece = _decoder(body, size, x86=x86)
        fed, packed = _LZMA_HEADER_SIZE, memoryview(body)
        while made < size and not decoder.eof:
            if decoder.needs_input:
                piece += packed[fed : fed + _FED]
                fed += _FED
            part = decoder.decompress(piece, min(size - made, _PIECE))
            made += unpacked.write(part)
            if not part and not piece:
                break
            piece = b""
    except (lzma.LZMAError, ValueError) as error:
        # The piece that failed was worked for too.
        return Unpacked(b"", f"the LZMA stream is damaged ({error})", min(made + _PIECE, size))
    data = unpacked.getvalue()
    if made < size:
        return Unpacked(data, f"it ends after {made:,} of {size:,} bytes", made)
    return Unpacked(data, made=made)


def too_many(limit: int) -> str:
    """Why more than ``limit`` bytes are not unpacked."""
    if limit < MOST_UNPACKED:
        return f"more than the {limit:,} that are left of {MOST_UNPACKED:,} for an image"
    return "more than any real image holds"


def _decoder(body: bytes, size: int, *, x86: bool) -> tuple[lzma.LZMADecompressor, bytes]:
    """What unpacks ``body``, and what it is given in the place of the header."""
    if x86:
        raw = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_x86_filters(body, size))
        return raw, b""
    alone = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    dictionary = _dictionary(body, size).to_bytes(4, "little")
    return alone, body[:1] + dictionary + body[5:_LZMA_HEADER_SIZE]


def _dictionary(body: bytes, size: int) -> int:
    """Bytes of history that the decoder keeps: never more than it unpacks, whatever is claimed."""
    return max(4096, min(int.from_bytes(body[1:5], "little"), size))


def _x86_filters(body: bytes, size: int) -> list[dict[str, int]]:
    properties = body[0]
    if properties >= 9 * 5 * 5:
        msg = "impossible LZMA properties"
        raise ValueError(msg)
    return [
        {"id": lzma.FILTER_X86},
        {
            "id": lzma.FILTER_LZMA1,
            "lc": properties % 9,
            "lp": properties // 9 % 5,
            "pb": properties // 45,
            "dict_size": _dictionary(body, size),
        },
    ]


def begin_unpacking(*paths: str) -> None:
    """Unpack the first LZMA section of each file in a thread, for ``unpack_lzma`` to be quick.

    For the time in which the rest of the program is loaded. Looks at plain files only, and says
    nothing where there is no such section: whoever reads the file will.
    """
    for path in paths:
        try:
            # Asked first: to open a pipe and leave it would end whoever writes to it.
            if not os.path.isfile(path):  # noqa: PTH113 (Path takes longer to load than all of this)
                continue
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                body = _first_lzma_body(file.fileno())
        except (OSError, ValueError):
            continue
        if body and not any(body == each.body for each in _known):
            work = partial(_unpack_lzma, body, MOST_UNPACKED, x86=False)
            _known.append(_Known(body, False, Ahead(work)))


def _first_lzma_body(descriptor: int) -> bytes:
    for first in range(0, _SEARCHED, _SEARCHED_AT_ONCE):
        head = read_at(descriptor, _SEARCHED_AT_ONCE + _ACROSS, first)
        if (found := _lzma_body_in(head)) is not None:
            return read_at(descriptor, found.size, first + found.start)
        if len(head) <= _SEARCHED_AT_ONCE:
            break
    return b""


def _lzma_body_in(head: bytes) -> Span | None:
    """Where the first LZMA body lies of which ``head`` has the section's header; it goes on."""
    at = 0
    # Code that looks for such sections holds the GUID too, among other constants.
    while (at := head.find(_LZMA_GUID, at + 8)) >= 0:
        start = at - 4
        size = int.from_bytes(head[start : start + 3], "little")
        if head[at - 1] != _GUID_DEFINED or size == _EXTENDED:
            start, size = at - 8, int.from_bytes(head[at - 4 : at], "little")
        offset = int.from_bytes(head[at + 16 : at + 18], "little")
        body = start + offset
        packed = size - offset
        unpacked = int.from_bytes(head[body + 5 : body + 13], "little")
        if at + 20 - start <= offset < size and packed <= unpacked <= MOST_UNPACKED:
            return Span(body, packed)
    return None
