"""Variables outside of a store: the formats that tools exchange them in."""

from __future__ import annotations

import json
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.nvram.record import Attributes, decode_name, encode_name
from ovmfgui.nvram.timestamp import SIZE as TIMESTAMP_SIZE
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

# The version that python-uefivars, virt-firmware and QEMU's uefi-vars device write.
_JSON_VERSION = 2
# efivarfs names a file so, the attributes are its first four bytes (Linux, fs/efivarfs).
_EFIVARFS_NAME = re.compile(
    r"(.+)-([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\Z", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable on its way from or to a store.

    Attributes:
        name: without NUL.
        guid: of the vendor.
        attributes: as firmware has them.
        data: the value.
        timestamp: EFI_TIME, 16 bytes, of a time-based authenticated variable; None without one.
        digest: by which QEMU's uefi-vars device knows the signer of an authenticated variable;
            None without one, and for a variable from anywhere else.
    """

    name: str
    guid: UUID
    attributes: int
    data: bytes
    timestamp: bytes | None = None
    digest: bytes | None = None

    @classmethod
    def of_record(cls, record: Record) -> Variable:
        """The variable in a record."""
        timed = record.attributes & Attributes.AT
        return cls(
            record.name,
            record.guid,
            record.attributes,
            record.data,
            record.timestamp if timed else None,
        )


def to_json(variables: Iterable[Variable]) -> str:
    """The JSON that virt-firmware, python-uefivars and QEMU's uefi-vars share."""
    listed: list[dict[str, Any]] = []
    for each in variables:
        entry: dict[str, Any] = {
            "name": each.name,
            "guid": str(each.guid),
            "attr": each.attributes,
            "data": each.data.hex(),
        }
        if each.timestamp is not None:
            entry["time"] = each.timestamp.hex()
        if each.digest is not None:
            entry["digest"] = each.digest.hex()
        listed.append(entry)
    return json.dumps({"version": _JSON_VERSION, "variables": listed}, indent=4) + "\n"


def _from_entry(entry: Any) -> Variable:
    timestamp = entry.get("time")
    raw = None if timestamp is None else bytes.fromhex(timestamp)
    if raw is not None and len(raw) != TIMESTAMP_SIZE:
        raise ValueError("time")
    name, attributes = entry["name"], entry["attr"]
    if not isinstance(name, str) or not isinstance(attributes, int):
        raise TypeError
    data = bytes.fromhex(entry["data"])
    digest = entry.get("digest")
    signer = None if digest is None else bytes.fromhex(digest)
    return Variable(name, UUID(entry["guid"]), attributes, data, raw, signer)


def variables_of(store: Store) -> tuple[Variable, ...]:
    """The variables that firmware sees, with all that the store keeps of them."""
    found = tuple(Variable.of_record(record) for record in store.live)
    if store.json is None:
        return found
    digests = {
        record.key: bytes.fromhex(entry["digest"])
        for record, entry in zip(store.records, store.json.entries, strict=True)
        if "digest" in entry
    }
    return tuple(replace(each, digest=digests.get((each.guid, each.name))) for each in found)


def from_json(text: str) -> tuple[Variable, ...]:
    """The variables in such JSON.

    Raises:
        Refused: it is not of that form.
    """
    try:
        document = json.loads(text)
        entries = document["variables"]
    except (ValueError, KeyError, TypeError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        msg = "no JSON with a list of variables in it"
        raise Refused(msg)
    variables: list[Variable] = []
    for number, entry in enumerate(entries):
        try:
            variables.append(_from_entry(entry))
        except (ValueError, KeyError, TypeError, AttributeError):
            msg = (
                f"variable {number} of the list is not of the form "
                '{"name", "guid", "attr", "data" in hex}'
            )
            raise Refused(msg) from None
    return tuple(variables)


def to_dmpstore(variables: Iterable[Variable]) -> bytes:
    """What the UEFI shell's ``dmpstore -s`` writes and ``dmpstore -l`` loads."""
    parts: list[bytes] = []
    for each in variables:
        name = encode_name(each.name)
        body = (
            struct.pack("<II", len(name), len(each.data))
            + name
            + each.guid.bytes_le
            + struct.pack("<I", each.attributes)
            + each.data
        )
        parts += [body, struct.pack("<I", zlib.crc32(body))]
    return b"".join(parts)


def from_dmpstore(data: bytes) -> tuple[Variable, ...]:
    """The variables in such a file.

    Raises:
        Refused: it is not of that form, or damaged.
    """
    variables: list[Variable] = []
    at = 0
    while at < len(data):
        if len(variables) >= MOST_RECORDS:
            msg = f"a dmpstore file of more than {MOST_RECORDS:,} variables"
            raise Refused(msg)
        sizes = data[at : at + 8]
        name_size, data_size = struct.unpack("<II", sizes) if len(sizes) == 8 else (0, 0)
        name_end = at + 8 + name_size
        end = name_end + 20 + data_size
        if not name_size or end + 4 > len(data):
            msg = f"no dmpstore file: the entry at byte {at} does not fit"
            raise Refused(msg)
        if zlib.crc32(data[at:end]) != int.from_bytes(data[end : end + 4], "little"):
            msg = f"a damaged dmpstore file: the checksum of the entry at byte {at} is wrong"
            raise Refused(msg)
        variables.append(
            Variable(
                decode_name(data[at + 8 : name_end]),
                UUID(bytes_le=data[name_end : name_end + 16]),
                int.from_bytes(data[name_end + 16 : name_end + 20], "little"),
                data[name_end + 20 : end],
            )
        )
        at = end + 4
    return tuple(variables)


def to_efivarfs(variable: Variable) -> tuple[str, bytes]:
    """Name and contents of the file that Linux shows a variable as in efivarfs."""
    contents = struct.pack("<I", variable.attributes) + variable.data
    return f"{variable.name}-{variable.guid}", contents


def from_efivarfs(name: str, contents: bytes) -> Variable:
    """The variable that a file copied from efivarfs holds.

    Raises:
        Refused: its name or its contents are not of that form.
    """
    match = _EFIVARFS_NAME.match(name)
    if match is None or len(contents) < 4:
        msg = f"{name} is no file of efivarfs: those are called NAME-GUID and start with attributes"
        raise Refused(msg)
    attributes = int.from_bytes(contents[:4], "little")
    return Variable(match[1], UUID(match[2]), attributes, contents[4:])


def is_efivarfs_name(name: str) -> bool:
    """Whether a file is called as in efivarfs."""
    return _EFIVARFS_NAME.match(name) is not None
