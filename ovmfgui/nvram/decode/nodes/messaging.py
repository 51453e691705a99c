"""Messaging nodes of buses and disks (UEFI specification, section 10.3.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, ucs2_text, upper, with_data
from ovmfgui.structure import Bytes, Guid, Int8ul, Int16ul, Int32ul, Int64ul, Structure, member

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


class _Atapi(Structure):
    PrimarySecondary: int = member(Int8ul)
    SlaveMaster: int = member(Int8ul)
    Lun: int = member(Int16ul)


class _Scsi(Structure):
    Pun: int = member(Int16ul)
    Lun: int = member(Int16ul)


class _FibreChannel(Structure):
    Reserved: int = member(Int32ul)
    WorldWideName: int = member(Int64ul)
    Lun: int = member(Int64ul)


class _Ieee1394(Structure):
    Reserved: int = member(Int32ul)
    Guid: int = member(Int64ul)


class _Usb(Structure):
    ParentPortNumber: int = member(Int8ul)
    InterfaceNumber: int = member(Int8ul)


class _I2o(Structure):
    Tid: int = member(Int32ul)


class _Infiniband(Structure):
    ResourceFlags: int = member(Int32ul)
    PortGid: UUID = member(Guid)
    ServiceId: int = member(Int64ul)
    TargetPortId: int = member(Int64ul)
    DeviceId: int = member(Int64ul)


class _VendorMessaging(Structure):
    Guid: UUID = member(Guid)


class _Uart(Structure):
    Reserved: int = member(Int32ul)
    BaudRate: int = member(Int64ul)
    DataBits: int = member(Int8ul)
    Parity: int = member(Int8ul)
    StopBits: int = member(Int8ul)


class _UsbClass(Structure):
    VendorId: int = member(Int16ul)
    ProductId: int = member(Int16ul)
    DeviceClass: int = member(Int8ul)
    DeviceSubClass: int = member(Int8ul)
    DeviceProtocol: int = member(Int8ul)


class _UsbWwid(Structure):
    InterfaceNumber: int = member(Int16ul)
    VendorId: int = member(Int16ul)
    ProductId: int = member(Int16ul)


class _LogicalUnit(Structure):
    Lun: int = member(Int8ul)


class _Sata(Structure):
    HBAPortNumber: int = member(Int16ul)
    PortMultiplierPortNumber: int = member(Int16ul)
    Lun: int = member(Int16ul)


class _FibreChannelEx(Structure):
    Reserved: int = member(Int32ul)
    WorldWideName: bytes = member(Bytes(8))
    Lun: bytes = member(Bytes(8))


class _SasEx(Structure):
    SasAddress: bytes = member(Bytes(8))
    Lun: bytes = member(Bytes(8))
    DeviceTopology: int = member(Int16ul)
    RelativeTargetPort: int = member(Int16ul)


class _NvmExpress(Structure):
    NamespaceIdentifier: int = member(Int32ul)
    IEEEExtendedUniqueIdentifier: bytes = member(Bytes(8))


class _Bluetooth(Structure):
    BD_ADDR: bytes = member(Bytes(6))


class _WiFi(Structure):
    SSId: bytes = member(Bytes(32))


class _BluetoothLe(Structure):
    BD_ADDR: bytes = member(Bytes(6))
    AddressType: int = member(Int8ul)


class _NvdimmNamespace(Structure):
    Uuid: UUID = member(Guid)


class SasBody(Structure):
    """SasBody."""

    Reserved: int = member(Int32ul)
    SasAddress: int = member(Int64ul)
    Lun: int = member(Int64ul)
    DeviceTopology: int = member(Int16ul)
    RelativeTargetPort: int = member(Int16ul)


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


def _vendor(values: _VendorMessaging, rest: bytes) -> str:
    guid = values.Guid
    if guid in BARE_VENDORS:
        return BARE_VENDORS[guid]
    if guid == UART_FLOW_CONTROL and len(rest) >= 4:
        control = FLOW_CONTROLS.get(int.from_bytes(rest[:4], "little") & 3)
        if control is not None:
            return f"UartFlowCtrl({control})"
    if guid == SAS and (sas := SasBody.read(rest, 0)) is not None:
        return (
            f"SAS(0x{sas.SasAddress:X},0x{sas.Lun:X},0x{sas.RelativeTargetPort:X},"
            f"{_topology(sas.DeviceTopology)},0x{sas.Reserved:X})"
        )
    return with_data("VenMsg", guid, rest)


def _sas_extended(values: _SasEx, _rest: bytes) -> str:
    return (
        f"SasEx(0x{values.SasAddress.hex()},0x{values.Lun.hex()},"
        f"0x{values.RelativeTargetPort:X},{_topology(values.DeviceTopology)})"
    )


def _uart(values: _Uart, _rest: bytes) -> str:
    parts = (
        str(values.BaudRate or "DEFAULT"),
        str(values.DataBits or "DEFAULT"),
        PARITIES.get(values.Parity, "x"),
        STOP_BITS.get(values.StopBits, "x"),
    )
    return f"Uart({','.join(parts)})"


def _usb_class(values: _UsbClass, _rest: bytes) -> str:
    kind, sub = values.DeviceClass, values.DeviceSubClass
    ids = f"0x{values.VendorId:X},0x{values.ProductId:X}"
    protocol = f"0x{values.DeviceProtocol:X}"
    if kind in USB_CLASSES:
        return f"{USB_CLASSES[kind]}({ids},0x{sub:X},{protocol})"
    if kind == USB_APPLICATION and sub in USB_APPLICATIONS:
        return f"{USB_APPLICATIONS[sub]}({ids},{protocol})"
    return f"UsbClass({ids},0x{kind:X},0x{sub:X},{protocol})"


def _usb_wwid(values: _UsbWwid, rest: bytes) -> str:
    return (
        f"UsbWwid(0x{values.VendorId:X},0x{values.ProductId:X},"
        f'0x{values.InterfaceNumber:X},"{ucs2_text(rest)}")'
    )


def _ata(values: _Atapi, _rest: bytes) -> str:
    controller = "Secondary" if values.PrimarySecondary == 1 else "Primary"
    drive = "Slave" if values.SlaveMaster == 1 else "Master"
    return f"Ata({controller},{drive},0x{values.Lun:X})"


def _nvme(values: _NvmExpress, _rest: bytes) -> str:
    eui = values.IEEEExtendedUniqueIdentifier[::-1].hex("-").upper()
    return f"NVMe(0x{values.NamespaceIdentifier:X},{eui})"


def _infiniband(values: _Infiniband, _rest: bytes) -> str:
    ids = (values.ServiceId, values.TargetPortId, values.DeviceId)
    numbers = ",".join(f"0x{number:X}" for number in ids)
    return f"Infiniband(0x{values.ResourceFlags:X},{upper(values.PortGid)},{numbers})"


class _LunPair(Structure):
    """LunPair."""

    Pun: int = member(Int8ul)
    Lun: int = member(Int8ul)


class _Slot(Structure):
    """Slot."""

    SlotNumber: int = member(Int8ul)


FORMS: tuple[NodeForm[Any], ...] = (
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
        lambda v, _: f"Scsi(0x{v.Pun:X},0x{v.Lun:X})",
    ),
    NodeForm(
        3,
        3,
        "Fibre Channel",
        _FibreChannel,
        lambda v, _: f"Fibre(0x{v.WorldWideName:X},0x{v.Lun:X})",
    ),
    NodeForm(
        3,
        4,
        "1394",
        _Ieee1394,
        lambda v, _: f"I1394({v.Guid:016X})",
    ),
    NodeForm(
        3,
        5,
        "USB",
        _Usb,
        lambda v, _: f"USB(0x{v.ParentPortNumber:X},0x{v.InterfaceNumber:X})",
    ),
    NodeForm(3, 6, "I2O", _I2o, lambda v, _: f"I2O(0x{v.Tid:X})"),
    NodeForm(
        3,
        9,
        "InfiniBand",
        _Infiniband,
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
    NodeForm(3, 0x11, "logical unit", _LogicalUnit, lambda v, _: f"Unit(0x{v.Lun:X})"),
    NodeForm(
        3,
        0x12,
        "SATA",
        _Sata,
        lambda v, _: f"Sata(0x{v.HBAPortNumber:X},0x{v.PortMultiplierPortNumber:X},0x{v.Lun:X})",
    ),
    NodeForm(
        3,
        0x15,
        "Fibre Channel Ex",
        _FibreChannelEx,
        lambda v, _: f"FibreEx(0x{v.WorldWideName.hex()},0x{v.Lun.hex()})",
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
    NodeForm(3, 0x19, "UFS", _LunPair, lambda v, _: f"UFS(0x{v.Pun:X},0x{v.Lun:X})"),
    NodeForm(3, 0x1A, "SD", _Slot, lambda v, _: f"SD(0x{v.SlotNumber:X})"),
    NodeForm(
        3,
        0x1B,
        "Bluetooth",
        _Bluetooth,
        lambda v, _: f"Bluetooth({v.BD_ADDR.hex()})",
    ),
    NodeForm(
        3,
        0x1C,
        "Wi-Fi",
        _WiFi,
        lambda v, _: f"Wi-Fi({ascii_text(v.SSId)})",
    ),
    NodeForm(3, 0x1D, "eMMC", _Slot, lambda v, _: f"eMMC(0x{v.SlotNumber:X})"),
    NodeForm(
        3,
        0x1E,
        "Bluetooth LE",
        _BluetoothLe,
        lambda v, _: f"BluetoothLE({v.BD_ADDR.hex()},0x{v.AddressType:02X})",
    ),
    NodeForm(
        3,
        0x20,
        "NVDIMM namespace",
        _NvdimmNamespace,
        lambda v, _: f"NVDIMM({upper(v.Uuid)})",
    ),
)
