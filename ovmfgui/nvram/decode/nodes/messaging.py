"""Messaging nodes of buses and disks (UEFI specification, section 10.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.fields import read_values
from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, ucs2_text, upper, with_data
from ovmfgui.structure import Bytes, Guid, Int8ul, Int16ul, Int32ul, Int64ul, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

# Terminal types (UEFI specification, section 10.3.4.17) and others with a text form of their own.
BARE_VENDORS = {
    UUID("e0c14753-f9be-11d2-9a0c-0090273fc14d"): "VenPcAnsi()",
    UUID("dfa66065-b419-11d3-9a2d-0090273fc14d"): "VenVt100()",
    UUID("7baec70b-57e0-4c76-8e87-2f9e28088343"): "VenVt100Plus()",
    UUID("ad15a0d6-8bec-4acf-a073-d01de77e2d88"): "VenUtf8()",
    UUID("eba4e8d2-3858-41ec-a281-2647ba9660d0"): "DebugPort()",
}
UART_FLOW_CONTROL = UUID("37499a9d-542f-4c89-a026-35da142094e4")
FLOW_CONTROLS = {0: "None", 1: "Hardware", 2: "XonXoff"}
SAS = UUID("d487ddb4-008b-11d9-afdc-001083ffca4d")
SAS_BODY = Struct(
    "Reserved" / Int32ul,
    "SasAddress" / Int64ul,
    "Lun" / Int64ul,
    "DeviceTopology" / Int16ul,
    "RelativeTargetPort" / Int16ul,
)
PARITIES = {0: "D", 1: "N", 2: "E", 3: "O", 4: "M", 5: "S"}
STOP_BITS = {0: "D", 1: "1", 2: "1.5", 3: "2"}
USB_CLASSES = {
    0x01: "UsbAudio",
    0x02: "UsbCDCControl",
    0x03: "UsbHID",
    0x06: "UsbImage",
    0x07: "UsbPrinter",
    0x08: "UsbMassStorage",
    0x09: "UsbHub",
    0x0A: "UsbCDCData",
    0x0B: "UsbSmartCard",
    0x0E: "UsbVideo",
    0xDC: "UsbDiagnostic",
    0xE0: "UsbWireless",
}
USB_APPLICATION = 0xFE
USB_APPLICATIONS = {
    1: "UsbDeviceFirmwareUpdate",
    2: "UsbIrdaBridge",
    3: "UsbTestAndMeasurement",
}


def _topology(topology: int) -> str:
    """Device and topology information of a SAS or SATA device."""
    more, is_vendor = topology & 0x0F, topology & 0x80
    if not more and not is_vendor:
        return "NoTopology,0,0,0"
    if more > 2 or is_vendor:
        return f"0x{topology:X},0,0,0"
    parts = (
        "SATA" if topology & 0x10 else "SAS",
        "External" if topology & 0x20 else "Internal",
        "Expanded" if topology & 0x40 else "Direct",
        "0" if more == 1 else f"0x{(topology >> 8) + 1:X}",
    )
    return ",".join(parts)


def _vendor(values: Mapping[str, Any], rest: bytes) -> str:
    guid = values["Guid"]
    if guid in BARE_VENDORS:
        return BARE_VENDORS[guid]
    if guid == UART_FLOW_CONTROL and len(rest) >= 4:
        control = FLOW_CONTROLS.get(int.from_bytes(rest[:4], "little") & 3)
        if control is not None:
            return f"UartFlowCtrl({control})"
    if guid == SAS and (sas := read_values(SAS_BODY, rest, 0)) is not None:
        return (
            f"SAS(0x{sas['SasAddress']:X},0x{sas['Lun']:X},0x{sas['RelativeTargetPort']:X},"
            f"{_topology(sas['DeviceTopology'])},0x{sas['Reserved']:X})"
        )
    return with_data("VenMsg", guid, rest)


def _sas_extended(values: Mapping[str, Any], _rest: bytes) -> str:
    return (
        f"SasEx(0x{values['SasAddress'].hex()},0x{values['Lun'].hex()},"
        f"0x{values['RelativeTargetPort']:X},{_topology(values['DeviceTopology'])})"
    )


def _uart(values: Mapping[str, Any], _rest: bytes) -> str:
    parts = (
        str(values["BaudRate"] or "DEFAULT"),
        str(values["DataBits"] or "DEFAULT"),
        PARITIES.get(values["Parity"], "x"),
        STOP_BITS.get(values["StopBits"], "x"),
    )
    return f"Uart({','.join(parts)})"


def _usb_class(values: Mapping[str, Any], _rest: bytes) -> str:
    kind, sub = values["DeviceClass"], values["DeviceSubClass"]
    ids = f"0x{values['VendorId']:X},0x{values['ProductId']:X}"
    protocol = f"0x{values['DeviceProtocol']:X}"
    if kind in USB_CLASSES:
        return f"{USB_CLASSES[kind]}({ids},0x{sub:X},{protocol})"
    if kind == USB_APPLICATION and sub in USB_APPLICATIONS:
        return f"{USB_APPLICATIONS[sub]}({ids},{protocol})"
    return f"UsbClass({ids},0x{kind:X},0x{sub:X},{protocol})"


def _usb_wwid(values: Mapping[str, Any], rest: bytes) -> str:
    return (
        f"UsbWwid(0x{values['VendorId']:X},0x{values['ProductId']:X},"
        f'0x{values["InterfaceNumber"]:X},"{ucs2_text(rest)}")'
    )


def _ata(values: Mapping[str, Any], _rest: bytes) -> str:
    controller = "Secondary" if values["PrimarySecondary"] == 1 else "Primary"
    drive = "Slave" if values["SlaveMaster"] == 1 else "Master"
    return f"Ata({controller},{drive},0x{values['Lun']:X})"


def _nvme(values: Mapping[str, Any], _rest: bytes) -> str:
    eui = values["IEEEExtendedUniqueIdentifier"][::-1].hex("-").upper()
    return f"NVMe(0x{values['NamespaceIdentifier']:X},{eui})"


def _infiniband(values: Mapping[str, Any], _rest: bytes) -> str:
    numbers = ",".join(f"0x{values[n]:X}" for n in ("ServiceId", "TargetPortId", "DeviceId"))
    return f"Infiniband(0x{values['ResourceFlags']:X},{upper(values['PortGid'])},{numbers})"


_LUN_PAIR = Struct("Pun" / Int8ul, "Lun" / Int8ul)
_SLOT = Struct("SlotNumber" / Int8ul)

FORMS = (
    NodeForm(
        3,
        1,
        "ATAPI",
        Struct("PrimarySecondary" / Int8ul, "SlaveMaster" / Int8ul, "Lun" / Int16ul),
        _ata,
    ),
    NodeForm(
        3,
        2,
        "SCSI",
        Struct("Pun" / Int16ul, "Lun" / Int16ul),
        lambda v, _: f"Scsi(0x{v['Pun']:X},0x{v['Lun']:X})",
    ),
    NodeForm(
        3,
        3,
        "Fibre Channel",
        Struct("Reserved" / Int32ul, "WorldWideName" / Int64ul, "Lun" / Int64ul),
        lambda v, _: f"Fibre(0x{v['WorldWideName']:X},0x{v['Lun']:X})",
    ),
    NodeForm(
        3,
        4,
        "1394",
        Struct("Reserved" / Int32ul, "Guid" / Int64ul),
        lambda v, _: f"I1394({v['Guid']:016X})",
    ),
    NodeForm(
        3,
        5,
        "USB",
        Struct("ParentPortNumber" / Int8ul, "InterfaceNumber" / Int8ul),
        lambda v, _: f"USB(0x{v['ParentPortNumber']:X},0x{v['InterfaceNumber']:X})",
    ),
    NodeForm(3, 6, "I2O", Struct("Tid" / Int32ul), lambda v, _: f"I2O(0x{v['Tid']:X})"),
    NodeForm(
        3,
        9,
        "InfiniBand",
        Struct(
            "ResourceFlags" / Int32ul,
            "PortGid" / Guid,
            "ServiceId" / Int64ul,
            "TargetPortId" / Int64ul,
            "DeviceId" / Int64ul,
        ),
        _infiniband,
    ),
    NodeForm(3, 0x0A, "vendor messaging", Struct("Guid" / Guid), _vendor),
    NodeForm(
        3,
        0x0E,
        "UART",
        Struct(
            "Reserved" / Int32ul,
            "BaudRate" / Int64ul,
            "DataBits" / Int8ul,
            "Parity" / Int8ul,
            "StopBits" / Int8ul,
        ),
        _uart,
    ),
    NodeForm(
        3,
        0x0F,
        "USB class",
        Struct(
            "VendorId" / Int16ul,
            "ProductId" / Int16ul,
            "DeviceClass" / Int8ul,
            "DeviceSubClass" / Int8ul,
            "DeviceProtocol" / Int8ul,
        ),
        _usb_class,
    ),
    NodeForm(
        3,
        0x10,
        "USB WWID",
        Struct("InterfaceNumber" / Int16ul, "VendorId" / Int16ul, "ProductId" / Int16ul),
        _usb_wwid,
    ),
    NodeForm(3, 0x11, "logical unit", Struct("Lun" / Int8ul), lambda v, _: f"Unit(0x{v['Lun']:X})"),
    NodeForm(
        3,
        0x12,
        "SATA",
        Struct("HBAPortNumber" / Int16ul, "PortMultiplierPortNumber" / Int16ul, "Lun" / Int16ul),
        lambda v, _: (
            f"Sata(0x{v['HBAPortNumber']:X},0x{v['PortMultiplierPortNumber']:X},0x{v['Lun']:X})"
        ),
    ),
    NodeForm(
        3,
        0x15,
        "Fibre Channel Ex",
        Struct("Reserved" / Int32ul, "WorldWideName" / Bytes(8), "Lun" / Bytes(8)),
        lambda v, _: f"FibreEx(0x{v['WorldWideName'].hex()},0x{v['Lun'].hex()})",
    ),
    NodeForm(
        3,
        0x16,
        "SAS Ex",
        Struct(
            "SasAddress" / Bytes(8),
            "Lun" / Bytes(8),
            "DeviceTopology" / Int16ul,
            "RelativeTargetPort" / Int16ul,
        ),
        _sas_extended,
    ),
    NodeForm(
        3,
        0x17,
        "NVM Express",
        Struct("NamespaceIdentifier" / Int32ul, "IEEEExtendedUniqueIdentifier" / Bytes(8)),
        _nvme,
    ),
    NodeForm(3, 0x19, "UFS", _LUN_PAIR, lambda v, _: f"UFS(0x{v['Pun']:X},0x{v['Lun']:X})"),
    NodeForm(3, 0x1A, "SD", _SLOT, lambda v, _: f"SD(0x{v['SlotNumber']:X})"),
    NodeForm(
        3,
        0x1B,
        "Bluetooth",
        Struct("BD_ADDR" / Bytes(6)),
        lambda v, _: f"Bluetooth({v['BD_ADDR'].hex()})",
    ),
    NodeForm(
        3,
        0x1C,
        "Wi-Fi",
        Struct("SSId" / Bytes(32)),
        lambda v, _: f"Wi-Fi({ascii_text(v['SSId'])})",
    ),
    NodeForm(3, 0x1D, "eMMC", _SLOT, lambda v, _: f"eMMC(0x{v['SlotNumber']:X})"),
    NodeForm(
        3,
        0x1E,
        "Bluetooth LE",
        Struct("BD_ADDR" / Bytes(6), "AddressType" / Int8ul),
        lambda v, _: f"BluetoothLE({v['BD_ADDR'].hex()},0x{v['AddressType']:02X})",
    ),
    NodeForm(
        3,
        0x20,
        "NVDIMM namespace",
        Struct("Uuid" / Guid),
        lambda v, _: f"NVDIMM({upper(v['Uuid'])})",
    ),
)
