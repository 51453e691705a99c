"""xz files, whole: every stream of them, or a reason why not."""

from __future__ import annotations

from ovmfgui.flash.recordings import HEAD, refuse_recording
from ovmfgui.refusal import Refused

XZ_MAGIC = b"\xfd7zXZ\0"
_MEMORY = 256 << 20
"""Bytes that a decoder may use; xz -9 needs 65 MiB."""
_MOST_STREAMS = 1024


def unpack_xz(path: str, stored: bytes, limit: int, what: str = "no flash chip is larger") -> bytes:
    """The contents of all streams of an xz file, one behind the other, as xz itself gives them.

    Args:
        path: for messages.
        stored: the file's bytes.
        limit: bytes of contents at most.
        what: said of contents that are larger.

    Raises:
        Refused: damaged, too large, cut short, or followed by bytes that are none of it.
    """
    import lzma

    parts: list[bytes] = []
    size, rest = 0, stored
    for _ in range(_MOST_STREAMS):
        decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        try:
            part = decoder.decompress(rest, limit + 1 - size)
        except lzma.LZMAError as error:
            msg = f"{path} is a damaged xz file: {error}"
            raise Refused(msg) from error
        parts.append(part)
        size += len(part)
        if size > limit:
            refuse_recording(path, parts[0][:HEAD])
            msg = f"{path} unpacks to more than {limit:,} bytes; {what}"
            raise Refused(msg)
        if not decoder.eof:
            msg = f"{path} is an xz file that ends too early"
            raise Refused(msg)
        rest = _behind_padding(decoder.unused_data)
        if not rest:
            break
        if not rest.startswith(XZ_MAGIC):
            at = len(stored) - len(rest)
            msg = (
                f"{path} has {len(rest):,} bytes behind its xz stream (from 0x{at:X}) that are "
                f"none of it; unpack what is wanted: head -c {at} {path} | xz -dc > NEW.fd"
            )
            raise Refused(msg)
    if not size:
        msg = f"{path} is empty once unpacked"
        raise Refused(msg)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _behind_padding(data: bytes) -> bytes:
    """What follows stream padding: zeros, a multiple of four (the .xz format, section 2.2)."""
    behind = data.lstrip(b"\0")
    padding = len(data) - len(behind)
    return behind if padding % 4 == 0 or not behind else data
