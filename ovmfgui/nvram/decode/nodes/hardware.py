"""Hardware, ACPI and BIOS boot nodes (UEFI specification, sections 10.3.2, 10.3.3 and 10.3.6)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, with_data
from ovmfgui.structure import Guid, Int8ul, Int16ul, Int32ul, Int64ul, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

# The low half of a compressed EISA id "PNP" (UEFI specification, PNP_EISA_ID_CONST).
PNP = 0x41D0
ACPI_NAMES = {
    0x0A03: "PciRoot",
    0x0A08: "PcieRoot",
    0x0604: "Floppy",
    0x0301: "Keyboard",
    0x0501: "Serial",
    0x0401: "ParallelPort",
}
BBS_TYPES = {1: "Floppy", 2: "HD", 3: "CDROM", 4: "PCMCIA", 5: "USB", 6: "Network"}


def _acpi(values: Mapping[str, Any], _rest: bytes) -> str:
    hid, uid = values["HID"], values["UID"]
    if hid & 0xFFFF != PNP:
        return f"Acpi(0x{hid:08X},0x{uid:X})"
    name = ACPI_NAMES.get(hid >> 16)
    return f"{name}(0x{uid:X})" if name else f"Acpi(PNP{hid >> 16:04X},0x{uid:X})"


def _eisa(value: int) -> str:
    letters = "".join(chr(((value >> shift) & 0x1F) + ord("A") - 1) for shift in (10, 5, 0))
    return f"{letters}{value >> 16:04X}" if letters.isalpha() else f"0x{value:X}"


def _acpi_extended(values: Mapping[str, Any], rest: bytes) -> str:
    hid_text, uid_text, cid_text = (
        ascii_text(part) for part in (*rest.split(b"\0", 3), b"", b"", b"")[:3]
    )
    hid, cid = _eisa(values["HID"]), _eisa(values["CID"]) if values["CID"] else "0"
    if uid_text and not hid_text and not cid_text:
        return f"AcpiExp({hid},{cid},{uid_text})"
    return f"AcpiEx({hid},{cid},0x{values['UID']:X},{hid_text},{cid_text},{uid_text})"


def _addresses(values: Mapping[str, Any], rest: bytes) -> str:
    more = struct.unpack_from(f"<{len(rest) // 4}I", rest)
    return f"AcpiAdr({','.join(f'0x{value:X}' for value in (values['ADR'], *more))})"


def _bbs(values: Mapping[str, Any], rest: bytes) -> str:
    kind = BBS_TYPES.get(values["DeviceType"], f"0x{values['DeviceType']:X}")
    return f"BBS({kind},{ascii_text(rest)},0x{values['StatusFlag']:X})"


FORMS = (
    NodeForm(
        1,
        1,
        "PCI",
        Struct("Function" / Int8ul, "Device" / Int8ul),
        lambda v, _: f"Pci(0x{v['Device']:X},0x{v['Function']:X})",
    ),
    NodeForm(
        1,
        2,
        "PC card",
        Struct("FunctionNumber" / Int8ul),
        lambda v, _: f"PcCard(0x{v['FunctionNumber']:X})",
    ),
    NodeForm(
        1,
        3,
        "memory mapped",
        Struct("MemoryType" / Int32ul, "StartAddress" / Int64ul, "EndAddress" / Int64ul),
        lambda v, _: (
            f"MemoryMapped(0x{v['MemoryType']:X},0x{v['StartAddress']:X},0x{v['EndAddress']:X})"
        ),
    ),
    NodeForm(
        1,
        4,
        "vendor hardware",
        Struct("Guid" / Guid),
        lambda v, rest: with_data("VenHw", v["Guid"], rest),
    ),
    NodeForm(
        1,
        5,
        "controller",
        Struct("ControllerNumber" / Int32ul),
        lambda v, _: f"Ctrl(0x{v['ControllerNumber']:X})",
    ),
    NodeForm(
        1,
        6,
        "BMC",
        Struct("InterfaceType" / Int8ul, "BaseAddress" / Int64ul),
        lambda v, _: f"BMC(0x{v['InterfaceType']:X},0x{v['BaseAddress']:X})",
    ),
    NodeForm(2, 1, "ACPI", Struct("HID" / Int32ul, "UID" / Int32ul), _acpi),
    NodeForm(
        2,
        2,
        "expanded ACPI",
        Struct("HID" / Int32ul, "UID" / Int32ul, "CID" / Int32ul),
        _acpi_extended,
    ),
    NodeForm(2, 3, "ACPI _ADR", Struct("ADR" / Int32ul), _addresses),
    NodeForm(
        2,
        4,
        "NVDIMM",
        Struct("NFITDeviceHandle" / Int32ul),
        lambda v, _: f"NvdimmAcpiAdr(0x{v['NFITDeviceHandle']:X})",
    ),
    NodeForm(5, 1, "BIOS boot", Struct("DeviceType" / Int16ul, "StatusFlag" / Int16ul), _bbs),
)
