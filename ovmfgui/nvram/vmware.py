"""The EFI variables in VMware's NVRAM file (.nvram).

No specification is public. The layout is that which others found in files of ESX 7 and Workstation
(virt-firmware, virt/firmware/varstore/vmware.py, among them); they agree, and none was seen here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ovmfgui.nvram import timestamp
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.record import Attributes, decode_name
from ovmfgui.refusal import Refused
from ovmfgui.structure import Bytes, Guid, Structure, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE_MAGIC = b"MRVN"
_MAGIC = b"VMWNVRAM"
# What stands before the value of a time-based authenticated variable; its form is not known.
_AUTHENTICATION = 40


class NvramRegion(Structure):
    """What the region of the EFI variables begins with; Length counts from here, in bytes."""

    Magic: Annotated[bytes, Bytes(8)]
    Number: UInt32
    Length: UInt32


class NvramEntry(Structure):
    """A variable; Size is of name and value, NameSize of the name with its NUL, in bytes."""

    VendorGuid: Guid
    Attributes: UInt32
    Size: UInt32
    NameSize: UInt32


def is_vmware_nvram(data: bytes) -> bool:
    """Whether these bytes are such a file."""
    return data.startswith(_FILE_MAGIC) and _MAGIC in data


def from_vmware(data: bytes) -> tuple[Variable, ...]:
    """The variables in such a file; of several of one name the last counts.

    Raises:
        Refused: it is cut off, or not of the form that is known.
    """
    start = data.find(_MAGIC)
    region = None if start < 0 else NvramRegion.read(data, start)
    if region is None:
        msg = "VMware's NVRAM without EFI variables"
        raise Refused(msg)
    length, first = region.Length, NvramRegion.sizeof()
    if not first <= length <= len(data) - start:
        msg = f"VMware's NVRAM, cut off: its variables take {length:,} bytes from 0x{start:X} on"
        raise Refused(msg)
    found = {(v.guid, v.name): v for v in _entries(data[: start + length], start + first)}
    return tuple(found.values())


def _entries(data: bytes, at: int) -> Iterator[Variable]:
    while at < len(data):
        entry = NvramEntry.read(data, at)
        start = at + NvramEntry.sizeof()
        if entry is None or not 2 <= entry.NameSize <= entry.Size <= len(data) - start:
            raise _does_not_fit(at)
        behind_name, end = start + entry.NameSize, start + entry.Size
        value = data[behind_name:end]
        timed = bool(entry.Attributes & Attributes.AT)
        yield Variable(
            decode_name(data[start:behind_name]),
            entry.VendorGuid,
            entry.Attributes,
            value[_AUTHENTICATION:] if timed else value,
            timestamp.ZERO if timed else None,
        )
        at = end


def _does_not_fit(at: int) -> Refused:
    return Refused(f"VMware's NVRAM of an unknown form: the entry at 0x{at:X} does not fit")
