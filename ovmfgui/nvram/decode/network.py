"""Network configuration: IP and iSCSI; passwords are masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from ovmfgui.budgets import MOST_ADDRESSES
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Undecodable, Value, named
from ovmfgui.nvram.decode.nodes.form import ipv4_text
from ovmfgui.nvram.faults import visible_name
from ovmfgui.structure import Bytes, Structure, UInt8, UInt16, UInt32

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ovmfgui.fields import Field

MASK = "••••••••"


class Ip4ConfigVariable(Structure):
    """IP4_CONFIG2_VARIABLE (NetworkPkg/Ip4Dxe/Ip4Config2Impl.h).

    IP6_CONFIG_VARIABLE (NetworkPkg/Ip6Dxe/Ip6ConfigImpl.h) is the same. A head, then records that
    say where the data lies.
    """

    CheckSum: UInt16
    DataRecordCount: UInt16


class Ip4ConfigRecord(Structure):
    """IP4_CONFIG2_DATA_RECORD; IP6_CONFIG_DATA_RECORD is the same."""

    Offset: UInt16
    Padding: UInt16
    DataSize: UInt32
    DataType: UInt32


_IP_HEAD, _IP_RECORD = Ip4ConfigVariable.sizeof(), Ip4ConfigRecord.sizeof()


class IscsiAttempt(Structure):
    """ISCSI_ATTEMPT_CONFIG_NVDATA (NetworkPkg/IScsiDxe/IScsiImpl.h), packed.

    ISCSI_SESSION_CONFIG_NVDATA (IScsiMisc.h) and ISCSI_CHAP_AUTH_CONFIG_NVDATA (IScsiCHAP.h) lie
    inside.
    """

    Link: Annotated[bytes, Bytes(16)]
    NicIndex: UInt8
    AttemptConfigIndex: UInt8
    DhcpSuccess: UInt8
    ValidiBFTPath: UInt8
    ValidPath: UInt8
    AutoConfigureMode: UInt8
    AttemptTitleToken: UInt16
    AttemptTitleHelpToken: UInt16
    AttemptName: Annotated[bytes, Bytes(12)]
    MacString: Annotated[bytes, Bytes(96)]
    PrimaryDns: Annotated[bytes, Bytes(16)]
    SecondaryDns: Annotated[bytes, Bytes(16)]
    DhcpServer: Annotated[bytes, Bytes(16)]
    TargetPort: UInt16
    Enabled: UInt8
    IpMode: UInt8
    LocalIp: Annotated[bytes, Bytes(16)]
    SubnetMask: Annotated[bytes, Bytes(4)]
    Gateway: Annotated[bytes, Bytes(16)]
    InitiatorInfoFromDhcp: UInt8
    TargetInfoFromDhcp: UInt8
    TargetName: Annotated[bytes, Bytes(224)]
    TargetIp: Annotated[bytes, Bytes(16)]
    PrefixLength: UInt8
    BootLun: Annotated[bytes, Bytes(8)]
    ConnectTimeout: UInt16
    ConnectRetryCount: UInt8
    IsId: Annotated[bytes, Bytes(6)]
    RedirectFlag: UInt8
    OriginalTargetPort: UInt16
    OriginalTargetIp: Annotated[bytes, Bytes(16)]
    DnsMode: UInt8
    TargetUrl: Annotated[bytes, Bytes(255)]
    AuthenticationType: UInt8
    CHAPType: UInt8
    CHAPName: Annotated[bytes, Bytes(127)]
    CHAPSecret: Annotated[bytes, Bytes(17)]
    ReverseCHAPName: Annotated[bytes, Bytes(127)]
    ReverseCHAPSecret: Annotated[bytes, Bytes(17)]
    AutoConfigureSuccess: UInt8
    Actived: UInt8


_ISCSI_TEXTS = frozenset(("AttemptName", "TargetName", "TargetUrl", "CHAPName", "ReverseCHAPName"))
_ISCSI_SECRETS = frozenset(("CHAPSecret", "ReverseCHAPSecret"))
_ISCSI_ADDRESSES = frozenset(
    (
        "PrimaryDns",
        "SecondaryDns",
        "DhcpServer",
        "LocalIp",
        "SubnetMask",
        "Gateway",
        "TargetIp",
        "OriginalTargetIp",
    )
)
# Pointers and tokens of the run that wrote it, with no meaning in the file.
_ISCSI_HIDDEN = frozenset(("Link", "AttemptTitleToken", "AttemptTitleHelpToken"))
_ISCSI_MODES = {0: "disabled", 1: "enabled", 2: "enabled with MPIO"}
_IP_MODES = {0: "IPv4", 1: "IPv6", 2: "autoconfigured"}
_AUTHENTICATIONS = {0: "no authentication", 1: "CHAP", 2: "Kerberos"}


class _IpKind(NamedTuple):
    """How one version of IP is configured."""

    title: str
    types: dict[int, str]
    policies: dict[int, str]
    address: Callable[[bytes], str]
    address_size: int


def _ipv6(raw: bytes) -> str:
    # Imported here: few stores have an IPv6 configuration, and a quick start can do without.
    from ipaddress import IPv6Address

    return str(IPv6Address(raw))


# EFI_IP4_CONFIG2_DATA_TYPE and EFI_IP6_CONFIG_DATA_TYPE (UEFI specification, chapter 28).
_IP4 = _IpKind(
    "IPv4",
    {1: "policy", 2: "address and mask", 3: "gateway", 4: "DNS servers"},
    {0: "static", 1: "DHCP"},
    ipv4_text,
    4,
)
_IP6 = _IpKind(
    "IPv6",
    {
        1: "interface id",
        2: "policy",
        3: "duplicate address detections",
        4: "address",
        5: "gateway",
        6: "DNS servers",
    },
    {0: "manual", 1: "automatic"},
    _ipv6,
    16,
)


def _ip_text(kind: _IpKind, name: str, raw: bytes) -> str:
    if name == "policy" and len(raw) == 4:
        number = int.from_bytes(raw, "little")
        return kind.policies.get(number, str(number))
    size = kind.address_size
    if name in ("address and mask", "gateway", "DNS servers") and raw and len(raw) % size == 0:
        return ", ".join(kind.address(raw[at : at + size]) for at in range(0, len(raw), size))
    return raw.hex()


def _ip_config(kind: _IpKind) -> Callable[[Value], Decoded]:
    def decode(value: Value) -> Decoded:
        head = value.read(Ip4ConfigVariable, 0)
        if head is None:
            raise Undecodable(f"it has {len(value.data)} bytes, too few for a head")
        count = head[0].DataRecordCount
        fields: list[Field] = list(head[1])
        parts: dict[str, str] = {}
        if count > MOST_ADDRESSES:
            raise Undecodable(f"it promises {count} records, more than the {MOST_ADDRESSES} read")
        for index in range(count):
            record = value.read(Ip4ConfigRecord, _IP_HEAD + index * _IP_RECORD)
            if record is None:
                raise Undecodable(f"it promises {count} records and holds {index}")
            offset, size = record[0].Offset, record[0].DataSize
            if offset + size > len(value.data):
                raise Undecodable(f"record {index} points behind the end")
            name = kind.types.get(record[0].DataType, f"type {record[0].DataType}")
            text = _ip_text(kind, name, value.data[offset : offset + size])
            parts[name] = text
            fields.extend(record[1])
            fields.append(value.field(name, offset, size, text))
        summary = ", ".join(f"{name} {text}" for name, text in parts.items())
        return Decoded(f"{kind.title}: {summary or 'empty'}", tuple(fields), parts)

    return decode


def _iscsi_text(field: Field, values: IscsiAttempt, reveal: bool) -> Any:
    name, raw = field.name, field.value
    if name in _ISCSI_SECRETS:
        return _secret(raw, reveal)
    if name == "MacString":
        return visible_name(raw.decode("utf-16-le", "surrogatepass").split("\0", 1)[0])
    if name in _ISCSI_TEXTS:
        return visible_name(raw.split(b"\0", 1)[0].decode("latin-1"))
    if name in _ISCSI_ADDRESSES:
        return _ipv6(raw) if values.IpMode == 1 and len(raw) == 16 else ipv4_text(raw[:4])
    return raw


def _iscsi_attempt(value: Value) -> Decoded:
    read = value.read(IscsiAttempt, 0)
    if read is None or len(value.data) != IscsiAttempt.sizeof():
        raise Undecodable(f"it has {len(value.data)} bytes, not {IscsiAttempt.sizeof()}")
    values, raw_fields = read
    fields: list[Field] = []
    shown: dict[str, Any] = {}
    for field in raw_fields:
        if field.name in _ISCSI_HIDDEN:
            continue
        text = _iscsi_text(field, values, value.reveal)
        shown[field.name] = text.hex() if isinstance(text, bytes) else text
        offset = field.span.start - value.start
        fields.append(value.field(field.name, offset, field.span.size, text))
    mode = _ISCSI_MODES.get(values.Enabled, f"mode {values.Enabled}")
    parts = [shown["AttemptName"], mode]
    if values.Enabled:
        parts.append(_IP_MODES.get(values.IpMode, ""))
        parts.append(shown["TargetName"] or "target from DHCP")
        parts.append(_AUTHENTICATIONS.get(values.AuthenticationType, ""))
    secrets = (values.CHAPSecret + values.ReverseCHAPSecret).strip(b"\0")
    return Decoded(
        ", ".join(filter(None, parts)),
        tuple(fields),
        shown,
        secret=bool(secrets) and not value.reveal,
    )


def _secret(raw: bytes, reveal: bool) -> str:
    text = visible_name(raw.split(b"\0", 1)[0].decode("latin-1"))
    return text if reveal or not text else MASK


def _password_hash(value: Value) -> Decoded:
    """Shim's password for MokManager: a hash, its method and salt (mokutil, PASSWORD_CRYPT)."""
    shown = value.data.hex() if value.reveal else MASK
    field = value.field("hash", 0, len(value.data), shown, "of the password for MokManager")
    summary = f"password hash, {len(value.data)} bytes"
    return Decoded(summary, (field,), shown, secret=not value.reveal)


