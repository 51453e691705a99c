"""An empty NvData volume, exactly as a firmware build makes it (OvmfPkg VarStore.fdf.inc)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ovmfgui.flash.checksum import sum16
from ovmfgui.flash.structures import (
    FV_SIGNATURE,
    NV_DATA,
    BlockMapEntry,
    FirmwareVolumeHeader,
)
from ovmfgui.nvram.ftw import working_block_header
from ovmfgui.nvram.structures import (
    AUTHENTICATED,
    STORE_FORMATTED,
    STORE_HEALTHY,
    VariableStoreHeader,
)
from ovmfgui.nvram.volume import REVISION

if TYPE_CHECKING:
    from uuid import UUID

# The attributes that OvmfPkg and ArmVirtPkg give the volume in their VarStore.fdf.inc: every
# read, write and lock capability and status, erase polarity 1, alignment 16.
_ATTRIBUTES = 0x0004FEFF


def volume_header(fv_length: int, block_size: int, attributes: int = _ATTRIBUTES) -> bytes:
    """EFI_FIRMWARE_VOLUME_HEADER with a map of equal blocks and a right checksum, 0x48 bytes.

    ``attributes`` are those that a firmware build gives it where nothing else is said.
    """
    block_map = (
        BlockMapEntry(NumBlocks=fv_length // block_size, Length=block_size).to_bytes()
        + BlockMapEntry(NumBlocks=0, Length=0).to_bytes()
    )
    header = partial(
        FirmwareVolumeHeader,
        ZeroVector=bytes(16),
        FileSystemGuid=NV_DATA,
        FvLength=fv_length,
        Signature=FV_SIGNATURE,
        Attributes=attributes,
        HeaderLength=FirmwareVolumeHeader.sizeof() + len(block_map),
        ExtHeaderOffset=0,
        Reserved=0,
        Revision=REVISION,
    )
    unsummed = header(Checksum=0).to_bytes() + block_map
    return header(Checksum=-sum16(unsummed) & 0xFFFF).to_bytes() + block_map


def store_header(size: int, guid: UUID = AUTHENTICATED) -> bytes:
    """VARIABLE_STORE_HEADER of a healthy store of ``size`` bytes, itself included."""
    return VariableStoreHeader(
        Signature=guid,
        Size=size,
        Format=STORE_FORMATTED,
        State=STORE_HEALTHY,
        Reserved=0,
        Reserved1=0,
    ).to_bytes()


def pristine_volume(
    *,
    fv_length: int,
    block_size: int,
    variable_size: int,
    ftw_working_offset: int,
    ftw_working_size: int,
    ftw_spare_offset: int,
    store_guid: UUID = AUTHENTICATED,
) -> bytes:
    """The bytes of an empty store.

    All sizes are in bytes, all offsets in bytes from the volume's start; ``variable_size`` is that
    of the variable region, volume header included. What lies between the parts is erased flash.

    Raises:
        ValueError: if the parts do not lie one behind the other inside the volume.
    """
    volume = volume_header(fv_length, block_size)
    ends = (len(volume), variable_size, ftw_working_offset, ftw_working_offset + ftw_working_size)
    if sorted((*ends, ftw_spare_offset, fv_length)) != [*ends, ftw_spare_offset, fv_length]:
        msg = "the parts of the volume overlap or lie outside it"
        raise ValueError(msg)
    head = volume + store_header(variable_size - len(volume), store_guid)
    return b"".join(
        (
            head,
            b"\xff" * (ftw_working_offset - len(head)),
            working_block_header(ftw_working_size).ljust(ftw_working_size, b"\xff"),
            b"\xff" * (fv_length - ftw_working_offset - ftw_working_size),
        )
    )
