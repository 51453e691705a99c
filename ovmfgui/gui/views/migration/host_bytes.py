"""The bytes of a host's file or chip, opened like any other image, or saved as a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.role import role_of
from ovmfgui.nvram.saving import create
from ovmfgui.refusal import Refused

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
    workbench.document.open_made(title, lambda: files)
    workbench.show("hex")


def save_bytes(workbench: Workbench, title: str, data: bytes) -> None:
    """Let a name be chosen and write what a host's file or chip holds at a step there."""
    proposed = re.sub(r"[^\w.-]+", "-", title).strip("-") + ".fd"
    path, _filter = QFileDialog.getSaveFileName(
        workbench.owner,
        f"Save {title} as",
        proposed,
        "Flash images (*.fd *.bin *.raw);;All files (*)",
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    if not path:
        return
    try:
        create(path, data)
    except Refused as refusal:
        workbench.refuse(refusal)
        return
    workbench.tell(f"{title} is in {Path(path).name}, {len(data):,} bytes.")
