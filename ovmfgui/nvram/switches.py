"""Edits that turn one thing on or off: Secure Boot, a boot entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.options import ACTIVE
from ovmfgui.nvram.hot_keys import with_hot_keys
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor

_SWITCH = "SecureBootEnable"


def toggled_secure_boot(editor: Editor) -> Edit:
    """Secure Boot the other way round, as firmware setup switches it.

    Raises:
        Refused: there is nothing to switch.
    """
    state = secure_boot(editor.store)
    if state is None or state.setup_mode:
        msg = "Secure Boot cannot be switched without a PK: enrol one first"
        raise Refused(msg)
    guid = vendors.SECURE_BOOT_ENABLE
    current = editor.store.by_key.get((guid, _SWITCH))
    attributes = attributes_of(guid, _SWITCH) if current is None else None
    return editor.set_variable(_SWITCH, guid, bytes([not state.enabled]), attributes)


def toggled_activity(editor: Editor, name: str) -> Edit:
    """A boot entry with the bit the other way round that has firmware try it by itself.

    Hot keys that start it get its new CRC along with it.

    Args:
        editor: of the store.
        name: of the entry's variable, ``Boot####``.

    Raises:
        Refused: there is none of that name, or no room.
    """
    record = editor.store.by_key.get((vendors.GLOBAL, name))
    if record is None:
        msg = f"there is no {name}"
        raise Refused(msg)
    first = record.data[0] ^ ACTIVE
    edit = editor.set_variable(name, vendors.GLOBAL, bytes([first]) + record.data[1:])
    word = "Activate" if first & ACTIVE else "Deactivate"
    return with_hot_keys(editor, replace(edit, title=f"{word} {name}"))[0]
