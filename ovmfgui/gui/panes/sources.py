"""What is open, what was open lately, and what is installed on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.image import Role
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.machine.installed import (
    InstalledFile,
    InstalledFirmware,
    installed_files,
    installed_firmware,
)
from ovmfgui.machine.sentence import machine_sentence, mapping_lines
from ovmfgui.span import Place, Span
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.progress import Report

_PLACE_ROLE = Qt.ItemDataRole.UserRole
_PATHS_ROLE = Qt.ItemDataRole.UserRole + 1

TITLES = {
    Role.CODE: "CODE image",
    Role.VARS: "Variable store",
    Role.UNIFIED: "Unified image",
    Role.PAIR: "CODE/VARS pair",
    Role.BLANK: "Blank template",
}
"""What is open, in words."""


class SourcesPane(QWidget):
    """A click selects a whole file; Enter or a double click opens what is not open.

    Args:
        workbench: whose document it is.
        open_files: opens what was chosen.
        parent: where it stands.
    """

    def __init__(
        self,
        workbench: Workbench,
        open_files: Callable[[Sequence[str]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._settings = settings = workbench.settings
        self._open_files = open_files
        self._installed: tuple[InstalledFile, ...] = ()
        self._firmware: tuple[InstalledFirmware, ...] = ()
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "Sources")
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(3 * theme.GRID)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.half = QPushButton(self)
        self.half.clicked.connect(workbench.actions["open-half"].trigger)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.tree, 1)
        column.addWidget(self.half)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        document.inspection_changed.connect(self._refresh)
        document.edits_changed.connect(self._refresh)
        settings.changed.connect(self._refresh)
        self._refresh()
        workbench.tasks.start("Looking for installed firmware", _look, self._on_installed)

    def _on_installed(
        self, found: tuple[tuple[InstalledFirmware, ...], tuple[InstalledFile, ...]]
    ) -> None:
        self._firmware, self._installed = found
        self._refresh()

    def _refresh(self, _what: object = None) -> None:
        folded = {
            item.text(0)
            for row in range(self.tree.topLevelItemCount())
            if (item := self.tree.topLevelItem(row)) is not None and not item.isExpanded()
        }
        self.tree.clear()
        self._add_open()
        self._add_recent()
        self._add_installed()
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            if item is not None:
                item.setExpanded(item.text(0) not in folded)

    def _heading(self, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [text])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        return item

    def _add_open(self) -> None:
        image = self._document.image
        missing = ""
        if image is not None:
            machine = self._document.inspection.machine if self._document.inspection else None
            title = TITLES[image.role] if machine is None else machine.machine.title
            if image.architecture is not None:
                title += f" · {image.architecture}"
            heading = self._heading(title)
            if machine is not None:
                heading.setToolTip(0, plain_tip(machine_sentence(machine)))
                for text, tip in mapping_lines(machine):
                    QTreeWidgetItem(heading, [text]).setToolTip(0, plain_tip(tip))
            for space, file in enumerate(image.files):
                text = image.title_of(space)
                changed = self._document.modified and space == self._document.store_file
                item = QTreeWidgetItem(heading, [f"● {text}" if changed else text])
                packed = "" if file.format == "raw" else f", packed ({file.format})"
                item.setToolTip(0, plain_tip(f"{file.path}\n{size_text(file.size)}{packed}"))
                item.setData(0, _PLACE_ROLE, Place(space, Span(0, file.size)))
            missing = {Role.CODE: "VARS", Role.VARS: "CODE", Role.BLANK: "CODE"}.get(image.role, "")
        self.half.setVisible(bool(missing))
        self.half.setText(f"Add the {missing} file…")
        self.half.setToolTip(
            "With both halves of the pair open, the verdict tells whether they fit"
        )

    def _add_recent(self) -> None:
        here = tuple(f.path for f in self._document.image.files) if self._document.image else ()
        entries = [e for e in self._settings.recent() if sorted(e) != sorted(here)]
        if not entries:
            return
        heading = self._heading("Recent")
        for paths in entries:
            item = QTreeWidgetItem(heading, [" + ".join(Path(path).name for path in paths)])
            self._offer(item, paths)

    def _offer(self, item: QTreeWidgetItem, paths: tuple[str, ...]) -> None:
        item.setToolTip(0, plain_tip("\n".join(paths)))
        item.setData(0, _PATHS_ROLE, paths)
        if not all(Path(path).exists() for path in paths):
            item.setDisabled(True)
            item.setToolTip(0, plain_tip("\n".join(paths) + "\nis not there any more"))

    def _add_installed(self) -> None:
        if not self._installed and not self._firmware:
            return
        heading = self._heading("Installed")
        for firmware in self._firmware:
            item = QTreeWidgetItem(heading, [firmware.title])
            self._offer(item, firmware.paths)
            missing = "\nis not there any more" if item.isDisabled() else ""
            item.setToolTip(0, plain_tip(f"{firmware.tip}{missing}"))
        folders: dict[str, QTreeWidgetItem] = {}
        for file in self._installed:
            folder = str(Path(file.path).parent)
            if folder not in folders:
                folders[folder] = QTreeWidgetItem(heading, [folder])
            item = QTreeWidgetItem(folders[folder], [file.name])
            item.setToolTip(0, plain_tip(f"{file.path}\n{size_text(file.size)}"))
            item.setData(0, _PATHS_ROLE, (file.path,))

    def chosen(self) -> tuple[str, ...]:
        """The files of the rows selected, for opening."""
        paths: list[str] = []
        for item in self.tree.selectedItems():
            paths.extend(item.data(0, _PATHS_ROLE) or ())
        return tuple(paths)

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE_ROLE)
        if place is not None:
            self._document.select(place)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        self._on_clicked(item)
        paths = item.data(0, _PATHS_ROLE)
        if paths:
            self._open_files(tuple(paths))

    def _on_menu(self, position: QPoint) -> None:
        paths = self.chosen()
        if not paths:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction("Open as a pair" if len(paths) == 2 else "Open")
        action.setEnabled(len(paths) <= 2)
        action.triggered.connect(lambda: self._open_files(paths))
        menu.popup(self.tree.viewport().mapToGlobal(position))


def _look(
    _report: Report,
) -> tuple[tuple[InstalledFirmware, ...], tuple[InstalledFile, ...]]:
    return installed_firmware(), installed_files()
