"""What is open, what was open lately, and what is installed on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.image import Role
from ovmfgui.gui.document.recent import by_folder, name_of
from ovmfgui.gui.document.settings import RECENT
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.panes.open_rows import NAME, OPENED_ROLE, PLACE_ROLE, SIGN, add_open
from ovmfgui.machine.installed import (
    InstalledFile,
    InstalledFirmware,
    installed_files,
    installed_firmware,
)
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.progress import Report

_PATHS_ROLE = Qt.ItemDataRole.UserRole + 1
_NARROW = 36 * theme.GRID
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class SourcesPane(QWidget):
    """A click brings what is open to the front, and selects a whole file of it.

    Enter or a double click opens what is not open; two rows that are selected are compared.

    Args:
        workbench: whose documents they are.
        open_files: opens what was chosen.
        close: closes something open, once its edits are settled.
        parent: where it stands.
    """

    def __init__(
        self,
        workbench: Workbench,
        open_files: Callable[[Sequence[str]], None],
        close: Callable[[Opened], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._settings = settings = workbench.settings
        self._open_files, self._close = open_files, close
        self._actions = workbench.actions
        self._installed: tuple[InstalledFile, ...] = ()
        self._firmware: tuple[InstalledFirmware, ...] = ()
        self._shown: tuple[object, object] | None = None
        self._open: QTreeWidgetItem | None = None
        self._narrow = False
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "Sources")
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(SIGN, QHeaderView.ResizeMode.Fixed)
        self.tree.header().setMinimumSectionSize(0)
        self.tree.header().resizeSection(SIGN, 8 * theme.GRID)
        self.tree.viewport().installEventFilter(self)
        self.tree.installEventFilter(self)
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
        document.edits_changed.connect(self._refresh)
        document.listed.connect(self._refresh)
        settings.changed.connect(self._on_setting)
        self.tree.itemSelectionChanged.connect(workbench.actions.update)
        self._refresh()
        workbench.tasks.start("Looking for installed firmware", _look, self._on_installed)

    def _on_installed(
        self, found: tuple[tuple[InstalledFirmware, ...], tuple[InstalledFile, ...]]
    ) -> None:
        self._firmware, self._installed = found
        self._refresh()

    def _on_setting(self, key: str) -> None:
        if key == RECENT.key:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane names come before icons and signs, which their tips have too."""
        super().resizeEvent(event)
        self._narrow = event.size().width() < _NARROW
        self.tree.setColumnHidden(SIGN, self._narrow)
        elide = Qt.TextElideMode
        self.tree.setTextElideMode(elide.ElideRight if self._narrow else elide.ElideMiddle)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Signs and icons have colours of the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_firmware"):
            self._refresh()

    def _refresh(self, _what: object = None) -> None:
        document, look = self._document, (self.palette().cacheKey(), self._narrow)
        beside = document.all_open
        opened = [
            (e, e.inspection and id(e.inspection), e.unsaved_edits, e.changed) for e in beside
        ]
        recent = [each for each in self._settings.recent() if document.holding(each) is None]
        now = ((document.front, opened, look), (recent, self._installed))
        # What is told more than once as another document comes to the front is drawn once, and an
        # edit leaves alone what it does not concern: there a file system is asked.
        if now == self._shown:
            return
        whole = self._shown is None or now[1] != self._shown[1]
        self._shown = now
        selected = {
            id(found)
            for item in self.tree.selectedItems()
            if (found := item.data(NAME, OPENED_ROLE)) is not None
        }
        folded = {
            item.text(0)
            for row in range(self.tree.topLevelItemCount())
            if (item := self.tree.topLevelItem(row)) is not None and not item.isExpanded()
        }
        if whole:
            self.tree.clear()
            self._open = None
        self._add_open()
        if whole:
            self._add_recent(recent)
            self._add_installed()
        for row in range(self.tree.topLevelItemCount() if whole else 1):
            item = self.tree.topLevelItem(row)
            if item is not None:
                item.setExpanded(item.text(0) not in folded)
                self._span(item, selected)

    def _span(self, item: QTreeWidgetItem, selected: set[int]) -> None:
        """Give names the room of the signs where there are none; select what was selected."""
        item.setFirstColumnSpanned(not item.text(SIGN))
        opened = item.data(NAME, OPENED_ROLE)
        if opened is not None and id(opened) in selected:
            item.setSelected(True)
        for at in range(item.childCount()):
            child = item.child(at)
            if child is not None:
                self._span(child, selected)

    def _heading(self, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [text])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        return item

    def _add_open(self) -> None:
        if self._open is not None:
            self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(self._open))
            self._open = None
        if self._document.all_open:
            self._open = self._heading("Open")
            self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(self._open))
            self.tree.insertTopLevelItem(0, self._open)
            add_open(self._open, self._document, self.palette(), icons=not self._narrow)
        image = self._document.image
        halves = {Role.CODE: "VARS", Role.VARS: "CODE", Role.BLANK: "CODE"}
        alone = image is not None and self._document.played is None
        missing = halves.get(image.role, "") if image is not None and alone else ""
        machine = self._document.inspection.machine if self._document.inspection else None
        self.half.setVisible(bool(missing) and machine is None)
        self.half.setText(f"Add the {missing} file…")
        self.half.setToolTip(
            "With both halves of the pair open, the verdict tells whether they fit"
        )

    def _add_recent(self, entries: Sequence[tuple[str, ...]]) -> None:
        if not entries:
            return
        heading = self._heading("Recent")
        for folder in by_folder(entries):
            group = QTreeWidgetItem(heading, [folder.title])
            group.setToolTip(0, plain_tip(folder.path))
            for paths in folder.entries:
                self._offer(QTreeWidgetItem(group, [name_of(paths)]), paths)
            group.setExpanded(True)

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

    def two(self) -> tuple[Opened | tuple[str, ...], ...]:
        """What can be compared: the two rows selected, or else all that is open where that is two.

        Empty where it is not two.
        """
        chosen: list[Opened | tuple[str, ...]] = []
        for item in self.tree.selectedItems():
            found = item.data(NAME, OPENED_ROLE) or item.data(NAME, _PATHS_ROLE)
            if found is not None and not item.isDisabled():
                chosen.append(found)
        opened = [each for each in self._document.all_open if each.image is not None]
        found = chosen if len(chosen) > 1 else opened
        whole = all(isinstance(each, tuple) or each.image is not None for each in found)
        hosts = all(not isinstance(each, tuple) and each.host for each in found)
        return tuple(found) if len(found) == 2 and (whole or hosts) else ()

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        opened, place = item.data(NAME, OPENED_ROLE), item.data(NAME, PLACE_ROLE)
        if opened is not None and QGuiApplication.keyboardModifiers() in _PLAIN:
            # With Ctrl or Shift rows are selected, to be compared.
            self._document.bring_to_front(opened)
        elif place is not None:
            self._document.select(place)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        self._on_clicked(item)
        paths = item.data(NAME, _PATHS_ROLE)
        if paths:
            self._open_files(tuple(paths))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The middle button and Delete close what is open."""
        item, kind = None, event.type()
        if isinstance(event, QMouseEvent) and kind is QEvent.Type.MouseButtonRelease:
            middle = event.button() is Qt.MouseButton.MiddleButton
            item = self.tree.itemAt(event.position().toPoint()) if middle else None
        elif isinstance(event, QKeyEvent) and kind is QEvent.Type.KeyPress:
            delete = event.key() == Qt.Key.Key_Delete
            item = self.tree.currentItem() if delete else None
        opened = item.data(NAME, OPENED_ROLE) if item is not None else None
        if opened is None:
            return super().eventFilter(watched, event)
        self._close(opened)
        return True

    def _on_menu(self, position: QPoint) -> None:
        item, paths = self.tree.itemAt(position), self.chosen()
        opened = item.data(NAME, OPENED_ROLE) if item is not None else None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if paths:
            action = menu.addAction("Open as a pair" if len(paths) == 2 else "Open")
            action.setEnabled(len(paths) <= 2)
            action.triggered.connect(lambda: self._open_files(paths))
        if opened is not None:
            front = menu.addAction("Bring to the front")
            front.setEnabled(opened is not self._document.front)
            front.triggered.connect(lambda: self._document.bring_to_front(opened))
            menu.addAction("Close").triggered.connect(lambda: self._close(opened))
        if paths or opened is not None:
            self._actions.update()
            menu.addSeparator()
            menu.addAction(self._actions["compare-two"])
            menu.popup(self.tree.viewport().mapToGlobal(position))
        else:
            menu.deleteLater()


def _look(
    _report: Report,
) -> tuple[tuple[InstalledFirmware, ...], tuple[InstalledFile, ...]]:
    return installed_firmware(), installed_files()
