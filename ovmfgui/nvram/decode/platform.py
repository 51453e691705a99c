"""Values with a structure of their own: memory types, certdb, TPM requests, OVMF's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from ovmfgui.nvram import vendors
from ovmfgui.nvram.certdb import parse_certdb
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Undecodable, Value, named
from ovmfgui.nvram.faults import visible_name
from ovmfgui.structure import Bytes, Structure, UInt8, UInt32

if TYPE_CHECKING:
    from ovmfgui.fields import Field

# EFI_MEMORY_TYPE (UEFI specification, section 7.2).
_MEMORY_TYPES = (
    "reserved",
    "loader code",
    "loader data",
    "boot services code",
    "boot services data",
    "runtime services code",
    "runtime services data",
    "conventional",
    "unusable",
    "ACPI reclaim",
    "ACPI NVS",
    "MMIO",
    "MMIO port space",
    "PAL code",
    "persistent",
    "unaccepted",
)
_PAGE = 4096


class Tcg2Presence(Structure):
    """EFI_TCG2_PHYSICAL_PRESENCE (SecurityPkg/Include/Guid/Tcg2PhysicalPresenceData.h).

    It is not packed.
    """

    PPRequest: UInt8
    Padding1: Annotated[bytes, Bytes(3)]
    PPRequestParameter: UInt32
    LastPPRequest: UInt8
    Padding2: Annotated[bytes, Bytes(3)]
    PPResponse: UInt32


# The TCG's Physical Presence Interface specification 1.3, table 2.
_PRESENCE_REQUESTS = {
    0: "nothing",
    1: "enable TPM",
    2: "disable TPM",
    5: "clear TPM",
    14: "clear, enable and activate TPM",
    21: "clear and enable TPM",
    22: "enable and clear TPM",
    23: "set PCR banks",
    24: "change EPS",
    25: "log all digests",
}


def _memory_types(value: Value) -> Decoded:
    if len(value.data) % 8:
        raise Undecodable(f"{len(value.data)} bytes are no whole number of entries of 8")
    fields: list[Field] = []
    entries: list[dict[str, Any]] = []
    for at in range(0, min(len(value.data), 8 * 256), 8):
        kind, pages = value.uint(at, 4), value.uint(at + 4, 4)
        name = _MEMORY_TYPES[kind] if kind < len(_MEMORY_TYPES) else f"type 0x{kind:X}"
        if at + 8 == len(value.data) and not pages:
            fields.append(value.field("end", at, 8, "end of the table"))
            break
        entries.append({"type": name, "pages": pages})
        fields.append(value.field(name, at, 8, f"{pages} pages", f"{pages * _PAGE // 1024} KiB"))
    total = sum(entry["pages"] for entry in entries) * _PAGE // 1024
    return Decoded(f"{len(entries)} types, {total:,} KiB", tuple(fields), entries)


def _certdb(value: Value) -> Decoded:
    nodes, problem = parse_certdb(value.data)
    if problem is not None and not nodes:
        raise Undecodable(problem)
    fields: list[Field] = [value.number("CertDbListSize", 0, 4)]
    fields.extend(
        value.field(
            visible_name(node.name),
            node.span.start,
            node.span.size,
            node.digest.hex(),
            f"signer of {node.guid}",
        )
        for node in nodes
    )
    entries = [
        {
            "name": visible_name(node.name),
            "guid": str(node.guid),
            "digest": node.digest.hex(),
        }
        for node in nodes
    ]
    findings = () if problem is None else (value.finding("certdb", f"certdb: {problem}."),)
    names = ", ".join(entry["name"] for entry in entries[:8])
    return Decoded(names or "empty", tuple(fields), entries, findings)


def _presence(value: Value) -> Decoded:
    read = value.read(Tcg2Presence, 0)
    if read is None:
        raise Undecodable(f"it has {len(value.data)} bytes, not {Tcg2Presence.sizeof()}")
    values, fields = read
    wanted = _PRESENCE_REQUESTS.get(values.PPRequest, f"request {values.PPRequest}")
    last = _PRESENCE_REQUESTS.get(values.LastPPRequest, f"request {values.LastPPRequest}")
    kept = tuple(field for field in fields if not field.name.startswith("Padding"))
    numbers = {field.name: field.value for field in kept}
    return Decoded(f"asked: {wanted}; last: {last}", kept, numbers)


def _flags(value: Value) -> Decoded:
    if len(value.data) not in (1, 4):
        raise Undecodable(f"it has {len(value.data)} bytes, not 4")
    number = value.uint(0, len(value.data))
    field = value.number(value.name, 0, len(value.data))
    return Decoded(f"0x{number:X}", (field,), number)


def _resolution(value: Value) -> Decoded:
    if len(value.data) != 8:
        raise Undecodable(f"it has {len(value.data)} bytes, not 8")
    across, down = value.uint(0, 4), value.uint(4, 4)
    fields = (
        value.number("HorizontalResolution", 0, 4, str(across)),
        value.number("VerticalResolution", 4, 4, str(down)),
    )
    return Decoded(f"{across} × {down}", fields, {"horizontal": across, "vertical": down})


DECODERS = (
    Decoder(
        "memory types",
        named(vendors.MEMORY_TYPE, "MemoryTypeInformation"),
        _memory_types,
        "How much memory of each kind firmware sets aside, learnt from earlier starts.",
    ),
    Decoder(
        "certdb",
        named(vendors.CERT_DB, "certdb", "certdbv"),
        _certdb,
        "Whose signature each private authenticated variable demands.",
    ),
    Decoder(
        "TPM request",
        named(vendors.TCG2_PPI, "Tcg2PhysicalPresence"),
        _presence,
        "What the operating system asks firmware to do with the TPM.",
    ),
    Decoder(
        "TPM flags",
        lambda guid, name: (
            (guid == vendors.TCG2_PPI and name == "Tcg2PhysicalPresenceFlags")
            or (guid == vendors.TCG_PPI and name.startswith("PhysicalPresence"))
        ),
        _flags,
        "What may be done with the TPM without asking the user.",
    ),
    Decoder(
        "OVMF settings",
        named(vendors.OVMF_PLATFORM, "PlatformConfig"),
        _resolution,
        "The screen size chosen in firmware setup.",
    ),
)
