"""Where in a file the variable store lies that a machine uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_VOLUMES
from ovmfgui.flash.fill import find_beside_fills
from ovmfgui.flash.placement import BOARD_CHIP_SIZES
from ovmfgui.flash.structures import (
    FTW_WORKING_SIGNATURE,
    FV_SIGNATURE,
    FV_SIGNATURE_OFFSET,
    NV_DATA,
)
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.structures import FTW_WORKING_HEADER_SIZE
from ovmfgui.nvram.volume import read_volume
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.finding_collector import FindingCollector
    from ovmfgui.nvram.volume import Volume

_GUID_OFFSET = 0x10
_LARGEST_WORKING = 0x40000
"""Bytes; ARM's working block is one flash block of that size."""


class Located(NamedTuple):
    """An NvData volume in a file; both in bytes, the offset in the file."""

    offset: int
    fv_length: int

    @property
    def end(self) -> int:
        """Offset in the file of the first byte behind it."""
        return self.offset + self.fv_length


def nv_volumes(data: bytes, ended: list[int] | None = None) -> Iterator[Located]:
    """The whole NvData volumes in a file, one behind the other; none inside another.

    A copy of the header in a volume's own spare area is no volume of its own, and neither is one
    that says more bytes than follow.

    Args:
        data: the file.
        ended: is given the offset at which the search ended early, if it did: after as many places
            that begin like a volume as are looked at.
    """
    wanted = NV_DATA.bytes_le
    position = find_beside_fills(data, wanted, 0, len(data))
    for _ in range(MOST_VOLUMES):
        if position < 0:
            return
        start = position - _GUID_OFFSET
        signature = start + FV_SIGNATURE_OFFSET
        behind = position + 1
        if start >= 0 and data[signature : signature + 4] == FV_SIGNATURE:
            volume = read_volume(data, start)
            whole = volume is not None and volume.span.size == volume.fv_length
            if volume is not None and volume.checksum_ok and whole and not _in_spare(data, start):
                yield Located(start, volume.fv_length)
                behind = start + volume.fv_length
        position = find_beside_fills(data, wanted, behind, len(data))
    if position >= 0 and ended is not None:
        ended.append(position - _GUID_OFFSET)


def _in_spare(data: bytes, start: int) -> bool:
    """Whether a header lies at the beginning of a spare area, right behind an FTW working block.

    There it is the copy that a reclaim makes, whatever follows in the file.
    """
    signature = FTW_WORKING_SIGNATURE.bytes_le
    nearest = data.rfind(signature, max(0, start - _LARGEST_WORKING), start)
    if nearest < 0:
        return False
    queue = int.from_bytes(data[nearest + 24 : nearest + 32], "little")
    return nearest + FTW_WORKING_HEADER_SIZE + queue == start


def store_offset(data: bytes) -> int:
    """Where the store begins that a machine with this file as its chip uses.

    On x86 the second chip ends where CODE begins (hw/i386/pc_sysfw.c): of several stores the last
    counts, if it ends with the file. A chip at a fixed address is seen from its start, and so is
    a file that nothing is known of.
    """
    # Chips at fixed addresses are seen from their start; all others end where CODE begins.
    if len(data) in BOARD_CHIP_SIZES:
        return 0
    found = list(nv_volumes(data))
    for each in reversed(found):
        if each.end == len(data):
            return each.offset
    if any(each.offset == 0 for each in found):
        return 0
    # In a unified image CODE's first volume follows the store.
    for each in found:
        signature = each.end + FV_SIGNATURE_OFFSET
        if data[signature : signature + 4] == FV_SIGNATURE:
            return each.offset
    return 0


def note_elsewhere(found: tuple[Located, ...], start: int, note: FindingCollector) -> None:
    """A whole store, but not where a machine with this file looks for it."""
    first = found[0]
    note.error(
        "store-elsewhere",
        f"No store lies at 0x{start:X}, where a machine with this file looks for it; one of "
        f"{first.fv_length:,} bytes lies at 0x{first.offset:X}. Cut it out: "
        f"tail -c +{first.offset + 1} FILE | head -c {first.fv_length} > STORE.",
        Span(first.offset, first.fv_length),
    )


def note_others(data: bytes, at: int, volume: Volume, note: FindingCollector) -> None:
    """Other whole stores in the file, which the machine does not use."""
    if volume.span.size in (len(data), 0):
        return
    ended: list[int] = []
    for each in nv_volumes(data, ended):
        if each.offset != at and each.offset not in range(at, at + volume.span.size):
            note.warning(
                "store-not-used",
                f"Another store of {each.fv_length:,} bytes lies at 0x{each.offset:X}; the machine "
                f"uses the one at 0x{at:X}.",
                Span(each.offset, each.fv_length),
            )
    if ended:
        note.error(
            "store-search-ended",
            f"More than {MOST_VOLUMES} places begin like a store, and from 0x{ended[0]:X} on none "
            "was looked at: which one a machine uses is not known.",
            Span.between(ended[0], len(data)),
        )
