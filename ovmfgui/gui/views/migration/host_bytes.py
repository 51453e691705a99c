"""The bytes of a host's file or chip, opened like any other image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.role import role_of
from ovmfgui.gui.dialogs.leaving import leave

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench


def inspect_bytes(workbench: Workbench, title: str, data: bytes) -> None:
    """Open what a host's file or chip holds at a step, and show it as bytes."""
    role = role_of(data)
    if role is None:
        workbench.refuse(
            f"{title}: there is no firmware volume in these bytes, so nothing to inspect."
        )
        return
    files = (FlashFile(title, data, Format.RAW, role),)

    def show() -> None:
        workbench.document.open_made(title, lambda: files)
        workbench.show("hex")

    leave(workbench, show)