def _mok_state(value: Value) -> Decoded:
    """MokSBState and MokDBState: one byte, or a request of mokutil's with a password."""
    if len(value.data) == 1:
        number = value.uint(0, 1)
        summary = "validation is off" if number else "validation is on"
        return Decoded(summary, (value.number(value.name, 0, 1, summary),), number)
    return _password_hash(value)


# The IANA registry of TLS cipher suites; those that edk2's OpenSSL offers.
_CIPHERS = {
    0x002F: "RSA_WITH_AES_128_CBC_SHA",
    0x0035: "RSA_WITH_AES_256_CBC_SHA",
    0x003C: "RSA_WITH_AES_128_CBC_SHA256",
    0x003D: "RSA_WITH_AES_256_CBC_SHA256",
    0x0067: "DHE_RSA_WITH_AES_128_CBC_SHA256",
    0x006B: "DHE_RSA_WITH_AES_256_CBC_SHA256",
    0x009E: "DHE_RSA_WITH_AES_128_GCM_SHA256",
    0x009F: "DHE_RSA_WITH_AES_256_GCM_SHA384",
    0x1301: "AES_128_GCM_SHA256",
    0x1302: "AES_256_GCM_SHA384",
    0xC02B: "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    0xC02F: "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
}


def _tls_ciphers(value: Value) -> Decoded:
    """EFI_TLS_CIPHER is two bytes as they go over the wire, the first one first."""
    if len(value.data) % 2:
        raise Undecodable(f"it has {len(value.data)} bytes, an odd number")
    numbers = [
        int.from_bytes(value.data[at : at + 2], "big") for at in range(0, len(value.data), 2)
    ]
    names = [_CIPHERS.get(number, f"0x{number:04X}") for number in numbers]
    fields = tuple(
        value.field(f"[{index}]", 2 * index, 2, f"0x{number:04X}", name)
        for index, (number, name) in enumerate(zip(numbers, names, strict=True))
    )
    return Decoded(", ".join(names), fields, names)


