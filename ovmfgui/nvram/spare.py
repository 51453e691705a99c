"""Where a copy of the variable region lies outside its place: in the FTW spare area."""

from __future__ import annotations

from ovmfgui.flash.structures import FV_SIGNATURE, FV_SIGNATURE_OFFSET, NV_DATA
from ovmfgui.named_tuple import NamedTuple

_FILE_SYSTEM_OFFSET = 0x10
_LENGTH_OFFSET = 0x20
# Firmware copies whole blocks; no real block is smaller.
_STEP = 0x1000
# A length that makes no sense must not make memory be filled: no known volume is longer.
_LONGEST = 0x100000


class Copy(NamedTuple):
    """An NvData volume header and what follows it.

    Attributes:
        start: its offset in the file.
        data: the volume as far as it was copied, erased flash behind that.
    """

    start: int
    data: bytes


def find_copy(data: bytes, first: int, end: int) -> Copy | None:
    """The first NvData volume header on a block boundary from ``first`` on.

    The header tells the length of the whole volume, of which the variable region alone was copied.
    """
    signature = NV_DATA.bytes_le
    end = min(end, len(data))
    for start in range(-(-first // _STEP) * _STEP, end, _STEP):
        at = start + FV_SIGNATURE_OFFSET
        if data[at : at + 4] != FV_SIGNATURE:
            continue
        if data.startswith(signature, start + _FILE_SYSTEM_OFFSET):
            at = start + _LENGTH_OFFSET
            length = int.from_bytes(data[at : at + 8], "little")
            return Copy(start, data[start:end].ljust(min(length, _LONGEST), b"\xff"))
    return None
