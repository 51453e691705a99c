"""Telling from the contents what a file is to a virtual machine."""

from __future__ import annotations

from itertools import islice

from ovmfgui.budgets import MOST_PARTS
from ovmfgui.flash.fill import find_beside_fills, start_of_tail
from ovmfgui.flash.image import Role
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.structures import (
    FFS2,
    FFS3,
    FTW_WORKING_SIGNATURE,
    FV_SIGNATURE,
    FV_SIGNATURE_OFFSET,
    NV_DATA,
)
from ovmfgui.span import Span

_NV_DATA = NV_DATA.bytes_le
# Where a store's own header follows the volume header of 0x48 bytes.
_STORE_OFFSET = 0x48
# gEfiAuthenticatedVariableGuid and gEfiVariableGuid, MdeModulePkg/Include/Guid/VariableFormat.h.
_STORE_GUIDS = (
    bytes.fromhex("782cf3aa7b949a43a1802e144ec37792"),
    bytes.fromhex("1636cfdd75326441 98b6fe85707ffe7d".replace(" ", "")),
)


def role_of(data: bytes) -> Role | None:
    """The role of one file's flash contents; None where it is nothing of the kind.

    A store whose volume header is damaged still counts as VARS, and so does one whose first block
    was erased in the middle of a reclaim: its copy lies in the spare area, or its records stand
    behind.
    """
    if is_json_store(data):
        return Role.VARS
    whole = Span(0, len(data))
    tail = start_of_tail(data, whole)
    if data and not tail:
        return Role.BLANK
    if _has_store(data, tail) and not any(
        find_beside_fills(data, each.bytes_le, 0, tail) >= 0 for each in (FFS2, FFS3)
    ):
        # Known without a search for volumes, whose modules a quick start can do without.
        return Role.VARS
    from ovmfgui.flash.volumes import find_volumes

    # As many as are read of it later.
    systems = {each.file_system for each in islice(find_volumes(data, whole, tail), MOST_PARTS)}
    if systems & {FFS2, FFS3}:
        return Role.UNIFIED if NV_DATA in systems else Role.CODE
    if NV_DATA in systems or _has_store(data, tail):
        return Role.VARS
    if systems:
        return Role.CODE
    return Role.VARS if FTW_WORKING_SIGNATURE.bytes_le in data else None


def _has_store(data: bytes, end: int) -> bool:
    if data[0x10:0x20] == _NV_DATA or data[_STORE_OFFSET : _STORE_OFFSET + 16] in _STORE_GUIDS:
        return True
    position = find_beside_fills(data, _NV_DATA, 0, end)
    while position >= 0:
        signature = position - 0x10 + FV_SIGNATURE_OFFSET
        if data[signature : signature + 4] == FV_SIGNATURE:
            return True
        position = find_beside_fills(data, _NV_DATA, position + 1, end)
    return False
