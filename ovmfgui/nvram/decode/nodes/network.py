"""Messaging nodes of the network (UEFI specification, section 10.3.4)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, ipv4_text, ipv6_text, with_data
from ovmfgui.structure import Bytes, Structure, UInt8, UInt16

PROTOCOLS = {6: "TCP", 17: "UDP"}
ORIGINS = {0: "Static", 1: "StatelessAutoConfigure"}
VENDOR_REST_SERVICE = 0xFF


class _MacAddress(Structure):
    MacAddress: Annotated[bytes, Bytes(32)]
    IfType: UInt8


class _Ip4(Structure):
    LocalIpAddress: Annotated[bytes, Bytes(4)]
    RemoteIpAddress: Annotated[bytes, Bytes(4)]
    LocalPort: UInt16
    RemotePort: UInt16
    Protocol: UInt16
    StaticIpAddress: UInt8


class _Ip6(Structure):
    LocalIpAddress: Annotated[bytes, Bytes(16)]
    RemoteIpAddress: Annotated[bytes, Bytes(16)]
    LocalPort: UInt16
    RemotePort: UInt16
    Protocol: UInt16
    IpAddressOrigin: UInt8


class _Iscsi(Structure):
    NetworkProtocol: UInt16
    LoginOption: UInt16
    Lun: Annotated[bytes, Bytes(8)]
    TargetPortalGroupTag: UInt16


class _Vlan(Structure):
    VlanId: UInt16


class _Dns(Structure):
    IsIPv6: UInt8


class _RestService(Structure):
    RESTService: UInt8
    AccessMode: UInt8


class _NvmeOverFabrics(Structure):
    NIDT: UInt8
    NID: Annotated[bytes, Bytes(16)]


def _protocol(number: int) -> str:
    return PROTOCOLS.get(number, f"0x{number:X}")


def _mac(node: _MacAddress, _rest: bytes) -> str:
    # Ethernet addresses (types 0 and 1) have six bytes of the 32.
    size = 6 if node.IfType in (0, 1) else 32
    return f"MAC({node.MacAddress[:size].hex()},0x{node.IfType:X})"


def _ip4_node(node: _Ip4, rest: bytes) -> str:
    parts = [
        ipv4_text(node.RemoteIpAddress),
        _protocol(node.Protocol),
        "Static" if node.StaticIpAddress else "DHCP",
        ipv4_text(node.LocalIpAddress),
    ]
    # Nodes older than UEFI 2.4 end here.
    if len(rest) >= 8:
        parts += [ipv4_text(rest[:4]), ipv4_text(rest[4:8])]
    return f"IPv4({','.join(parts)})"


def _ip6_node(node: _Ip6, rest: bytes) -> str:
    parts = [
        ipv6_text(node.RemoteIpAddress),
        _protocol(node.Protocol),
        ORIGINS.get(node.IpAddressOrigin, "StatefulAutoConfigure"),
        ipv6_text(node.LocalIpAddress),
    ]
    if len(rest) >= 17:
        parts += [f"0x{rest[0]:X}", ipv6_text(rest[1:17])]
    return f"IPv6({','.join(parts)})"


def _iscsi(node: _Iscsi, rest: bytes) -> str:
    options = node.LoginOption
    chap = "CHAP_UNI" if options >> 12 & 1 else "CHAP_BI"
    parts = (
        ascii_text(rest),
        f"0x{node.TargetPortalGroupTag:X}",
        f"0x{node.Lun.hex()}",
        "CRC32C" if options >> 1 & 1 else "None",
        "CRC32C" if options >> 3 & 1 else "None",
        "None" if options >> 11 & 1 else chap,
        "TCP" if node.NetworkProtocol == 0 else "reserved",
    )
    return f"iSCSI({','.join(parts)})"


def _dns(node: _Dns, rest: bytes) -> str:
    whole = (rest[at : at + 16] for at in range(0, len(rest) - 15, 16))
    shown = (ipv6_text(raw) if node.IsIPv6 else ipv4_text(raw[:4]) for raw in whole)
    return f"Dns({','.join(shown)})"


def _rest_service(node: _RestService, rest: bytes) -> str:
    service, mode = node.RESTService, node.AccessMode
    if service == VENDOR_REST_SERVICE and len(rest) >= 16:
        guid = UUID(bytes_le=rest[:16])
        return with_data("RestService", guid, rest[16:]).replace("(", f"(0xFF,0x{mode:02X},", 1)
    return f"RestService(0x{service:02X},0x{mode:02X})"


FORMS = (
    NodeForm(3, 0x0B, "MAC address", _MacAddress, _mac),
    NodeForm(
        3,
        0x0C,
        "IPv4",
        _Ip4,
        _ip4_node,
    ),
    NodeForm(
        3,
        0x0D,
        "IPv6",
        _Ip6,
        _ip6_node,
    ),
    NodeForm(
        3,
        0x13,
        "iSCSI",
        _Iscsi,
        _iscsi,
    ),
    NodeForm(3, 0x14, "VLAN", _Vlan, lambda node, _: f"Vlan({node.VlanId})"),
    NodeForm(3, 0x18, "URI", Structure, lambda _, rest: f"Uri({ascii_text(rest)})"),
    NodeForm(3, 0x1F, "DNS", _Dns, _dns),
    NodeForm(
        3,
        0x21,
        "REST service",
        _RestService,
        _rest_service,
    ),
    NodeForm(
        3,
        0x22,
        "NVMe over Fabrics",
        _NvmeOverFabrics,
        lambda node, rest: f"NVMEoF({ascii_text(rest)},{node.NID.hex()})",
    ),
)
