"""Hot keys and the boot entries that they start: each holds the CRC-32 of the entry's value."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from ovmfgui.nvram import vendors
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.decode.options import EfiKeyOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.store import Store

_KEY = re.compile(r"Key[0-9A-F]{4}\Z")
_CRC = slice(4, 8)
"""BootOptionCrc in an EFI_KEY_OPTION."""


def with_hot_keys(editor: Editor, edit: Edit) -> tuple[Edit, tuple[str, ...]]:
    """An edit that gives hot keys the new CRC of their entries, and the names of those keys.

    Only keys that firmware took before and would pass over afterwards: what was broken before is
    left as it was.

    Args:
        editor: that the edit was made with; it stays where it is.
        edit: of a boot entry or a hot key.

    Raises:
        Refused: there is no room for the keys.
    """
    taken = {key for key, _entry, crc, wanted in _keys(_values(editor.store)) if crc == wanted}
    if not taken or not edit.writes:
        return edit, ()
    batch = Batch(editor.data, editor.generation, editor.limits, editor.compact_if_full)
    batch.add(edit)
    values = _values(batch.editor.store)
    lost = {key: crc for key, _entry, held, crc in _keys(values) if key in taken and held != crc}
    if not lost:
        return edit, ()
    for key, crc in lost.items():
        value = bytearray(values[key])
        value[_CRC] = crc.to_bytes(4, "little")
        batch.add(batch.editor.set_variable(key, vendors.GLOBAL, bytes(value)))
    return batch.edit(f"{edit.title}, and the CRC of {' and '.join(lost)}"), tuple(lost)


def keys_passed_over(
    store: Store, name: str, data: bytes, kept: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """What firmware would say of hot keys if a variable had this value, a sentence each.

    A key with another CRC than its entry's is passed over (MdeModulePkg, UefiBootManagerLib,
    BmHotkey.c). Only keys that the variable is, or that start it, are told of.

    Args:
        store: as it is before.
        name: of the variable, one of EFI_GLOBAL_VARIABLE's.
        data: its value afterwards.
        kept: keys that get their entry's CRC along with it.
    """
    return tuple(
        f"{key} is passed over by firmware: it holds the CRC 0x{crc:08X}, and {entry} has "
        f"0x{wanted:08X}."
        for key, entry, crc, wanted in _keys(_values(store) | {name: data})
        if crc != wanted and name in (key, entry) and key not in kept
    )


def _values(store: Store) -> dict[str, bytes]:
    return {each.name: each.data for each in store.live if each.guid == vendors.GLOBAL}


def _keys(values: Mapping[str, bytes]) -> Iterator[tuple[str, str, int, int]]:
    """Keys with their entries, the CRC that each holds and the one that its entry has."""
    for key, value in values.items():
        option = EfiKeyOption.read(value, 0) if _KEY.match(key) else None
        if option is None:
            continue
        entry = f"Boot{option.BootOption:04X}"
        if entry in values:
            yield key, entry, option.BootOptionCrc, zlib.crc32(values[entry])
