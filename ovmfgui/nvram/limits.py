"""How big a variable may be: PcdMaxVariableSize and PcdMaxAuthVariableSize of the build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.json_store import LARGEST, OVERHEAD
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.walk import header_size

if TYPE_CHECKING:
    from ovmfgui.nvram.store import Store

_AT = int(Attributes.AT)


class Limits(NamedTuple):
    """The largest record in bytes, its header included, plain and time-based authenticated."""

    variable: int
    authenticated: int

    def largest(self, attributes: int, store_authenticated: bool) -> int:
        """The most bytes that name (with NUL) and data may have together."""
        limit = self.authenticated if attributes & _AT else self.variable
        return limit - header_size(store_authenticated)


# OvmfPkg's platform files with FD_SIZE_4MB; the same with 1 and 2 MiB; ArmVirtPkg/ArmVirtQemu.dsc.
OVMF_4M = Limits(0x8400, 0x8400)
SMALL = Limits(0x2000, 0x2800)
# QEMU's uefi-vars device, which counts no header: with one, what Limits speaks of.
UEFI_VARS = Limits(LARGEST + 60, LARGEST + 60)
# The variable region of OVMF's 4 MiB layout; ArmVirtPkg's is as large, in blocks of 256 KiB.
_VARIABLE_SIZE_4M = 0x40000
_BLOCK_SIZE_OVMF = 0x1000


def limits_of(store: Store) -> Limits:
    """The limits of the builds that have this store's layout."""
    if store.json is not None:
        return UEFI_VARS
    volume, region = store.volume, store.region
    if volume is None or region is None:
        return SMALL
    is_4m = region.size == _VARIABLE_SIZE_4M and volume.block_size == _BLOCK_SIZE_OVMF
    return OVMF_4M if is_4m else SMALL


class Fits(NamedTuple):
    """The most bytes that name (with NUL) and data of one more variable may have together."""

    now: int
    after_compaction: int


def fits(store: Store, limits: Limits | None = None) -> Fits:
    """How big a plain variable still fits into a store; ``limits`` are the layout's where None."""
    gauge = store.gauge
    largest = (limits or limits_of(store)).largest(0, store.authenticated)
    header = OVERHEAD if store.json is not None else header_size(store.authenticated)
    room = (gauge.free - header, gauge.free + gauge.dead - header)
    return Fits(*(max(0, min(largest, each)) for each in room))
