"""What encoded sections unpack to, within bounds."""

from __future__ import annotations

import lzma

from ovmfgui.dataclass import dataclass

# LzmaCustomDecompressLib: five bytes of properties, the unpacked size as UINT64.
_LZMA_HEADER_SIZE = 13


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a body; ``problem`` says in words why it is less than it should be."""

    data: bytes
    problem: str = ""


def unpack_lzma(body: bytes, limit: int, *, x86: bool = False) -> Unpacked:
    """Unpack an LZMA-alone stream as edk2's LzmaCompress makes it.

    Args:
        body: from the LZMA header on.
        limit: at most this many bytes are unpacked.
        x86: whether the x86 branch filter was applied before compression.
    """
    if len(body) < _LZMA_HEADER_SIZE:
        return Unpacked(b"", "the LZMA header is cut off")
    size = int.from_bytes(body[5:13], "little")
    if size > limit:
        return Unpacked(b"", f"it would unpack to {size:,} bytes, more than any real image holds")
    try:
        if x86:
            decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_x86_filters(body))
            data = decoder.decompress(body[_LZMA_HEADER_SIZE:], size)
        else:
            data = lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(body, size)
    except (lzma.LZMAError, ValueError) as error:
        return Unpacked(b"", f"the LZMA stream is damaged ({error})")
    if len(data) < size:
        return Unpacked(data, f"it ends after {len(data):,} of {size:,} bytes")
    return Unpacked(data)


def _x86_filters(body: bytes) -> list[dict[str, int]]:
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
            "dict_size": max(4096, min(int.from_bytes(body[1:5], "little"), 1 << 27)),
        },
    ]
