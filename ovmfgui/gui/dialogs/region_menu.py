"""What can be done with a region: see its bytes, copy what it is known by, take it out."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ovmfgui.flash.extraction import Part, extract
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.source import read_regular
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.copy_menu import add_copies
from ovmfgui.nvram.saving import create, save

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.progress import Report

_PARTS = (
    (Part.WHOLE, "Extract &whole…", "The item with its header", ".bin"),
    (Part.BODY, "Extract &body…", "What follows the header", ".body.bin"),
    (
        Part.UNPACKED,
        "Extract &unpacked…",
        "What its packed section unpacks to",
        ".unpacked.bin",
    ),
)


def known_by(region: Region) -> list[tuple[str, str]]:
    """What of a region, beside its place, somebody may want elsewhere, each with what it is."""
    size = ("Size", f"0x{region.span.size:X}")
    return [size] if region.guid is None else [size, ("Its GUID", str(region.guid))]


def parts_of_region(region: Region) -> tuple[Part, ...]:
    """What of a region can be taken out by itself."""
    parts = [Part.WHOLE]
    if any(child.kind is Kind.HEADER for child in region.children):
        parts.append(Part.BODY)
    if any(inner.kind is Kind.DECOMPRESSED for inner in region.walk()):
        parts.append(Part.UNPACKED)
    return tuple(parts)


def file_name(region: Region, ending: str) -> str:
    """A name for what is taken out, that says what it is and where it was."""
    name = re.sub(r"[^\w.-]+", "-", region.name).strip("-") or "item"
    return f"{name}-0x{region.span.start:X}{ending}"


class RegionMenu(QObject):
    """Pops up over a region; what is asked for happens in a task.

    Args:
        workbench: whose document the region is of.
        owner: the widget that the menu and its dialogs belong to.
    """

    def __init__(self, workbench: Workbench, owner: QWidget) -> None:
        super().__init__(owner)
        self._workbench = workbench
        self._document = workbench.document
        self._owner = owner

    def popup(self, region: Region, where: QPoint) -> QMenu:
        """Show the menu of a region."""
        menu = QMenu(self._owner)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addAction("Show &bytes").triggered.connect(partial(self._on_bytes, region))
        menu.addSeparator()
        possible = parts_of_region(region)
        for part, title, tip, ending in _PARTS:
            action = menu.addAction(title)
            action.setToolTip(plain_tip(tip))
            action.setEnabled(part in possible)
            action.triggered.connect(partial(self._on_extract, region, part, ending))
        menu.addSeparator()
        add_copies(
            menu,
            self._workbench.copying,
            region.span.size,
            partial(self._on_copy, region),
            offset=region.span.start,
            address=region.address,
            also=known_by(region),
        )
        menu.popup(where)
        return menu

    def _on_bytes(self, region: Region, _checked: bool = False) -> None:
        self._document.select(region.place)
        self._workbench.show("hex")

    def _on_copy(self, region: Region, form: str) -> None:
        image = self._document.image
        if image is not None:
            wrong = self._workbench.copying.copy(image.bytes_at(region.place), form)
            if wrong:
                self._workbench.refuse(wrong)

    def _on_extract(self, region: Region, part: Part, ending: str, _checked: bool = False) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self._owner, f"Extract {region.name}, {part}", file_name(region, ending)
        )
        if path:
            self.extract_to(region, part, path)

    def extract_to(self, region: Region, part: Part, path: str) -> None:
        """Write a part of a region into a file, in the background."""
        image = self._document.image
        if image is None:
            return

        def work(report: Report) -> int:
            report(0, 1, "writing")
            data = extract(image, region, part)
            if Path(path).exists():
                save(path, data, expected=read_regular(path), backup=False)
            else:
                create(path, data)
            return len(data)

        def done(size: int) -> None:
            text = f"{size:,} bytes of {region.name} are in {Path(path).name}."
            self._workbench.tell(text)

        self._workbench.tasks.start(f"Extracting {region.name}", work, done)
