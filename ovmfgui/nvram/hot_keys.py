"""Hot keys and the boot entries that they start: each holds the CRC-32 of the entry's value."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.options import EfiKeyOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.store import Store

_KEY = re.compile(r"Key[0-9A-F]{4}\Z")


def keys_passed_over(store: Store, name: str, data: bytes) -> tuple[str, ...]:
    """What firmware would say of hot keys if a variable had this value, a sentence each.

    A key with another CRC than its entry's is passed over (MdeModulePkg, UefiBootManagerLib,
    BmHotkey.c). Only keys that the variable is, or that start it, are told of.

    Args:
        store: as it is before.
        name: of the variable, one of EFI_GLOBAL_VARIABLE's.
        data: its value afterwards.
    """
    return tuple(
        f"{key} is passed over by firmware: it holds the CRC 0x{crc:08X}, and {entry} has "
        f"0x{wanted:08X}."
        for key, entry, crc, wanted in _keys(store, name, data)
        if crc != wanted
    )


def _keys(store: Store, name: str, data: bytes) -> Iterator[tuple[str, str, int, int]]:
    """Keys with their entries, the CRC that each holds and the one that its entry has."""
    values = {each.name: each.data for each in store.live if each.guid == vendors.GLOBAL}
    values[name] = data
    for key, value in values.items():
        option = EfiKeyOption.read(value, 0) if _KEY.match(key) else None
        if option is None:
            continue
        entry = f"Boot{option.BootOption:04X}"
        if entry in values and name in (key, entry):
            yield key, entry, option.BootOptionCrc, zlib.crc32(values[entry])
