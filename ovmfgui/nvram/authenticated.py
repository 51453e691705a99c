"""The rules for authenticated variables beyond those of all others (AuthVariableLib)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram import vendors
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME, cleans_for_ever, parse_certdb
from ovmfgui.nvram.edit import Appended
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signature_list import (
    merge_signatures,
    new_signatures,
    parse_signature_lists,
    signature_size_problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from ovmfgui.nvram.finding_collector import FindingCollector
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

_PK = (vendors.GLOBAL, "PK")
# Variables that consist of signature lists, whose form firmware checks.
KEY_DATABASES = frozenset(
    {
        _PK,
        (vendors.GLOBAL, "KEK"),
        (vendors.IMAGE_SECURITY, "db"),
        (vendors.IMAGE_SECURITY, "dbx"),
        (vendors.IMAGE_SECURITY, "dbt"),
    }
)
# Other authenticated variables that need no entry in certdb.
_OWN_RULES = frozenset({(CERT_DB, CERT_DB_NAME), (vendors.VENDOR_KEYS_NV, "VendorKeysNv")})


# The beginnings of a PEM file and of a DER certificate (SEQUENCE, two bytes of length).
_CERTIFICATES = (b"-----BEGIN", b"\x30\x82")
_AT = int(Attributes.AT)


def is_private(key: tuple[UUID, str], attributes: int) -> bool:
    """Whether a variable is a private authenticated one, whose signer certdb names."""
    if not attributes & _AT or key[0] == vendors.IMAGE_SECURITY:
        return False
    return key not in KEY_DATABASES and key not in _OWN_RULES


def value_problem(key: tuple[UUID, str], data: bytes) -> str | None:
    """Why firmware would not take a value for a key database, in one line; None where it would."""
    if key not in KEY_DATABASES:
        return None
    lists = parse_signature_lists(data)
    if lists.problem is not None:
        why = lists.problem
        if data.startswith(_CERTIFICATES):
            why = "it looks like a certificate, which goes into a list first (--keys does that)"
        return f"{key[1]} has to be signature lists, and this is not: {why}"
    for each in lists.lists:
        if (problem := signature_size_problem(each)) is not None:
            return f"{key[1]}: {problem}"
    count = sum(len(each.signatures) for each in lists.lists)
    if key == _PK and count != 1:
        return f"PK has to be one key, and this is {count}"
    return None


def appended_value(key: tuple[UUID, str], old: bytes, new: bytes) -> bytes:
    """What appending makes of a value: of a key database, without signatures it has already."""
    if key in KEY_DATABASES and key != _PK:
        return merge_signatures(old, new)
    return old + new


def appended_signatures(key: tuple[UUID, str], old: bytes, new: bytes) -> Appended | None:
    """What becomes of the signatures in ``new``; None where the variable holds none."""
    if key not in KEY_DATABASES or key == _PK:
        return None
    listed = sum(len(each.signatures) for each in parse_signature_lists(new).lists)
    known = listed - len(new_signatures(old, new))
    return Appended(listed - known, known)


def certdb_record(store: Store) -> Record | None:
    """The store's certdb; None where it has none."""
    # Not through by_key, which is made of all records, and a store is read at every edit.
    named = (record for record in store.live if record.name == CERT_DB_NAME)
    return next((record for record in named if record.guid == CERT_DB), None)


def note_certdb(store: Store, note: FindingCollector) -> None:
    """Note variables without a signer and signers without a variable."""
    record = certdb_record(store)
    if record is None:
        return
    nodes, problem = parse_certdb(record.data)
    if problem is not None:
        _note_damaged(store, record, problem, note)
        return
    known = {(node.guid, node.name) for node in nodes}
    for private in _privates(store):
        if private.key not in known:
            note.warning(
                "certdb-no-signer",
                f"{visible_name(private.name)} is authenticated, and certdb does not know its "
                "signer: firmware takes no update of it.",
                private.span,
            )
    for node in nodes:
        if (node.guid, node.name) not in store.by_key:
            note.info(
                "certdb-orphan",
                f"certdb names a signer of {visible_name(node.name)}, which is not there; firmware "
                "drops that entry at the next start.",
                node.span.shifted(record.data_span.start),
            )


def _note_damaged(store: Store, record: Record, problem: str, note: FindingCollector) -> None:
    """What firmware does with a certdb whose sizes do not agree (AuthService.c).

    CleanCertsFromDb walks the entries and has the first whose variable is not there deleted, until
    none is left: what cannot be deleted, for its sizes are wrong, is tried for ever (seen).
    """
    timed = frozenset(r.key for r in store.live if r.attributes & Attributes.AT)
    if cleans_for_ever(record.data, timed):
        note.error(
            "certdb",
            f"certdb is damaged, {problem}: firmware with Secure Boot tries to clean it for ever, "
            "and hangs before it shows anything. Recover the store.",
            record.data_span,
        )
    else:
        note.warning(
            "certdb-size",
            f"certdb is damaged, {problem}: firmware takes no update of a private authenticated "
            "variable.",
            record.data_span,
        )


def _privates(store: Store) -> Iterator[Record]:
    return (record for record in store.live if is_private(record.key, record.attributes))
