"""Media nodes (UEFI specification, section 10.3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ucs2_text, upper, with_data
from ovmfgui.structure import Bytes, Guid, Int8ul, Int16ul, Int32ul, Int64ul, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

_MBR, _GPT = 1, 2
# RAM disk types (UEFI specification, section 10.3.5.9).
RAM_DISKS = {
    UUID("77ab535a-45fc-624b-5560-f7b281d1f96e"): "VirtualDisk",
    UUID("3d5abd30-4175-87ce-6d64-d2ade523c4bb"): "VirtualCD",
    UUID("5cea02c9-4d07-69d3-269f-4496fbe096f9"): "PersistentVirtualDisk",
    UUID("08018188-42cd-bb48-100f-5387d53ded3d"): "PersistentVirtualCD",
}


def _hard_drive(values: Mapping[str, Any], _rest: bytes) -> str:
    number, kind, raw = (
        values["PartitionNumber"],
        values["SignatureType"],
        values["PartitionSignature"],
    )
    if kind == _MBR:
        identity = f"MBR,0x{int.from_bytes(raw[:4], 'little'):08X}"
    elif kind == _GPT:
        identity = f"GPT,{upper(UUID(bytes_le=raw))}"
    else:
        identity = f"{kind},0"
    extent = f"0x{values['PartitionStart']:X},0x{values['PartitionSize']:X}"
    return f"HD({number},{identity},{extent})"


def _ram_disk(values: Mapping[str, Any], _rest: bytes) -> str:
    extent = f"0x{values['StartingAddress']:X},0x{values['EndingAddress']:X},{values['Instance']}"
    name = RAM_DISKS.get(values["TypeGuid"])
    return f"{name}({extent})" if name else f"RamDisk({extent},{upper(values['TypeGuid'])})"


FORMS = (
    NodeForm(
        4,
        1,
        "hard drive",
        Struct(
            "PartitionNumber" / Int32ul,
            "PartitionStart" / Int64ul,
            "PartitionSize" / Int64ul,
            "PartitionSignature" / Bytes(16),
            "PartitionFormat" / Int8ul,
            "SignatureType" / Int8ul,
        ),
        _hard_drive,
    ),
    NodeForm(
        4,
        2,
        "CD-ROM",
        Struct("BootEntry" / Int32ul, "PartitionStart" / Int64ul, "PartitionSize" / Int64ul),
        lambda v, _: (
            f"CDROM(0x{v['BootEntry']:X},0x{v['PartitionStart']:X},0x{v['PartitionSize']:X})"
        ),
    ),
    NodeForm(
        4,
        3,
        "vendor media",
        Struct("Guid" / Guid),
        lambda v, rest: with_data("VenMedia", v["Guid"], rest),
    ),
    NodeForm(4, 4, "file path", Struct(), lambda _, rest: ucs2_text(rest)),
    NodeForm(
        4,
        5,
        "media protocol",
        Struct("ProtocolGuid" / Guid),
        lambda v, _: f"Media({upper(v['ProtocolGuid'])})",
    ),
    NodeForm(
        4,
        6,
        "firmware file",
        Struct("FvFileName" / Guid),
        lambda v, _: f"FvFile({upper(v['FvFileName'])})",
    ),
    NodeForm(
        4,
        7,
        "firmware volume",
        Struct("FvName" / Guid),
        lambda v, _: f"Fv({upper(v['FvName'])})",
    ),
    NodeForm(
        4,
        8,
        "offset range",
        Struct("Reserved" / Int32ul, "StartingOffset" / Int64ul, "EndingOffset" / Int64ul),
        lambda v, _: f"Offset(0x{v['StartingOffset']:X},0x{v['EndingOffset']:X})",
    ),
    NodeForm(
        4,
        9,
        "RAM disk",
        Struct(
            "StartingAddress" / Int64ul,
            "EndingAddress" / Int64ul,
            "TypeGuid" / Guid,
            "Instance" / Int16ul,
        ),
        _ram_disk,
    ),
)
