"""Messaging nodes of the network (UEFI specification, section 10.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.nvram.decode.nodes.form import NodeForm, ascii_text, ipv4_text, ipv6_text, with_data
from ovmfgui.structure import Bytes, Int8ul, Int16ul, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOLS = {6: "TCP", 17: "UDP"}
ORIGINS = {0: "Static", 1: "StatelessAutoConfigure"}
VENDOR_REST_SERVICE = 0xFF


def _protocol(number: int) -> str:
    return PROTOCOLS.get(number, f"0x{number:X}")


def _mac(values: Mapping[str, Any], _rest: bytes) -> str:
    # Ethernet addresses (types 0 and 1) have six bytes of the 32.
    size = 6 if values["IfType"] in (0, 1) else 32
    return f"MAC({values['MacAddress'][:size].hex()},0x{values['IfType']:X})"


def _ip4_node(values: Mapping[str, Any], rest: bytes) -> str:
    parts = [
        ipv4_text(values["RemoteIpAddress"]),
        _protocol(values["Protocol"]),
        "Static" if values["StaticIpAddress"] else "DHCP",
        ipv4_text(values["LocalIpAddress"]),
    ]
    # Nodes older than UEFI 2.4 end here.
    if len(rest) >= 8:
        parts += [ipv4_text(rest[:4]), ipv4_text(rest[4:8])]
    return f"IPv4({','.join(parts)})"


def _ip6_node(values: Mapping[str, Any], rest: bytes) -> str:
    parts = [
        ipv6_text(values["RemoteIpAddress"]),
        _protocol(values["Protocol"]),
        ORIGINS.get(values["IpAddressOrigin"], "StatefulAutoConfigure"),
        ipv6_text(values["LocalIpAddress"]),
    ]
    if len(rest) >= 17:
        parts += [f"0x{rest[0]:X}", ipv6_text(rest[1:17])]
    return f"IPv6({','.join(parts)})"


def _iscsi(values: Mapping[str, Any], rest: bytes) -> str:
    options = values["LoginOption"]
    chap = "CHAP_UNI" if options >> 12 & 1 else "CHAP_BI"
    parts = (
        ascii_text(rest),
        f"0x{values['TargetPortalGroupTag']:X}",
        f"0x{values['Lun'].hex()}",
        "CRC32C" if options >> 1 & 1 else "None",
        "CRC32C" if options >> 3 & 1 else "None",
        "None" if options >> 11 & 1 else chap,
        "TCP" if values["NetworkProtocol"] == 0 else "reserved",
    )
    return f"iSCSI({','.join(parts)})"


def _dns(values: Mapping[str, Any], rest: bytes) -> str:
    whole = (rest[at : at + 16] for at in range(0, len(rest) - 15, 16))
    shown = (ipv6_text(raw) if values["IsIPv6"] else ipv4_text(raw[:4]) for raw in whole)
    return f"Dns({','.join(shown)})"


def _rest_service(values: Mapping[str, Any], rest: bytes) -> str:
    service, mode = values["RESTService"], values["AccessMode"]
    if service == VENDOR_REST_SERVICE and len(rest) >= 16:
        guid = UUID(bytes_le=rest[:16])
        return with_data("RestService", guid, rest[16:]).replace("(", f"(0xFF,0x{mode:02X},", 1)
    return f"RestService(0x{service:02X},0x{mode:02X})"


FORMS = (
    NodeForm(3, 0x0B, "MAC address", Struct("MacAddress" / Bytes(32), "IfType" / Int8ul), _mac),
    NodeForm(
        3,
        0x0C,
        "IPv4",
        Struct(
            "LocalIpAddress" / Bytes(4),
            "RemoteIpAddress" / Bytes(4),
            "LocalPort" / Int16ul,
            "RemotePort" / Int16ul,
            "Protocol" / Int16ul,
            "StaticIpAddress" / Int8ul,
        ),
        _ip4_node,
    ),
    NodeForm(
        3,
        0x0D,
        "IPv6",
        Struct(
            "LocalIpAddress" / Bytes(16),
            "RemoteIpAddress" / Bytes(16),
            "LocalPort" / Int16ul,
            "RemotePort" / Int16ul,
            "Protocol" / Int16ul,
            "IpAddressOrigin" / Int8ul,
        ),
        _ip6_node,
    ),
    NodeForm(
        3,
        0x13,
        "iSCSI",
        Struct(
            "NetworkProtocol" / Int16ul,
            "LoginOption" / Int16ul,
            "Lun" / Bytes(8),
            "TargetPortalGroupTag" / Int16ul,
        ),
        _iscsi,
    ),
    NodeForm(3, 0x14, "VLAN", Struct("VlanId" / Int16ul), lambda v, _: f"Vlan({v['VlanId']})"),
    NodeForm(3, 0x18, "URI", Struct(), lambda _, rest: f"Uri({ascii_text(rest)})"),
    NodeForm(3, 0x1F, "DNS", Struct("IsIPv6" / Int8ul), _dns),
    NodeForm(
        3,
        0x21,
        "REST service",
        Struct("RESTService" / Int8ul, "AccessMode" / Int8ul),
        _rest_service,
    ),
    NodeForm(
        3,
        0x22,
        "NVMe over Fabrics",
        Struct("NIDT" / Int8ul, "NID" / Bytes(16)),
        lambda v, rest: f"NVMEoF({ascii_text(rest)},{v['NID'].hex()})",
    ),
)
