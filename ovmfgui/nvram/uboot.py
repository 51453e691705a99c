"""U-Boot's store of EFI variables, ubootefi.var.

Format: EBBR, chapter "File Format For Storing EFI Variables"; U-Boot include/efi_variable.h
(struct efi_var_file, struct efi_var_entry).
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.nvram import timestamp
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"UbEfiVa"
_MAGIC_OFFSET = 8
_REVISION = 1
# Reserved, Magic, Revision, Length (of the whole), Crc32 (of the entries).
_HEADER = struct.Struct("<8x7sBII")
# DataSize, Attributes, TimeStamp (seconds since 1970), VendorGuid; name with NUL and data follow.
_ENTRY = struct.Struct("<IIQ16s")
_ALIGNMENT = 8
# EFI_VARIABLE_READ_ONLY of U-Boot, which no other firmware has.
_READ_ONLY = 0x80000000


def is_uboot_store(data: bytes) -> bool:
    """Whether these bytes are such a file."""
    return data.startswith(_MAGIC, _MAGIC_OFFSET)


def from_uboot(data: bytes) -> tuple[Variable, ...]:
    """The variables in such a file.

    Raises:
        Refused: it is of another revision, cut off, or damaged.
    """
    if len(data) < _HEADER.size:
        msg = "U-Boot's ubootefi.var, cut off inside its header"
        raise Refused(msg)
    _magic, revision, length, crc = _HEADER.unpack_from(data)
    if revision != _REVISION:
        msg = f"U-Boot's ubootefi.var of revision {revision}; {_REVISION} is what is known"
        raise Refused(msg)
    if not _HEADER.size <= length <= len(data):
        msg = f"U-Boot's ubootefi.var, cut off: it says {length:,} bytes and has {len(data):,}"
        raise Refused(msg)
    if zlib.crc32(data[_HEADER.size : length]) != crc:
        msg = "U-Boot's ubootefi.var, damaged: its checksum is wrong"
        raise Refused(msg)
    return tuple(_entries(data[:length]))


def _entries(data: bytes) -> Iterator[Variable]:
    at = _HEADER.size
    while at < len(data):
        name_at = at + _ENTRY.size
        name_end = _name_end(data, name_at)
        if name_end is None:
            msg = f"U-Boot's ubootefi.var, damaged: the entry at byte {at} does not fit"
            raise Refused(msg)
        size, attributes, seconds, guid = _ENTRY.unpack_from(data, at)
        start = name_end + 2
        if start + size > len(data):
            msg = f"U-Boot's ubootefi.var, damaged: the entry at byte {at} does not fit"
            raise Refused(msg)
        timed = attributes & Attributes.AT
        yield Variable(
            data[name_at:name_end].decode("utf-16-le", "surrogatepass"),
            UUID(bytes_le=guid),
            attributes & ~_READ_ONLY,
            data[start : start + size],
            _time(seconds) if timed else None,
        )
        at = -(-(start + size) // _ALIGNMENT) * _ALIGNMENT


def _name_end(data: bytes, start: int) -> int | None:
    """Where the name's NUL stands; None where none does."""
    return next((at for at in range(start, len(data) - 1, 2) if data[at : at + 2] == b"\0\0"), None)


def _time(seconds: int) -> bytes:
    from datetime import UTC, datetime

    if not seconds:
        return timestamp.ZERO
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return timestamp.ZERO
    return timestamp.from_text(moment.strftime("%Y-%m-%dT%H:%M:%S"))