_MAC_NAME = re.compile(r"[0-9A-F]{12}(\\[0-9A-F]{4})?\Z")


def _by_mac(*vendor: UUID) -> Callable[[UUID, str], bool]:
    return lambda guid, name: guid in vendor and _MAC_NAME.match(name) is not None


DECODERS = (
    Decoder(
        "IPv4 configuration",
        _by_mac(vendors.IP4_CONFIG, vendors.IP4_CONFIG_DATA),
        _ip_config(_IP4),
        "How firmware's IPv4 is set up on one network card, named by its MAC address.",
    ),
    Decoder(
        "IPv6 configuration",
        _by_mac(vendors.IP6_CONFIG),
        _ip_config(_IP6),
        "How firmware's IPv6 is set up on one network card, named by its MAC address.",
    ),
    Decoder(
        "iSCSI attempt",
        lambda guid, name: (
            guid == vendors.ISCSI_INITIATOR and re.match(r"Attempt \d+\Z", name) is not None
        ),
        _iscsi_attempt,
        "An iSCSI target to connect to. OVMF creates eight of them, empty.",
    ),
    Decoder(
        "password",
        named(vendors.SHIM, "MokPW", "MokAuth", "MokDelAuth", "MokXAuth", "MokXDelAuth"),
        _password_hash,
        "The password that MokManager asks for before it does what mokutil requested.",
    ),
    Decoder(
        "TLS ciphers",
        named(vendors.HTTP_TLS_CIPHERS, "HttpTlsCipherList"),
        _tls_ciphers,
        "The cipher suites that HTTPS boot may use, by preference.",
    ),
    Decoder(
        "shim state",
        named(vendors.SHIM, "MokSBState", "MokDBState"),
        _mok_state,
        "A request of mokutil's, with the password that MokManager will ask for.",
    ),
)
