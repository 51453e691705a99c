"""U-Boot's store of EFI variables, ubootefi.var.

Format: EBBR, chapter "File Format For Storing EFI Variables"; U-Boot include/efi_variable.h
(struct efi_var_file, struct efi_var_entry).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Annotated

from ovmfgui.nvram import timestamp
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused
from ovmfgui.structure import Bytes, Guid, Structure, UInt8, UInt32, UInt64

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"UbEfiVa"
_MAGIC_OFFSET = 8
_REVISION = 1
_ALIGNMENT = 8
# EFI_VARIABLE_READ_ONLY of U-Boot, which no other firmware has.
_READ_ONLY = 0x80000000


class EfiVarFile(Structure):
    """struct efi_var_file; length is of the whole in bytes, crc32 of the entries."""

    reserved: UInt64
    magic: Annotated[bytes, Bytes(7)]
    revision: UInt8
    length: UInt32
    crc32: UInt32


class EfiVarEntry(Structure):
    """struct efi_var_entry; time in seconds since 1970; name with NUL and data follow."""

    length: UInt32
    attr: UInt32
    time: UInt64
    guid: Guid


def is_uboot_store(data: bytes) -> bool:
    """Whether these bytes are such a file."""
    return data.startswith(_MAGIC, _MAGIC_OFFSET)


def from_uboot(data: bytes) -> tuple[Variable, ...]:
    """The variables in such a file.

    Raises:
        Refused: it is of another revision, cut off, or damaged.
    """
    header = EfiVarFile.read(data)
    if header is None:
        msg = "U-Boot's ubootefi.var, cut off inside its header"
        raise Refused(msg)
    if header.revision != _REVISION:
        msg = f"U-Boot's ubootefi.var of revision {header.revision}; {_REVISION} is what is known"
        raise Refused(msg)
    length = header.length
    if not EfiVarFile.sizeof() <= length <= len(data):
        msg = f"U-Boot's ubootefi.var, cut off: it says {length:,} bytes and has {len(data):,}"
        raise Refused(msg)
    if zlib.crc32(data[EfiVarFile.sizeof() : length]) != header.crc32:
        msg = "U-Boot's ubootefi.var, damaged: its checksum is wrong"
        raise Refused(msg)
    return tuple(_entries(data[:length]))


def _entries(data: bytes) -> Iterator[Variable]:
    at = EfiVarFile.sizeof()
    while at < len(data):
        entry = EfiVarEntry.read(data, at)
        name_at = at + EfiVarEntry.sizeof()
        name_end = _name_end(data, name_at)
        if entry is None or name_end is None or name_end + 2 + entry.length > len(data):
            msg = f"U-Boot's ubootefi.var, damaged: the entry at byte {at} does not fit"
            raise Refused(msg)
        start = name_end + 2
        end = start + entry.length
        yield Variable(
            data[name_at:name_end].decode("utf-16-le", "surrogatepass"),
            entry.guid,
            entry.attr & ~_READ_ONLY,
            data[start:end],
            _time(entry.time) if entry.attr & Attributes.AT else None,
        )
        at = -(-end // _ALIGNMENT) * _ALIGNMENT


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
