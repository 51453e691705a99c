"""What is open, as rows of the Sources pane: what it is, its verdict, its edits, its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem

from ovmfgui.flash.image import Role
from ovmfgui.flash.opening import describe_role
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.hosts.naming import is_uri
from ovmfgui.machine.sentence import machine_sentence, mapping_lines
from ovmfgui.span import Place, Span
from ovmfgui.wording import count, size_text

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened

PLACE_ROLE = Qt.ItemDataRole.UserRole
OPENED_ROLE = Qt.ItemDataRole.UserRole + 2

NAME, SIGN = range(2)
"""The columns."""


def icon_of(opened: Opened) -> str:
    """The icon of its kind, among the shipped ones."""
    if opened.host:
        return "hosts"
    if opened.played is not None:
        return "migration"
    machine = opened.inspection.machine if opened.inspection is not None else None
    if machine is not None:
        return "hosts"
    return "chip" if opened.image is not None and len(opened.image.files) > 1 else "hex"


def name_of(opened: Opened) -> str:
    """The title with the store first: many pairs have their CODE in common."""
    image, inspection = opened.image, opened.inspection
    if opened.played is None and image is not None and inspection and inspection.machine is None:
        files = sorted(image.files, key=lambda file: file.role is Role.CODE)
        return " + ".join(Path(file.path).name for file in files)
    return opened.title


def mark_of(opened: Opened) -> str:
    """What stands before the name of something with changes that are not saved."""
    return "● " if opened.changed else ""


def kind_of(opened: Opened) -> str:
    """What it is, in the same words wherever it is told; empty where nothing is open."""
    image, inspection = opened.image, opened.inspection
    if opened.host:
        return "Host that libvirt reaches" if is_uri(opened.host) else "Host, from its files"
    if opened.played is not None:
        return opened.played.aside.title if opened.played.aside else "Scenario"
    if inspection is not None and inspection.machine is not None:
        return machine_sentence(inspection.machine)
    if image is None:
        return ""
    built = f", {image.architecture}" if image.architecture is not None else ""
    return f"{describe_role(image.role)}{built}"


def words_of(opened: Opened) -> str:
    """What it is, its verdict and its edits, in a line each."""
    lines = [opened.title, kind_of(opened)]
    if opened.host and not is_uri(opened.host):
        lines.append(opened.host)
    if opened.verdict is not None:
        lines.append(f"{opened.verdict.fit.sign} {opened.verdict.fit.capitalize()}")
    if opened.modified:
        lines.append(f"● {count(max(opened.unsaved_edits, 1), 'edit')} not saved yet")
    if opened.pending is not None:
        lines.append(f"● {opened.pending.words}, not saved yet")
    return "\n".join(lines)


def add_open(
    heading: QTreeWidgetItem, document: Document, palette: QPalette, *, icons: bool
) -> None:
    """A row for each, that in front with its parts below it."""
    for opened in document.all_open:
        front = opened is document.front
        item = QTreeWidgetItem(heading, [f"{mark_of(opened)}{name_of(opened)}"])
        item.setData(NAME, OPENED_ROLE, opened)
        if icons:
            item.setIcon(NAME, icon(icon_of(opened), palette))
        words = words_of(opened)
        item.setToolTip(NAME, plain_tip(words))
        item.setData(
            NAME,
            Qt.ItemDataRole.AccessibleTextRole,
            ("In front: " if front else "") + words.replace("\n", ", "),
        )
        if opened.verdict is not None:
            style = theme.fit_style(opened.verdict.fit, palette)
            item.setText(SIGN, style.sign)
            item.setForeground(SIGN, style.colour)
            item.setToolTip(SIGN, plain_tip(style.word))
        if front:
            font = item.font(NAME)
            font.setBold(True)
            item.setFont(NAME, font)
            _add_parts(item, opened)
            item.setExpanded(True)


def _add_parts(item: QTreeWidgetItem, opened: Opened) -> None:
    image, inspection = opened.image, opened.inspection
    if image is None or inspection is None:
        return
    if inspection.machine is not None:
        for text, tip in mapping_lines(inspection.machine):
            part = QTreeWidgetItem(item, [text])
            part.setToolTip(NAME, plain_tip(tip))
    for space, file in enumerate(image.files):
        text = image.title_of(space)
        changed = opened.modified and space == opened.store_file
        part = QTreeWidgetItem(item, [f"● {text}" if changed else text])
        packed = "" if file.format == "raw" else f", packed ({file.format})"
        part.setToolTip(NAME, plain_tip(f"{file.path}\n{size_text(file.size)}{packed}"))
        part.setData(NAME, PLACE_ROLE, Place(space, Span(0, file.size)))
