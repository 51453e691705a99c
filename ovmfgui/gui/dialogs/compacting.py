"""Edits of the variable store that ask before they compact it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.boot_options import BootEditor
    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor

    Making = Callable[[bool], Edit]
    """Makes an edit; the argument says whether the store may be compacted for it."""


def do_edit(workbench: Workbench, make: Making, place: Opened | None = None) -> bool:
    """Make an edit and do it, asking first where the store has to be compacted for it.

    Args:
        workbench: of the window.
        make: makes the edit.
        place: what it is an edit of; what is in front where None.

    Returns:
        Whether anything was done.
    """
    try:
        edit = make(False)
    except Refused as refusal:
        found = _with_room(workbench, make, refusal, place or workbench.document.front)
        if found is None:
            return False
        edit = found
    workbench.document.edit(edit, place)
    return True


def edit_variables(workbench: Workbench, make: Callable[[Editor], Edit]) -> bool:
    """``do_edit`` with what ``make`` does to the store's variables."""
    return do_edit(workbench, lambda compact: make(workbench.document.editor(compact=compact)))


def edit_boot_entries(workbench: Workbench, make: Callable[[BootEditor], Edit]) -> bool:
    """``do_edit`` with what ``make`` does to the store's boot entries."""
    from ovmfgui.nvram.boot_options import BootEditor

    document = workbench.document

    def with_editor(compact: bool) -> Edit:
        data = document.editor().data
        return make(BootEditor(data, limits=document.limits, compact=compact))

    return do_edit(workbench, with_editor)


def _with_room(workbench: Workbench, make: Making, refusal: Refused, place: Opened) -> Edit | None:
    """The edit once the store is compacted, where that helps and is wanted."""
    try:
        edit = make(True)
    except Refused:
        workbench.refuse(refusal)
        return None
    return edit if wants_room(workbench, refusal, place) else None


def wants_room(workbench: Workbench, refusal: Refused, place: Opened) -> bool:
    """Ask whether a store shall be compacted for an edit that was refused without that."""
    store = place.store
    dead = store.gauge.dead if store is not None else 0
    why = str(refusal)
    text = (
        f"{why[0].upper()}{why[1:]}.\n\nCompact the store first? That drops {dead:,} bytes of "
        "superseded and deleted records, as firmware does by itself when there is no room. It "
        "can be undone until it is saved."
    )
    answer = QMessageBox.question(workbench.owner, "No room in the store", plain_tip(text))
    return answer is QMessageBox.StandardButton.Yes
