"""Messaging nodes of buses and disks (UEFI specification, section 10.3.4)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, ucs2_text, upper, with_data
from ovmfgui.structure import Bytes, Guid, Structure, UInt8, UInt16, UInt32, UInt64

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


class _SasBody(Structure):
    Reserved: UInt32
    SasAddress: UInt64
    Lun: UInt64
    DeviceTopology: UInt16
    RelativeTargetPort: UInt16


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


class _Atapi(Structure):
    PrimarySecondary: UInt8
    SlaveMaster: UInt8
    Lun: UInt16


class _Scsi(Structure):
    Pun: UInt16
    Lun: UInt16


class _FibreChannel(Structure):
    Reserved: UInt32
    WorldWideName: UInt64
    Lun: UInt64


class _Ieee1394(Structure):
    Reserved: UInt32
    Guid: UInt64


class _Usb(Structure):
    ParentPortNumber: UInt8
    InterfaceNumber: UInt8


class _I2o(Structure):
    Tid: UInt32


class _InfiniBand(Structure):
    ResourceFlags: UInt32
    PortGid: Guid
    ServiceId: UInt64
    TargetPortId: UInt64
    DeviceId: UInt64


class _VendorMessaging(Structure):
    Guid: Guid


class _Uart(Structure):
    Reserved: UInt32
    BaudRate: UInt64
    DataBits: UInt8
    Parity: UInt8
    StopBits: UInt8


class _UsbClass(Structure):
    VendorId: UInt16
    ProductId: UInt16
    DeviceClass: UInt8
    DeviceSubClass: UInt8
    DeviceProtocol: UInt8


class _UsbWwid(Structure):
    InterfaceNumber: UInt16
    VendorId: UInt16
    ProductId: UInt16


class _LogicalUnit(Structure):
    Lun: UInt8


class _Sata(Structure):
    HBAPortNumber: UInt16
    PortMultiplierPortNumber: UInt16
    Lun: UInt16


class _FibreChannelEx(Structure):
    Reserved: UInt32
    WorldWideName: Annotated[bytes, Bytes(8)]
    Lun: Annotated[bytes, Bytes(8)]


class _SasEx(Structure):
    SasAddress: Annotated[bytes, Bytes(8)]
    Lun: Annotated[bytes, Bytes(8)]
    DeviceTopology: UInt16
    RelativeTargetPort: UInt16


class _NvmExpress(Structure):
    NamespaceIdentifier: UInt32
    IEEEExtendedUniqueIdentifier: Annotated[bytes, Bytes(8)]


class _Bluetooth(Structure):
    BD_ADDR: Annotated[bytes, Bytes(6)]


class _WiFi(Structure):
    SSId: Annotated[bytes, Bytes(32)]


class _BluetoothLe(Structure):
    BD_ADDR: Annotated[bytes, Bytes(6)]
    AddressType: UInt8


class _NvdimmNamespace(Structure):
    Uuid: Guid


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


def _vendor(node: _VendorMessaging, rest: bytes) -> str:
    guid = node.Guid
    if guid in BARE_VENDORS:
        return BARE_VENDORS[guid]
    if guid == UART_FLOW_CONTROL and len(rest) >= 4:
        control = FLOW_CONTROLS.get(int.from_bytes(rest[:4], "little") & 3)
        if control is not None:
            return f"UartFlowCtrl({control})"
    if guid == SAS and (sas := _SasBody.read(rest)) is not None:
        return (
            f"SAS(0x{sas.SasAddress:X},0x{sas.Lun:X},0x{sas.RelativeTargetPort:X},"
            f"{_topology(sas.DeviceTopology)},0x{sas.Reserved:X})"
        )
    return with_data("VenMsg", guid, rest)


def _sas_extended(node: _SasEx, _rest: bytes) -> str:
    return (
        f"SasEx(0x{node.SasAddress.hex()},0x{node.Lun.hex()},"
        f"0x{node.RelativeTargetPort:X},{_topology(node.DeviceTopology)})"
    )


def _uart(node: _Uart, _rest: bytes) -> str:
    parts = (
        str(node.BaudRate or "DEFAULT"),
        str(node.DataBits or "DEFAULT"),
        PARITIES.get(node.Parity, "x"),
        STOP_BITS.get(node.StopBits, "x"),
    )
    return f"Uart({','.join(parts)})"


def _usb_class(node: _UsbClass, _rest: bytes) -> str:
    kind, sub = node.DeviceClass, node.DeviceSubClass
    ids = f"0x{node.VendorId:X},0x{node.ProductId:X}"
    protocol = f"0x{node.DeviceProtocol:X}"
    if kind in USB_CLASSES:
        return f"{USB_CLASSES[kind]}({ids},0x{sub:X},{protocol})"
    if kind == USB_APPLICATION and sub in USB_APPLICATIONS:
        return f"{USB_APPLICATIONS[sub]}({ids},{protocol})"
    return f"UsbClass({ids},0x{kind:X},0x{sub:X},{protocol})"


def _usb_wwid(node: _UsbWwid, rest: bytes) -> str:
    return (
        f"UsbWwid(0x{node.VendorId:X},0x{node.ProductId:X},"
        f'0x{node.InterfaceNumber:X},"{ucs2_text(rest)}")'
    )


def _ata(node: _Atapi, _rest: bytes) -> str:
    controller = "Secondary" if node.PrimarySecondary == 1 else "Primary"
    drive = "Slave" if node.SlaveMaster == 1 else "Master"
    return f"Ata({controller},{drive},0x{node.Lun:X})"


def _nvme(node: _NvmExpress, _rest: bytes) -> str:
    eui = node.IEEEExtendedUniqueIdentifier[::-1].hex("-").upper()
    return f"NVMe(0x{node.NamespaceIdentifier:X},{eui})"


def _infiniband(node: _InfiniBand, _rest: bytes) -> str:
    numbers = f"0x{node.ServiceId:X},0x{node.TargetPortId:X},0x{node.DeviceId:X}"
    return f"Infiniband(0x{node.ResourceFlags:X},{upper(node.PortGid)},{numbers})"


class _LunPair(Structure):
    Pun: UInt8
    Lun: UInt8


class _Slot(Structure):
    SlotNumber: UInt8


FORMS = (
    NodeForm(
        3,
        1,
        "ATAPI",
        _Atapi,
        _ata,
    ),
    NodeForm(
        3,
        2,
        "SCSI",
        _Scsi,
        lambda node, _: f"Scsi(0x{node.Pun:X},0x{node.Lun:X})",
    ),
    NodeForm(
        3,
        3,
        "Fibre Channel",
        _FibreChannel,
        lambda node, _: f"Fibre(0x{node.WorldWideName:X},0x{node.Lun:X})",
    ),
    NodeForm(
        3,
        4,
        "1394",
        _Ieee1394,
        lambda node, _: f"I1394({node.Guid:016X})",
    ),
    NodeForm(
        3,
        5,
        "USB",
        _Usb,
        lambda node, _: f"USB(0x{node.ParentPortNumber:X},0x{node.InterfaceNumber:X})",
    ),
    NodeForm(3, 6, "I2O", _I2o, lambda node, _: f"I2O(0x{node.Tid:X})"),
    NodeForm(
        3,
        9,
        "InfiniBand",
        _InfiniBand,
        _infiniband,
    ),
    NodeForm(3, 0x0A, "vendor messaging", _VendorMessaging, _vendor),
    NodeForm(
        3,
        0x0E,
        "UART",
        _Uart,
        _uart,
    ),
    NodeForm(
        3,
        0x0F,
        "USB class",
        _UsbClass,
        _usb_class,
    ),
    NodeForm(
        3,
        0x10,
        "USB WWID",
        _UsbWwid,
        _usb_wwid,
    ),
    NodeForm(3, 0x11, "logical unit", _LogicalUnit, lambda node, _: f"Unit(0x{node.Lun:X})"),
    NodeForm(
        3,
        0x12,
        "SATA",
        _Sata,
        lambda node, _: (
            f"Sata(0x{node.HBAPortNumber:X},0x{node.PortMultiplierPortNumber:X},0x{node.Lun:X})"
        ),
    ),
    NodeForm(
        3,
        0x15,
        "Fibre Channel Ex",
        _FibreChannelEx,
        lambda node, _: f"FibreEx(0x{node.WorldWideName.hex()},0x{node.Lun.hex()})",
    ),
    NodeForm(
        3,
        0x16,
        "SAS Ex",
        _SasEx,
        _sas_extended,
    ),
    NodeForm(
        3,
        0x17,
        "NVM Express",
        _NvmExpress,
        _nvme,
    ),
    NodeForm(3, 0x19, "UFS", _LunPair, lambda node, _: f"UFS(0x{node.Pun:X},0x{node.Lun:X})"),
    NodeForm(3, 0x1A, "SD", _Slot, lambda node, _: f"SD(0x{node.SlotNumber:X})"),
    NodeForm(
        3,
        0x1B,
        "Bluetooth",
        _Bluetooth,
        lambda node, _: f"Bluetooth({node.BD_ADDR.hex()})",
    ),
    NodeForm(
        3,
        0x1C,
        "Wi-Fi",
        _WiFi,
        lambda node, _: f"Wi-Fi({ascii_text(node.SSId)})",
    ),
    NodeForm(3, 0x1D, "eMMC", _Slot, lambda node, _: f"eMMC(0x{node.SlotNumber:X})"),
    NodeForm(
        3,
        0x1E,
        "Bluetooth LE",
        _BluetoothLe,
        lambda node, _: f"BluetoothLE({node.BD_ADDR.hex()},0x{node.AddressType:02X})",
    ),
    NodeForm(
        3,
        0x20,
        "NVDIMM namespace",
        _NvdimmNamespace,
        lambda node, _: f"NVDIMM({upper(node.Uuid)})",
    ),
)
