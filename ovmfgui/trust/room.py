"""How large one variable of a store may become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.json_store import LARGEST, OVERHEAD
from ovmfgui.nvram.limits import limits_of
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.vendors import IMAGE_SECURITY
from ovmfgui.nvram.walk import header_size

if TYPE_CHECKING:
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.store import Store

_NAME = len("dbx".encode("utf-16-le")) + 2


class Room(NamedTuple):
    """The most bytes of a value.

    Attributes:
        largest: of a variable that firmware takes.
        left: what is free once firmware has reclaimed the store.
        keeper: what keeps the variables, in the words of a sentence.
    """

    largest: int
    left: int
    keeper: str = ""

    @property
    def bytes(self) -> int:
        """The largest value that is taken, in bytes."""
        return max(0, min(self.largest, self.left))

    @property
    def why(self) -> str:
        """What sets that limit."""
        if self.largest <= self.left:
            return f"the largest variable that {self.keeper or 'it'} takes"
        where = f" in {self.keeper}" if self.keeper else " in the store after a reclaim"
        return f"what is free{where}"

    def within(self, limits: Limits) -> Room:
        """The same in a store in flash, with the limits of the CODE that uses it."""
        return self if self.keeper else self._replace(largest=_largest(limits))


def room_for_dbx(store: Store, limits: Limits | None = None) -> Room | None:
    """What dbx may grow to; None where there is no store.

    Firmware writes the new record before it drops the old one, and reclaims the store first where
    there is no room for it; the reclaim leaves out the record that is being replaced.

    Args:
        store: the store.
        limits: of the CODE that uses it; those of the layout where None.
    """
    if store.json is not None:
        return _in_device(store)
    if store.header_span is None:
        return None
    old = store.find("dbx", IMAGE_SECURITY)
    freed = 0 if old is None else old.span.size
    gauge = store.gauge
    left = gauge.total - gauge.live + freed - header_size(store.authenticated) - _NAME
    return Room(_largest(limits or limits_of(store)), left)


def _largest(limits: Limits) -> int:
    return limits.largest(Attributes.AT, True) - _NAME


def _in_device(store: Store) -> Room:
    """In QEMU's uefi-vars device, which keeps so many bytes and no records that are replaced."""
    old = store.find("dbx", IMAGE_SECURITY)
    freed = 0 if old is None else len(old.data) + _NAME + OVERHEAD
    left = store.gauge.free + freed - _NAME - OVERHEAD
    return Room(LARGEST - _NAME, left, "QEMU's uefi-vars device")
