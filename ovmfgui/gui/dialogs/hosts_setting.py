"""The hosts that the Hosts view offers, among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.settings import Settings


class HostsSetting(QWidget):
    """A list, to which hosts are added and from which they are taken; nobody is asked anything."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.list = QListWidget(self)
        self.list.setAccessibleName("Hosts")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines_high(self.list, 4)
        self.message = WrappedLabel("", self)
        Tint(self.message, theme.error_colour)
        self.message.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.GRID)
        self.remove = self._button("&Remove", "Take the chosen host off the list", self._on_remove)
        self.forget = self._button("For&get all", "Take all of them off", self._on_forget)
        for button in (
            self._button("Add &folder…", "What 'ovmfgui collect' made of a host", self._ask_folder),
            self._button("Add &URI…", "A host that libvirt reaches", self._ask_uri),
            self.remove,
            self.forget,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addWidget(self.message)
        self.list.currentRowChanged.connect(self._allow)
        self.show_hosts()

    def _button(self, text: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: slot())
        return button

    def show_hosts(self) -> None:
        """As they are in the settings."""
        row = self.list.currentRow()
        self.list.clear()
        self.list.addItems(list(self._settings.hosts()))
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self._allow()

    def _allow(self, _row: int = 0) -> None:
        chosen = self.list.currentRow() >= 0
        self.remove.setEnabled(chosen)
        self.remove.setToolTip("Take the chosen host off the list" if chosen else "None is chosen")
        self.forget.setEnabled(bool(self.list.count()))
        self.forget.setToolTip("Take all of them off" if self.list.count() else "None is kept")

    def add(self, name: str) -> None:
        """A URI, a host's folder, or a folder of such."""
        from ovmfgui.hosts.crossing import hosts_in

        try:
            found = hosts_in(name.strip())
        except Refused as refusal:
            self.message.setText(f"✖ {refusal}")
            self.message.show()
            return
        self.message.hide()
        self._settings.set_hosts(tuple(dict.fromkeys((*self._settings.hosts(), *found))))
        self.show_hosts()

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A host's folder, or a folder of hosts")
        if folder:
            self.add(folder)

    def _ask_uri(self) -> None:
        text, wanted = QInputDialog.getText(
            self, "Add a host", "A libvirt URI. It is not asked yet.", text="qemu+ssh://"
        )
        if wanted:
            self.add(text)

    def _on_remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            kept = tuple(each for each in self._settings.hosts() if each != item.text())
            self._settings.set_hosts(kept)
            self.show_hosts()

    def _on_forget(self) -> None:
        self._settings.set_hosts(())
        self.show_hosts()
