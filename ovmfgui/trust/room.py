"""How large one variable of a store may become."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.nvram.limits import limits_of
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.vendors import IMAGE_SECURITY
from ovmfgui.nvram.walk import header_size

if TYPE_CHECKING:
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.store import Store

_NAME = len("dbx".encode("utf-16-le")) + 2


class Room(NamedTuple):
    """The most bytes of a value, and what sets that limit."""

    bytes: int
    why: str


def room_for_dbx(store: Store, limits: Limits | None = None) -> Room | None:
    """What dbx may grow to; None where there is no store.

    Firmware writes the new record before it drops the old one, and reclaims the store first where
    there is no room for it; the reclaim leaves out the record that is being replaced.

    Args:
        store: the store.
        limits: of the CODE that uses it; those of the layout where None.
    """
    if store.header_span is None:
        return None
    largest = (limits or limits_of(store)).largest(Attributes.AT, store.authenticated) - _NAME
    old = store.find("dbx", IMAGE_SECURITY)
    freed = 0 if old is None else old.span.size
    gauge = store.gauge
    left = gauge.total - gauge.live + freed - header_size(store.authenticated) - _NAME
    if largest <= left:
        return Room(max(0, largest), "the largest variable that it takes")
    return Room(max(0, left), "what is free in the store after a reclaim")
