"""A store's file, looked at again and again: what changed between two looks, variable by variable.

That sees states, not writes: what was set twice between two looks was set once, and what became of
a write that was begun and given up is not told.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.migration.recorded.trace_timeline import Act
from ovmfgui.nvram.difference import differences
from ovmfgui.nvram.store_file import open_store
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.nvram.store_file import StoreFile

LOOKED_EVERY = 0.25
"""Seconds between two looks at a file."""

_KINDS = {"only-first": "Delete", "only-second": "Create", "differs": "Set"}


def changes_of(path: str | Path, over: Callable[[], bool]) -> Iterator[Act | None]:
    """What changes in a store's file until it is over; None where nothing did since the last look.

    A file is read when it has been left alone for one look: in the middle of a reclaim it holds no
    store. Its acts have no lines and no bus writes.

    Raises:
        Refused: the file is no store any more, or cannot be read.
    """
    stamp = _stamp(path)
    before = open_store(path)
    read = stamp
    while not over():
        time.sleep(LOOKED_EVERY)
        now = _stamp(path)
        settled, stamp = now == stamp, now
        if now == read or not settled:
            yield None
            continue
        after = open_store(path)
        if _stamp(path) != now:
            continue
        read = now
        yield from _acts(before, after)
        before = after


def _stamp(path: str | Path) -> tuple[int, int, int]:
    try:
        found = Path(path).stat()
    except OSError as error:
        msg = f"{path} cannot be looked at any more: {error.strerror}"
        raise Refused(msg) from error
    return found.st_mtime_ns, found.st_size, found.st_ino


def _acts(before: StoreFile, after: StoreFile) -> Iterator[Act]:
    contents = Pages.of(after.file.data)
    if _was_erased(before.file.data, after.file.data) and after.store.json is None:
        yield Act("Reclaim", "", "", 0, 0, 0, 0, 0, contents)
    for each in differences(before.store, after.store):
        record = each.record
        title = f"{_KINDS[each.kind]} {record.name}"
        yield Act(title, record.name, str(record.guid), 0, 0, 0, 0, 0, contents)


def _was_erased(before: bytes, after: bytes) -> bool:
    """Whether a bit went from 0 to 1, which flash does by erasing alone."""
    if len(before) != len(after):
        return True
    return bool(int.from_bytes(after, "big") & ~int.from_bytes(before, "big"))
