"""Enrolling keys into a store as firmware would write them, as one edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused
from ovmfgui.trust.databases import NAMES
from ovmfgui.trust.profiles import Profile, signature_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.store import Store

_ORDER = ("db", "dbx", "KEK", "PK")
"""PK comes last: with it the machine leaves setup mode."""


def of_profile(profile: Profile, store: Store) -> dict[str, bytes]:
    """What a profile adds to a store, by variable; no PK where there is one."""
    wanted = {"db": profile.db, "KEK": profile.KEK, "PK": profile.PK}
    if store.find("PK", NAMES["PK"]) is not None:
        wanted.pop("PK")
    return {name: signature_lists(files) for name, files in wanted.items() if files}


def of_store(store: Store) -> dict[str, bytes]:
    """The keys of another store, by variable.

    Raises:
        Refused: it has none.
    """
    found = {
        name: record.data
        for name in _ORDER
        if (record := store.find(name, NAMES[name])) is not None
    }
    if not found:
        msg = "holds no keys (no PK, KEK, db or dbx)"
        raise Refused(msg)
    return found


def enrol(
    data: bytes,
    keys: Mapping[str, bytes],
    *,
    times: Mapping[str, bytes] | None = None,
    replace: bool = False,
    limits: Limits | None = None,
    compact: bool = False,
) -> Edit:
    """The edit that enrols signature lists.

    Args:
        data: the store's file.
        keys: signature lists by variable (db, dbx, KEK, PK).
        times: EFI_TIME that came with some of them, by variable.
        replace: instead of what is there; else what is new is appended, as firmware does.
        limits: of the CODE that uses the store.
        compact: compact the store where a variable finds no room.

    Raises:
        Refused: firmware would not take it, or there is no room.
    """
    batch = Batch(data, limits=limits, compact=compact)
    done: list[str] = []
    for name in (name for name in _ORDER if name in keys):
        guid = NAMES[name]
        current = batch.editor.store.by_key.get((guid, name))
        attributes = attributes_of(guid, name) if current is None else None
        # There is one PK: it is never appended to.
        alone = replace or name == "PK"
        write = batch.editor.set_variable if alone else batch.editor.append_variable
        time = None if times is None else times.get(name)
        if batch.add(write(name, guid, keys[name], attributes, timestamp=time)):
            done.append(name)
    title = f"Enrol {', '.join(done)}" if done else "Enrol nothing: all of it is there"
    return batch.edit(title)
