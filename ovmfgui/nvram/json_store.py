"""The store of QEMU's uefi-vars device: a JSON file, read by that device's own rules.

Sources: QEMU 10, qapi/uefi.json (UefiVarStore, UefiVariable), hw/uefi/var-service-json.c (load,
save), var-service-vars.c (finding and enumerating). What is refused, and what is loaded otherwise
than it is written, was seen on QEMU 10.0.2, whose migration stream tells what the device loaded;
how a guest fares with it is read from the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.flash.json_text import Part, parts, start_of, text_of
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.nvram.record import Attributes, Record, Status, encode_name
from ovmfgui.nvram.structures import STATE_ADDED
from ovmfgui.nvram.timestamp import SIZE as TIMESTAMP_SIZE
from ovmfgui.nvram.timestamp import ZERO
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.finding import Finding

VERSION = 2
"""uefi_vars_to_qapi, var-service-json.c."""
CAPACITY = 256 * 1024
"""Bytes that the device keeps where its property ``size`` says nothing else."""
OVERHEAD = 96
"""Bytes that it counts for a variable besides name, value and digest: sizeof(uefi_variable)."""
LARGEST = CAPACITY >> 2
"""Bytes of the largest variable that it tells (uefi_vars_mm_variable_info)."""
MEMBERS = ("name", "guid", "attr", "time", "data", "digest")
"""In the order that QEMU writes them."""

_REQUIRED = frozenset({"name", "guid", "attr", "data"})
_HEX = r"(?:[0-9a-fA-F]{2})*\Z"
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"
_REFUSED = "QEMU does not start with it"


class JsonStore(NamedTuple):
    """What a JSON store holds.

    Attributes:
        document: the whole, decoded; None where it is no good JSON.
        entries: its variables, decoded, as many as ``records`` and in their order.
        records: the variables; spans are in bytes of the text.
        used: bytes of the device's capacity that they take.
        findings: all that was noticed.
    """

    document: dict[str, Any] | None
    entries: tuple[dict[str, Any], ...]
    records: tuple[Record, ...]
    used: int
    findings: tuple[Finding, ...]


class _Offsets:
    """Characters to bytes, asked for in ascending order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ascii = text.isascii()
        self._at = self._bytes = 0

    def span(self, start: int, end: int) -> Span:
        return Span.between(self._byte(start), self._byte(end))

    def _byte(self, at: int) -> int:
        if self._ascii:
            return at
        if at < self._at:
            self._at = self._bytes = 0
        self._bytes += len(self._text[self._at : at].encode("utf-8", "surrogatepass"))
        self._at = at
        return self._bytes


def read_json_store(data: bytes, space: int = 0) -> JsonStore:
    """Read a JSON store; never raises.

    Args:
        data: the file's bytes.
        space: the space that findings are placed in.
    """
    note = FindingCollector(space)
    try:
        text = text_of(data)
        members = {part.key: part for part in parts(text, start_of(text))}
    except (ValueError, RecursionError) as error:
        note.error("json-broken", f"This is no good JSON ({error}): {_REFUSED}.")
        return JsonStore(None, (), (), 0, note.findings)
    if text.startswith("\ufeff"):
        note.error("json-bom", f"It begins with a byte order mark: {_REFUSED}.", Span(0, 3))
    document = {key: part.value for key, part in members.items()}
    listed = members.get("variables")
    if listed is None or not isinstance(listed.value, list):
        note.error("json-no-list", f"There is no list of variables in it: {_REFUSED}.")
        return JsonStore(document, (), (), 0, note.findings)
    _note_document(document, note)
    return _Reader(text, note).read(document, listed)


def _note_document(document: dict[str, Any], note: FindingCollector) -> None:
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        note.error("json-no-version", f"It does not tell its version in a number: {_REFUSED}.")
    elif version != VERSION:
        note.warning("json-version", f"Its version is {version!r}; {VERSION} is what is known.")
    for name in document:
        if name not in ("version", "variables"):
            note.error("json-unexpected", f"Its member {name!r} is none of a store's: {_REFUSED}.")


