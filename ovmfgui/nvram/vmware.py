"""The EFI variables in VMware's NVRAM file (.nvram).

No specification is public. The layout is that which others found in files of ESX 7 and Workstation
(virt-firmware, virt/firmware/varstore/vmware.py, among them); they agree, and none was seen here.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.nvram import timestamp
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.record import Attributes, decode_name
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE_MAGIC = b"MRVN"
_MAGIC = b"VMWNVRAM"
# The region's magic, a number, the region's length from its magic on.
_REGION = struct.Struct("<8sII")
# VendorGuid, Attributes, bytes of name and value, bytes of the name with its NUL.
_ENTRY = struct.Struct("<16sIII")
# What stands before the value of a time-based authenticated variable; its form is not known.
_AUTHENTICATION = 40


def is_vmware_nvram(data: bytes) -> bool:
    """Whether these bytes are such a file."""
    return data.startswith(_FILE_MAGIC) and _MAGIC in data


def from_vmware(data: bytes) -> tuple[Variable, ...]:
    """The variables in such a file; of several of one name the last counts.

    Raises:
        Refused: it is cut off, or not of the form that is known.
    """
    start = data.find(_MAGIC)
    if start < 0 or start + _REGION.size > len(data):
        msg = "VMware's NVRAM without EFI variables"
        raise Refused(msg)
    _magic, _number, length = _REGION.unpack_from(data, start)
    if not _REGION.size <= length <= len(data) - start:
        msg = f"VMware's NVRAM, cut off: its variables take {length:,} bytes from 0x{start:X} on"
        raise Refused(msg)
    found = {(v.guid, v.name): v for v in _entries(data[: start + length], start + _REGION.size)}
    return tuple(found.values())


def _entries(data: bytes, at: int) -> Iterator[Variable]:
    while at < len(data):
        sizes = data[at : at + _ENTRY.size]
        if len(sizes) < _ENTRY.size:
            raise _does_not_fit(at)
        guid, attributes, size, name_size = _ENTRY.unpack(sizes)
        start = at + _ENTRY.size
        if name_size < 2 or name_size > size or start + size > len(data):
            raise _does_not_fit(at)
        value = data[start + name_size : start + size]
        timed = bool(attributes & Attributes.AT)
        yield Variable(
            decode_name(data[start : start + name_size]),
            UUID(bytes_le=guid),
            attributes,
            value[_AUTHENTICATION:] if timed else value,
            timestamp.ZERO if timed else None,
        )
        at = start + size


def _does_not_fit(at: int) -> Refused:
    return Refused(f"VMware's NVRAM of an unknown form: the entry at 0x{at:X} does not fit")
