"""Node texts whose arguments are numbers and GUIDs, one behind the other."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.nodes.arguments import guid, hex_bytes, number
from ovmfgui.nvram.decode.nodes.hardware import ACPI_NAMES, PNP
from ovmfgui.nvram.decode.nodes.media import RAM_DISKS
from ovmfgui.nvram.decode.nodes.messaging import (
    BARE_VENDORS,
    USB_APPLICATION,
    USB_APPLICATIONS,
    USB_CLASSES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from ovmfgui.nvram.decode.nodes.arguments import Builder, Built


class _Numbers(NamedTuple):
    """A node of numbers: its struct format, and the order of the arguments in it."""

    type: int
    subtype: int
    format: str
    order: tuple[int, ...] | None = None

    def build(self, arguments: Sequence[str]) -> Built:
        values = [number(argument) for argument in arguments]
        if self.order is not None:
            if len(values) != len(self.order):
                msg = f"it takes {len(self.order)} arguments"
                raise ValueError(msg)
            values = [values[index] for index in self.order]
        try:
            return self.type, self.subtype, struct.pack(self.format, *values)
        except struct.error as error:
            raise ValueError(str(error)) from error


_NUMBERS = {
    "Pci": _Numbers(1, 1, "<BB", (1, 0)),
    "PcCard": _Numbers(1, 2, "<B"),
    "MemoryMapped": _Numbers(1, 3, "<IQQ"),
    "Ctrl": _Numbers(1, 5, "<I"),
    "BMC": _Numbers(1, 6, "<BQ"),
    "NvdimmAcpiAdr": _Numbers(2, 4, "<I"),
    "Scsi": _Numbers(3, 2, "<HH"),
    "Fibre": _Numbers(3, 3, "<4xQQ"),
    "USB": _Numbers(3, 5, "<BB"),
    "I2O": _Numbers(3, 6, "<I"),
    "UsbClass": _Numbers(3, 0x0F, "<HHBBB"),
    "Unit": _Numbers(3, 0x11, "<B"),
    "Sata": _Numbers(3, 0x12, "<HHH"),
    "Vlan": _Numbers(3, 0x14, "<H"),
    "UFS": _Numbers(3, 0x19, "<BB"),
    "SD": _Numbers(3, 0x1A, "<B"),
    "eMMC": _Numbers(3, 0x1D, "<B"),
    "CDROM": _Numbers(4, 2, "<IQQ"),
    "Offset": _Numbers(4, 8, "<4xQQ"),
}
# Nodes that are a GUID, and those where data may follow it.
_GUIDS = {"NVDIMM": (3, 0x20), "Media": (4, 5), "FvFile": (4, 6), "Fv": (4, 7)}
_VENDORS = {"VenHw": (1, 4), "VenMsg": (3, 0x0A), "VenMedia": (4, 3)}
# Any node of a type, its subtype as a number and its body in hex.
_ANY = {"HardwarePath": 1, "AcpiPath": 2, "Msg": 3, "MediaPath": 4, "BbsPath": 5}


def _guid_node(type_: int, subtype: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        (only,) = arguments
        return type_, subtype, guid(only)

    return build


def _vendor(type_: int, subtype: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        vendor, *data = arguments
        return type_, subtype, guid(vendor) + b"".join(map(hex_bytes, data))

    return build


def _bare_vendor(vendor: UUID) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        if arguments:
            msg = "it takes no arguments"
            raise ValueError(msg)
        return 3, 0x0A, vendor.bytes_le

    return build


def _acpi_device(number_: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        uid = number(arguments[0]) if arguments else 0
        return 2, 1, struct.pack("<II", number_ << 16 | PNP, uid)

    return build


def _usb_class(kind: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        vendor, product, sub, protocol = map(number, arguments)
        return 3, 0x0F, struct.pack("<HHBBB", vendor, product, kind, sub, protocol)

    return build


def _usb_application(sub: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        vendor, product, protocol = map(number, arguments)
        return 3, 0x0F, struct.pack("<HHBBB", vendor, product, USB_APPLICATION, sub, protocol)

    return build


def _ram_disk(kind: UUID | None) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        start, end, instance, *rest = arguments
        type_guid = guid(rest[0]) if kind is None else kind.bytes_le
        head = struct.pack("<QQ", number(start), number(end))
        return 4, 9, head + type_guid + struct.pack("<H", number(instance))

    return build


def _any(type_: int) -> Builder:
    def build(arguments: Sequence[str]) -> Built:
        subtype, *body = arguments
        return type_, number(subtype), b"".join(map(hex_bytes, body))

    return build


def _path(arguments: Sequence[str]) -> Built:
    type_, subtype, *body = arguments
    return number(type_), number(subtype), b"".join(map(hex_bytes, body))


BUILDERS: dict[str, Builder] = (
    {name: numbers.build for name, numbers in _NUMBERS.items()}
    | {name: _guid_node(*kind) for name, kind in _GUIDS.items()}
    | {name: _vendor(*kind) for name, kind in _VENDORS.items()}
    | {text.removesuffix("()"): _bare_vendor(vendor) for vendor, text in BARE_VENDORS.items()}
    | {name: _acpi_device(pnp) for pnp, name in ACPI_NAMES.items()}
    | {name: _usb_class(kind) for kind, name in USB_CLASSES.items()}
    | {name: _usb_application(sub) for sub, name in USB_APPLICATIONS.items()}
    | {name: _ram_disk(kind) for kind, name in RAM_DISKS.items()}
    | {name: _any(type_) for name, type_ in _ANY.items()}
    | {"RamDisk": _ram_disk(None), "Path": _path}
)
