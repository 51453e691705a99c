"""What firmware of another layout left behind in a store it was once started with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.structures import (
    FTW_WORKING_SIGNATURE,
    FV_SIGNATURE,
    FV_SIGNATURE_OFFSET,
    NV_DATA,
)
from ovmfgui.nvram.ftw import working_header_crc
from ovmfgui.nvram.structures import FTW_WORKING_HEADER_SIZE
from ovmfgui.nvram.volume import read_volume
from ovmfgui.span import Place, Span
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.store import Store

# Every layout puts its parts on boundaries of the smallest flash block.
_STEP = 0x1000
_GUID_OFFSET = 0x10
_NV_DATA = NV_DATA.bytes_le
_WORKING = FTW_WORKING_SIGNATURE.bytes_le


def foreign_findings(store: Store, data: bytes) -> tuple[Finding, ...]:
    """Volume headers and FTW working blocks that are not the store's own.

    The copy of the volume in the spare area, and a working block's copy there while it is renewed,
    are the store's own: they have its length, or lie in its spare area.
    """
    if store.volume is None:
        return ()
    found: list[Finding] = []
    first = store.volume.span.start + _STEP
    for offset in range(first, min(store.volume.span.end, len(data)), _STEP):
        if data.startswith(FV_SIGNATURE, offset + FV_SIGNATURE_OFFSET):
            found.extend(_volume_at(store, data, offset))
        if data.startswith(_WORKING, offset):
            found.extend(_working_block_at(store, data, offset))
    return tuple(found)


def _where(store: Store, offset: int) -> str:
    """Which of the store's regions an offset lies in, and what that means for the variables."""
    region, ftw = store.region, store.ftw
    whole = f"the {len(store.live):,} live variables are whole"
    if region is not None and offset in region:
        hit = [record for record in store.live if offset in record.span]
        if hit:
            return f"in the middle of the variable {hit[0].name}, which is damaged"
        return f"in the store's free space, which firmware will run into; {whole}"
    if ftw is not None and ftw.spare is not None and offset in ftw.spare:
        return f"in the FTW spare area; {whole}"
    return f"outside the variable region; {whole}"


def _volume_at(store: Store, data: bytes, offset: int) -> Iterator[Finding]:
    if data[offset + _GUID_OFFSET : offset + _GUID_OFFSET + 16] != _NV_DATA:
        return
    volume = read_volume(data, offset, space=store.space)
    own = store.volume
    if volume is None or own is None or not volume.checksum_ok:
        return
    if volume.fv_length == own.fv_length:
        return
    text = (
        f"At 0x{offset:X} lies the header of another volume, of "
        f"{exact_size_text(volume.fv_length)}: firmware that expects a store of that size was "
        f"started with this one. It lies {_where(store, offset)}."
    )
    place = Place(store.space, volume.header_span)
    yield Finding("foreign-volume", Severity.WARNING, text, place)


def _working_block_at(store: Store, data: bytes, offset: int) -> Iterator[Finding]:
    header = data[offset : offset + FTW_WORKING_HEADER_SIZE]
    ftw = store.ftw
    if ftw is None or offset == ftw.working.start:
        return
    crc_ok = working_header_crc(header) == int.from_bytes(header[16:20], "little")
    copied = ftw.spare is not None and offset == ftw.spare.start
    if not crc_ok or copied:
        return
    text = (
        f"At 0x{offset:X} lies a second FTW working block beside the store's own at "
        f"0x{ftw.working.start:X}: firmware with other boundaries was started with this store. "
        f"It lies {_where(store, offset)}."
    )
    place = Place(store.space, Span(offset, FTW_WORKING_HEADER_SIZE))
    yield Finding("foreign-ftw", Severity.WARNING, text, place)
