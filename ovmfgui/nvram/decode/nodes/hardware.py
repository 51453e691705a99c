"""Hardware, ACPI and BIOS boot nodes (UEFI specification, sections 10.3.2, 10.3.3 and 10.3.6)."""

from __future__ import annotations

import struct

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, with_data
from ovmfgui.structure import Guid, Structure, UInt8, UInt16, UInt32, UInt64

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


class _Pci(Structure):
    Function: UInt8
    Device: UInt8


class _PcCard(Structure):
    FunctionNumber: UInt8


class _MemoryMapped(Structure):
    MemoryType: UInt32
    StartAddress: UInt64
    EndAddress: UInt64


class _VendorHardware(Structure):
    Guid: Guid


class _Controller(Structure):
    ControllerNumber: UInt32


class _Bmc(Structure):
    InterfaceType: UInt8
    BaseAddress: UInt64


class _Acpi(Structure):
    HID: UInt32
    UID: UInt32


class _ExpandedAcpi(Structure):
    HID: UInt32
    UID: UInt32
    CID: UInt32


class _AcpiAdr(Structure):
    ADR: UInt32


class _Nvdimm(Structure):
    NFITDeviceHandle: UInt32


class _BiosBoot(Structure):
    DeviceType: UInt16
    StatusFlag: UInt16


def _acpi(node: _Acpi, _rest: bytes) -> str:
    hid, uid = node.HID, node.UID
    if hid & 0xFFFF != PNP:
        return f"Acpi(0x{hid:08X},0x{uid:X})"
    name = ACPI_NAMES.get(hid >> 16)
    return f"{name}(0x{uid:X})" if name else f"Acpi(PNP{hid >> 16:04X},0x{uid:X})"


def _eisa(value: int) -> str:
    letters = "".join(chr(((value >> shift) & 0x1F) + ord("A") - 1) for shift in (10, 5, 0))
    return f"{letters}{value >> 16:04X}" if letters.isalpha() else f"0x{value:X}"


def _acpi_extended(node: _ExpandedAcpi, rest: bytes) -> str:
    hid_text, uid_text, cid_text = (
        ascii_text(part) for part in (*rest.split(b"\0", 3), b"", b"", b"")[:3]
    )
    hid, cid = _eisa(node.HID), _eisa(node.CID) if node.CID else "0"
    if uid_text and not hid_text and not cid_text:
        return f"AcpiExp({hid},{cid},{uid_text})"
    return f"AcpiEx({hid},{cid},0x{node.UID:X},{hid_text},{cid_text},{uid_text})"


def _addresses(node: _AcpiAdr, rest: bytes) -> str:
    more = struct.unpack_from(f"<{len(rest) // 4}I", rest)
    return f"AcpiAdr({','.join(f'0x{value:X}' for value in (node.ADR, *more))})"


def _bbs(node: _BiosBoot, rest: bytes) -> str:
    kind = BBS_TYPES.get(node.DeviceType, f"0x{node.DeviceType:X}")
    return f"BBS({kind},{ascii_text(rest)},0x{node.StatusFlag:X})"


FORMS = (
    NodeForm(
        1,
        1,
        "PCI",
        _Pci,
        lambda node, _: f"Pci(0x{node.Device:X},0x{node.Function:X})",
    ),
    NodeForm(
        1,
        2,
        "PC card",
        _PcCard,
        lambda node, _: f"PcCard(0x{node.FunctionNumber:X})",
    ),
    NodeForm(
        1,
        3,
        "memory mapped",
        _MemoryMapped,
        lambda node, _: (
            f"MemoryMapped(0x{node.MemoryType:X},0x{node.StartAddress:X},0x{node.EndAddress:X})"
        ),
    ),
    NodeForm(
        1,
        4,
        "vendor hardware",
        _VendorHardware,
        lambda node, rest: with_data("VenHw", node.Guid, rest),
    ),
    NodeForm(
        1,
        5,
        "controller",
        _Controller,
        lambda node, _: f"Ctrl(0x{node.ControllerNumber:X})",
    ),
    NodeForm(
        1,
        6,
        "BMC",
        _Bmc,
        lambda node, _: f"BMC(0x{node.InterfaceType:X},0x{node.BaseAddress:X})",
    ),
    NodeForm(2, 1, "ACPI", _Acpi, _acpi),
    NodeForm(
        2,
        2,
        "expanded ACPI",
        _ExpandedAcpi,
        _acpi_extended,
    ),
    NodeForm(2, 3, "ACPI _ADR", _AcpiAdr, _addresses),
    NodeForm(
        2,
        4,
        "NVDIMM",
        _Nvdimm,
        lambda node, _: f"NvdimmAcpiAdr(0x{node.NFITDeviceHandle:X})",
    ),
    NodeForm(5, 1, "BIOS boot", _BiosBoot, _bbs),
)
