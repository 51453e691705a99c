"""A variable store without its values: what a verdict needs of it, and no secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.flash.source import packed_format
from ovmfgui.nvram.reading import read_store

if TYPE_CHECKING:
    from ovmfgui.nvram.store import Store

PUBLIC = frozenset(
    ("PK", "KEK", "db", "dbx", "dbt", "dbr", "certdb", "SecureBootEnable", "CustomMode")
)
"""Variables that are kept: certificates, hashes of what is revoked, and switches. The firmware
reads certdb itself at its start, so a verdict rests on it."""


def structure_of(data: bytes) -> bytes | None:
    """The store with zeros in place of the values, and nothing in the spare area.

    Args:
        data: a raw store file.

    Returns:
        None where a value may stand in a place that is not known, or where the store would be
        judged otherwise without its values: a damaged store, one with a write under way, one in a
        qcow2 image.
    """
    if packed_format(data) is not Format.RAW:
        return None
    store = read_store(data)
    if store.blank is not None:
        return data
    whole = store.volume is not None and store.region is not None
    pending = store.ftw is not None and store.ftw.pending is not None
    if not whole or pending or store.broken or store.carved:
        return None
    left = bytearray(data)
    for record in store.records:
        if record.name not in PUBLIC:
            left[record.data_span.start : record.data_span.end] = bytes(record.data_span.size)
    if store.ftw is not None and store.ftw.spare is not None:
        spare = store.ftw.spare
        left[spare.start : spare.end] = b"\xff" * len(left[spare.start : spare.end])
    bare = bytes(left)
    return bare if _values_gone(store, bare) and _alike(store, read_store(bare)) else None


def _values_gone(store: Store, bare: bytes) -> bool:
    """Whether nothing stands behind the records and around the volume."""
    assert store.volume is not None
    assert store.region is not None
    span = store.volume.span
    around = bare[: span.start] + bare[span.end :]
    free = bare[store.end : store.region.end]
    return _one_byte(around) and _one_byte(free)


def _one_byte(data: bytes) -> bool:
    return not data or data.count(data[0]) == len(data)


def _alike(one: Store, other: Store) -> bool:
    """Whether both are the same to a verdict."""
    ours = {finding.id for finding in one.findings}
    return ours == {finding.id for finding in other.findings} and [
        (record.key, record.status) for record in one.records
    ] == [(record.key, record.status) for record in other.records]
