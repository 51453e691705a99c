"""Node texts with a form of their own."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from ovmfgui.nvram.decode.nodes.arguments import (
    ascii_bytes,
    guid,
    hex_bytes,
    ipv4,
    ipv6,
    number,
    of_size,
    one_of,
    ucs2_bytes,
)
from ovmfgui.nvram.decode.nodes.hardware import BBS_TYPES
from ovmfgui.nvram.decode.nodes.messaging import (
    FLOW_CONTROLS,
    PARITIES,
    SAS,
    STOP_BITS,
    UART_FLOW_CONTROL,
)
from ovmfgui.nvram.decode.nodes.network import ORIGINS, PROTOCOLS, VENDOR_REST_SERVICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.nvram.decode.nodes.arguments import Builder, Built

_EISA = re.compile(r"([A-Z])([A-Z])([A-Z])([0-9A-Fa-f]{4})\Z")


def _eisa(text: str) -> int:
    """A compressed EISA id: PNP0A03, or a number."""
    match = _EISA.match(text)
    if match is None:
        return number(text)
    letters = [ord(letter) - ord("A") + 1 for letter in match.group(1, 2, 3)]
    return int(match[4], 16) << 16 | letters[0] << 10 | letters[1] << 5 | letters[2]


def _acpi(arguments: Sequence[str]) -> Built:
    hid, uid = arguments
    return 2, 1, struct.pack("<II", _eisa(hid), number(uid))


def _acpi_ex(arguments: Sequence[str]) -> Built:
    hid, cid, uid, hid_text, cid_text, uid_text = arguments
    head = struct.pack("<III", _eisa(hid), number(uid), _eisa(cid))
    return 2, 2, head + b"".join(map(ascii_bytes, (hid_text, uid_text, cid_text)))


def _acpi_exp(arguments: Sequence[str]) -> Built:
    hid, cid, uid_text = arguments
    return _acpi_ex((hid, cid, "0", "", "", uid_text))


def _acpi_adr(arguments: Sequence[str]) -> Built:
    return 2, 3, struct.pack(f"<{len(arguments)}I", *map(number, arguments))


def _bbs(arguments: Sequence[str]) -> Built:
    kind, text, *flags = arguments
    status = number(flags[0]) if flags else 0
    return 5, 1, struct.pack("<HH", one_of(BBS_TYPES, kind), status) + ascii_bytes(text)


def _ata(arguments: Sequence[str]) -> Built:
    controller, drive, lun = arguments
    sides = (
        one_of({0: "Primary", 1: "Secondary"}, controller),
        one_of({0: "Master", 1: "Slave"}, drive),
    )
    return 3, 1, struct.pack("<BBH", *sides, number(lun))


def _ieee1394(arguments: Sequence[str]) -> Built:
    (name,) = arguments
    return 3, 4, struct.pack("<4xQ", int(name, 16))


def _infiniband(arguments: Sequence[str]) -> Built:
    flags, gid, *ids = arguments
    return (
        3,
        9,
        struct.pack("<I", number(flags)) + guid(gid) + struct.pack("<QQQ", *map(number, ids)),
    )


def _topology(words: Sequence[str]) -> int:
    """Device and topology information, the reverse of what the text form tells."""
    first, place, way, bay = words
    if first == "NoTopology":
        return 0
    if first not in ("SAS", "SATA"):
        return number(first)
    drive = number(bay)
    more = 1 if not drive else 2 | (drive - 1) << 8
    flags = (first == "SATA") << 4 | (place == "External") << 5 | (way == "Expanded") << 6
    return more | flags


def _sas(arguments: Sequence[str]) -> Built:
    address, lun, port, *topology, reserved = arguments
    body = struct.pack(
        "<IQQHH", number(reserved), number(address), number(lun), _topology(topology), number(port)
    )
    return 3, 0x0A, SAS.bytes_le + body


def _sas_ex(arguments: Sequence[str]) -> Built:
    address, lun, port, *topology = arguments
    body = of_size(hex_bytes(address), 8) + of_size(hex_bytes(lun), 8)
    return 3, 0x16, body + struct.pack("<HH", _topology(topology), number(port))


def _fibre_ex(arguments: Sequence[str]) -> Built:
    name, lun = (of_size(hex_bytes(argument), 8) for argument in arguments)
    return 3, 0x15, bytes(4) + name + lun


def _flow_control(arguments: Sequence[str]) -> Built:
    (control,) = arguments
    body = struct.pack("<I", one_of(FLOW_CONTROLS, control))
    return 3, 0x0A, UART_FLOW_CONTROL.bytes_le + body


def _mac(arguments: Sequence[str]) -> Built:
    address, *kind = arguments
    raw = hex_bytes(address)
    return 3, 0x0B, of_size(raw.ljust(32, b"\0"), 32) + bytes([number(kind[0]) if kind else 1])


def _ip4(arguments: Sequence[str]) -> Built:
    remote, protocol, origin, local, *rest = arguments
    static = one_of({0: "DHCP", 1: "Static"}, origin)
    head = ipv4(local) + ipv4(remote)
    middle = struct.pack("<HHHB", 0, 0, one_of(PROTOCOLS, protocol), static)
    return 3, 0x0C, head + middle + b"".join(map(ipv4, rest))


def _ip6(arguments: Sequence[str]) -> Built:
    remote, protocol, origin, local, *rest = arguments
    head = ipv6(local) + ipv6(remote)
    names = ORIGINS | {2: "StatefulAutoConfigure"}
    middle = struct.pack("<HHHB", 0, 0, one_of(PROTOCOLS, protocol), one_of(names, origin))
    tail = bytes([number(rest[0])]) + ipv6(rest[1]) if rest else b""
    return 3, 0x0D, head + middle + tail


def _uart(arguments: Sequence[str]) -> Built:
    baud, bits, parity, stop = arguments
    numbers = [0 if text == "DEFAULT" else number(text) for text in (baud, bits)]
    ends = one_of(PARITIES, parity), _stop_bits(stop)
    return 3, 0x0E, struct.pack("<4xQBBB", *numbers, *ends)


def _stop_bits(text: str) -> int:
    # "1" and "2" are names here, not numbers: 2 stop bits are the value 3.
    found = [value for value, name in STOP_BITS.items() if name == text]
    if not found:
        msg = f"{text!r} stop bits"
        raise ValueError(msg)
    return found[0]


def _usb_wwid(arguments: Sequence[str]) -> Built:
    vendor, product, interface, serial = arguments
    ids = struct.pack("<HHH", number(interface), number(vendor), number(product))
    return 3, 0x10, ids + ucs2_bytes(serial.strip('"'))


def _iscsi(arguments: Sequence[str]) -> Built:
    name, tag, lun, header, data, authentication, *_protocol = arguments
    options = (header == "CRC32C") << 1 | (data == "CRC32C") << 3
    options |= {"None": 1 << 11, "CHAP_UNI": 1 << 12}.get(authentication, 0)
    body = struct.pack("<HH", 0, options) + of_size(hex_bytes(lun), 8)
    return 3, 0x13, body + struct.pack("<H", number(tag)) + ascii_bytes(name)


def _nvme(arguments: Sequence[str]) -> Built:
    namespace, eui = arguments
    return 3, 0x17, struct.pack("<I", number(namespace)) + of_size(hex_bytes(eui), 8)[::-1]


def _uri(arguments: Sequence[str]) -> Built:
    return 3, 0x18, ",".join(arguments).encode("latin-1")


def _bluetooth(arguments: Sequence[str]) -> Built:
    (address,) = arguments
    return 3, 0x1B, of_size(hex_bytes(address), 6)


def _bluetooth_le(arguments: Sequence[str]) -> Built:
    address, kind = arguments
    return 3, 0x1E, of_size(hex_bytes(address), 6) + bytes([number(kind)])


def _wifi(arguments: Sequence[str]) -> Built:
    return 3, 0x1C, of_size(",".join(arguments).encode("latin-1").ljust(32, b"\0"), 32)


def _dns(arguments: Sequence[str]) -> Built:
    if any(":" in address for address in arguments):
        return 3, 0x1F, b"\1" + b"".join(map(ipv6, arguments))
    return 3, 0x1F, b"\0" + b"".join(ipv4(address).ljust(16, b"\0") for address in arguments)


def _rest_service(arguments: Sequence[str]) -> Built:
    service, mode, *rest = arguments
    head = bytes([number(service), number(mode)])
    if head[0] != VENDOR_REST_SERVICE or not rest:
        return 3, 0x21, head
    return 3, 0x21, head + guid(rest[0]) + b"".join(map(hex_bytes, rest[1:]))


def _nvme_of(arguments: Sequence[str]) -> Built:
    subsystem, identifier = arguments
    return 3, 0x22, b"\1" + of_size(hex_bytes(identifier), 16) + ascii_bytes(subsystem)


def _hard_drive(arguments: Sequence[str]) -> Built:
    partition, kind, signature, start, size = arguments
    if kind == "GPT":
        raw, map_kind, signature_kind = guid(signature), 2, 2
    elif kind == "MBR":
        raw, map_kind, signature_kind = struct.pack("<I12x", number(signature)), 1, 1
    else:
        raw, map_kind, signature_kind = bytes(16), 0, number(kind)
    extent = struct.pack("<IQQ", number(partition), number(start), number(size))
    return 4, 1, extent + raw + bytes([map_kind, signature_kind])


BUILDERS: dict[str, Builder] = {
    "Acpi": _acpi,
    "AcpiEx": _acpi_ex,
    "AcpiExp": _acpi_exp,
    "AcpiAdr": _acpi_adr,
    "BBS": _bbs,
    "Ata": _ata,
    "I1394": _ieee1394,
    "Infiniband": _infiniband,
    "SAS": _sas,
    "SasEx": _sas_ex,
    "FibreEx": _fibre_ex,
    "UartFlowCtrl": _flow_control,
    "MAC": _mac,
    "IPv4": _ip4,
    "IPv6": _ip6,
    "Uart": _uart,
    "UsbWwid": _usb_wwid,
    "iSCSI": _iscsi,
    "NVMe": _nvme,
    "Uri": _uri,
    "Bluetooth": _bluetooth,
    "BluetoothLE": _bluetooth_le,
    "Wi-Fi": _wifi,
    "Dns": _dns,
    "RestService": _rest_service,
    "NVMEoF": _nvme_of,
    "HD": _hard_drive,
}