class _Reader:
    """Makes records of entries."""

    def __init__(self, text: str, note: FindingCollector) -> None:
        self._text = text
        self._note = note
        self._offsets = _Offsets(text)
        self._seen: set[tuple[UUID, str]] = set()

    def read(self, document: dict[str, Any], listed: Part) -> JsonStore:
        entries: list[dict[str, Any]] = []
        records: list[Record] = []
        for index, part in enumerate(parts(self._text, listed.start)):
            if index == MOST_RECORDS:
                self._note.error(
                    "json-too-many",
                    f"It lists more than {MOST_RECORDS:,} variables; the rest is not read.",
                )
                break
            record = self._entry(index, part)
            if record is not None:
                entries.append(part.value)
                records.append(record)
        used = sum(taken(entry) for entry in entries)
        if used > CAPACITY:
            self._note.warning(
                "json-full",
                f"Its variables take {used:,} bytes; the device keeps {CAPACITY:,} unless its "
                "property size says more, and takes no new one.",
            )
        return JsonStore(document, tuple(entries), tuple(records), used, self._note.findings)

    def _entry(self, index: int, part: Part) -> Record | None:
        span = self._offsets.span(part.start, part.end)
        problem = entry_problem(part.value)
        if problem is not None:
            text = f"Variable {index} of the list {problem}: {_REFUSED}."
            self._note.error("json-entry", text, span)
            return None
        misread = entry_misread(part.value)
        if misread is not None:
            text = f"The variable {visible_name(part.value['name'])} {misread}."
            self._note.error("json-misread", text, span)
            return None
        entry = part.value
        places = {each.key: each for each in parts(self._text, part.start)}
        name, guid, attributes = entry["name"], UUID(entry["guid"]), entry["attr"]
        data = bytes.fromhex(entry["data"])
        record = Record(
            span=span,
            header_span=Span(span.start, 0),
            name_span=self._inside(places["name"]),
            data_span=self._inside(places["data"]),
            state=STATE_ADDED,
            status=self._status(guid, name, data),
            attributes=attributes,
            guid=guid,
            name=name,
            data=data,
            timestamp=_timestamp(entry),
            monotonic_count=0,
            header=b"",
        )
        self._note_entry(record, entry)
        return record

    def _inside(self, part: Part) -> Span:
        """A string without its quotes."""
        return self._offsets.span(part.start + 1, part.end - 1)

    def _status(self, guid: UUID, name: str, data: bytes) -> Status:
        if (guid, name) in self._seen:
            return Status.SHADOWED
        if not data:
            return Status.INVALID
        self._seen.add((guid, name))
        return Status.LIVE

    def _note_entry(self, record: Record, entry: dict[str, Any]) -> None:
        shown = visible_name(record.name) or "without a name"
        for ident, problem in _faults(record, entry):
            self._note.error(ident, f"The variable {shown} {problem}.", record.span)
        for ident, problem in _oddities(record, entry):
            self._note.warning(ident, f"The variable {shown} {problem}.", record.span)


def _faults(record: Record, entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What keeps QEMU or the guest from working."""
    found = []
    if record.status is Status.SHADOWED:
        found.append(
            (
                "json-twice",
                "stands in it twice; a guest that lists its variables comes back to the first for "
                "ever: delete one of them from the file",
            )
        )
    if not record.name:
        found.append(
            ("json-no-name", "ends every listing where it began: a guest that lists hangs there")
        )
    elif not record.data:
        found.append(
            (
                "json-no-value",
                "has no value: nothing can read it, and a guest that lists its variables stops "
                "there and misses those behind it",
            )
        )
    unexpected = [name for name in entry if name not in MEMBERS]
    if unexpected:
        found.append(("json-unexpected", f"has a member {unexpected[0]!r}: {_REFUSED}"))
    return found


def _oddities(record: Record, entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What works, and not as it may seem."""
    found = []
    if not record.attributes & Attributes.NV:
        found.append(
            ("json-volatile", "is volatile (no NV): QEMU drops it when the machine starts")
        )
    if not record.name.isascii() or "\0" in record.name:
        found.append(
            ("json-name-not-ascii", "has more than ASCII in its name, which QEMU does not keep")
        )
    time = entry.get("time")
    if time is not None and (len(time) != 2 * TIMESTAMP_SIZE or not re.match(_HEX, time)):
        found.append(("json-time", "has a time that is no EFI_TIME of 16 bytes: QEMU ignores it"))
    return found


def entry_problem(entry: object) -> str | None:
    """Why an entry is no variable; None where it is one."""
    if not isinstance(entry, dict):
        return "is no object"
    missing = _REQUIRED - set(entry)
    if missing:
        return f"has no {min(missing)!r}"
    for name in ("name", "guid", "data", "time", "digest"):
        if name in entry and not isinstance(entry[name], str):
            return f"has a {name!r} that is no text"
    attributes = entry["attr"]
    if not isinstance(attributes, int) or isinstance(attributes, bool):
        return "has an 'attr' that is no number"
    for name in ("data", "digest"):
        if len(entry.get(name, "")) == 1:
            return f"has a {name!r} of one digit"
    return None


def entry_misread(entry: dict[str, Any]) -> str | None:
    """What QEMU loads otherwise than it stands in an entry; None where it takes all as written."""
    if not 0 <= entry["attr"] <= 0xFFFFFFFF:
        return "has an 'attr' of more than 32 bits, of which QEMU takes the lowest 32"
    for name in ("data", "digest"):
        if not re.match(_HEX, entry.get(name, "")):
            return (
                f"has a {name!r} that is no hex of whole bytes: QEMU takes what is no digit for 0 "
                "and drops half a byte at the end"
            )
    if not re.match(_GUID, entry["guid"]):
        return "has a 'guid' that is none: QEMU takes the GUID of zeros in its place"
    return None


def _timestamp(entry: dict[str, Any]) -> bytes:
    """EFI_TIME as QEMU takes it: zero where there is none, or one of another length."""
    text = entry.get("time", "")
    return bytes.fromhex(text) if len(text) == 2 * TIMESTAMP_SIZE and re.match(_HEX, text) else ZERO


def taken(entry: dict[str, Any]) -> int:
    """Bytes of the device's capacity that an entry takes (variable_size, var-service-vars.c)."""
    name = len(encode_name(entry["name"]))
    return OVERHEAD + name + (len(entry["data"]) + len(entry.get("digest", ""))) // 2


def entry_of(
    name: str, guid: UUID, attributes: int, data: bytes, timestamp: bytes | None
) -> dict[str, Any]:
    """An entry with its members in QEMU's order."""
    entry: dict[str, Any] = {"name": name, "guid": str(guid), "attr": attributes}
    if attributes & Attributes.AT:
        entry["time"] = (timestamp or ZERO).hex()
    return entry | {"data": data.hex()}
