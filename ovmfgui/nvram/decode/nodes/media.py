"""Media nodes (UEFI specification, section 10.3.5)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ucs2_text, upper, with_data
from ovmfgui.structure import Bytes, Guid, Structure, UInt8, UInt16, UInt32, UInt64

_MBR, _GPT = 1, 2
# RAM disk types (UEFI specification, section 10.3.5.9).
RAM_DISKS = {
    UUID("77ab535a-45fc-624b-5560-f7b281d1f96e"): "VirtualDisk",
    UUID("3d5abd30-4175-87ce-6d64-d2ade523c4bb"): "VirtualCD",
    UUID("5cea02c9-4d07-69d3-269f-4496fbe096f9"): "PersistentVirtualDisk",
    UUID("08018188-42cd-bb48-100f-5387d53ded3d"): "PersistentVirtualCD",
}


class _HardDrive(Structure):
    PartitionNumber: UInt32
    PartitionStart: UInt64
    PartitionSize: UInt64
    PartitionSignature: Annotated[bytes, Bytes(16)]
    PartitionFormat: UInt8
    SignatureType: UInt8


class _CdRom(Structure):
    BootEntry: UInt32
    PartitionStart: UInt64
    PartitionSize: UInt64


class _VendorMedia(Structure):
    Guid: Guid


class _MediaProtocol(Structure):
    ProtocolGuid: Guid


class _FirmwareFile(Structure):
    FvFileName: Guid


class _FirmwareVolume(Structure):
    FvName: Guid


class _OffsetRange(Structure):
    Reserved: UInt32
    StartingOffset: UInt64
    EndingOffset: UInt64


class _RamDisk(Structure):
    StartingAddress: UInt64
    EndingAddress: UInt64
    TypeGuid: Guid
    Instance: UInt16


def _hard_drive(node: _HardDrive, _rest: bytes) -> str:
    number, kind, raw = (
        node.PartitionNumber,
        node.SignatureType,
        node.PartitionSignature,
    )
    if kind == _MBR:
        identity = f"MBR,0x{int.from_bytes(raw[:4], 'little'):08X}"
    elif kind == _GPT:
        identity = f"GPT,{upper(UUID(bytes_le=raw))}"
    else:
        identity = f"{kind},0"
    extent = f"0x{node.PartitionStart:X},0x{node.PartitionSize:X}"
    return f"HD({number},{identity},{extent})"


def _ram_disk(node: _RamDisk, _rest: bytes) -> str:
    extent = f"0x{node.StartingAddress:X},0x{node.EndingAddress:X},{node.Instance}"
    name = RAM_DISKS.get(node.TypeGuid)
    return f"{name}({extent})" if name else f"RamDisk({extent},{upper(node.TypeGuid)})"


FORMS = (
    NodeForm(
        4,
        1,
        "hard drive",
        _HardDrive,
        _hard_drive,
    ),
    NodeForm(
        4,
        2,
        "CD-ROM",
        _CdRom,
        lambda node, _: (
            f"CDROM(0x{node.BootEntry:X},0x{node.PartitionStart:X},0x{node.PartitionSize:X})"
        ),
    ),
    NodeForm(
        4,
        3,
        "vendor media",
        _VendorMedia,
        lambda node, rest: with_data("VenMedia", node.Guid, rest),
    ),
    NodeForm(4, 4, "file path", Structure, lambda _, rest: ucs2_text(rest)),
    NodeForm(
        4,
        5,
        "media protocol",
        _MediaProtocol,
        lambda node, _: f"Media({upper(node.ProtocolGuid)})",
    ),
    NodeForm(
        4,
        6,
        "firmware file",
        _FirmwareFile,
        lambda node, _: f"FvFile({upper(node.FvFileName)})",
    ),
    NodeForm(
        4,
        7,
        "firmware volume",
        _FirmwareVolume,
        lambda node, _: f"Fv({upper(node.FvName)})",
    ),
    NodeForm(
        4,
        8,
        "offset range",
        _OffsetRange,
        lambda node, _: f"Offset(0x{node.StartingOffset:X},0x{node.EndingOffset:X})",
    ),
    NodeForm(
        4,
        9,
        "RAM disk",
        _RamDisk,
        _ram_disk,
    ),
)
