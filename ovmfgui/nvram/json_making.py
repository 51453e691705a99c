"""A new JSON store for QEMU's uefi-vars device, made of variables from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import vendors
from ovmfgui.nvram.authenticated import is_private
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME
from ovmfgui.nvram.exchange import Variable, to_json
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_store import CAPACITY, entry_of, taken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.nvram.record import Record

# What firmware and device each make for themselves, and what the other could not make sense of.
# QEMU keeps VendorKeysNv under EfiGlobalVariable, edk2 under a GUID of its own.
_OWN = {
    (CERT_DB, CERT_DB_NAME): "the signers as this firmware knows them",
    (vendors.VENDOR_KEYS_NV, "VendorKeysNv"): "made anew at the first start",
    (vendors.GLOBAL, "VendorKeysNv"): "made anew at the first start",
}


class Carried(NamedTuple):
    """Variables on their way between flash and JSON.

    Attributes:
        records: what is carried over.
        dropped: what is not, one line each.
        warnings: what may not behave as before, one line each.
    """

    records: tuple[Record, ...]
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def carried(records: Iterable[Record]) -> Carried:
    """The variables that mean the same to firmware with flash and to QEMU's device."""
    kept: list[Record] = []
    dropped: list[str] = []
    for record in records:
        if (why := _OWN.get(record.key)) is not None:
            dropped.append(f"{visible_name(record.name)}: {why}")
        else:
            kept.append(record)
    # QEMU hashes the root certificate, edk2 its signed part: neither digest tells the other's.
    warnings = [
        f"{visible_name(record.name)} is bound to its signer, whom the new store does not know: "
        "it can be read, and no update of it is taken; delete it to have it created anew"
        for record in kept
        if is_private(record.key, record.attributes)
    ]
    return Carried(tuple(kept), tuple(dropped), tuple(warnings))


class MadeJson(NamedTuple):
    """A new JSON store.

    Attributes:
        text: of the file.
        records: the variables in it.
        dropped: what is not in it, one line each.
        warnings: what may not behave as before, one line each.
    """

    text: str
    records: tuple[Record, ...]
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def json_of(records: Iterable[Record]) -> MadeJson:
    """The JSON store that holds the variables of a flash store."""
    moved = carried(records)
    kept = tuple(record for record in moved.records if record.name.isascii())
    dropped = [
        f"{visible_name(record.name)}: QEMU's device keeps no names but those in ASCII"
        for record in moved.records
        if not record.name.isascii()
    ]
    variables = [Variable.of_record(record) for record in kept]
    used = sum(
        taken(entry_of(v.name, v.guid, v.attributes, v.data, v.timestamp)) for v in variables
    )
    warnings = list(moved.warnings)
    if used > CAPACITY:
        warnings.append(
            f"the variables take {used:,} bytes, QEMU's device keeps {CAPACITY:,}: start it with "
            f"size={used + CAPACITY}"
        )
    return MadeJson(to_json(variables), kept, (*moved.dropped, *dropped), tuple(warnings))
