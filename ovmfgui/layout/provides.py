"""What a variable store provides: the constants as its own headers show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.constants import Layout

if TYPE_CHECKING:
    from ovmfgui.nvram.store import Store


def provided(store: Store) -> Layout | None:
    """The layout of a store; None where it has no volume header to tell.

    The variable region ends where the store's Size says, and only where there is a store header
    that is one; the FTW working block lies where its signature was found.
    """
    volume = store.volume
    if volume is None:
        return None
    variable_size = None
    if store.header_span is not None and store.size:
        end = store.header_span.start - volume.span.start + store.size
        variable_size = end if end <= volume.fv_length else None
    working = store.ftw.working if store.ftw else None
    spare = store.ftw.spare if store.ftw else None
    base = volume.span.start
    log_size = None
    if variable_size is not None and working is not None:
        log_size = max(0, working.start - base - variable_size)
    return Layout(
        fv_length=volume.fv_length,
        block_size=volume.block_size or None,
        variable_size=variable_size,
        event_log_offset=variable_size if log_size else None,
        event_log_size=log_size,
        ftw_working_offset=working.start - base if working else None,
        ftw_working_size=working.size if working else None,
        ftw_spare_offset=spare.start - base if spare else None,
        ftw_spare_size=spare.size if spare else None,
        store_guid=store.guid if variable_size is not None else None,
    )
