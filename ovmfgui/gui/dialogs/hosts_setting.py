"""The hosts that the Hosts view offers, among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.dialogs.adding_hosts import FOLDER_TIP, URI_TIP, AddingHosts
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.refusal import Refused


class HostsSetting(QWidget):
    """A list, to which hosts are added and from which they are taken; nobody is asked anything."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = workbench.settings
        self.adding = AddingHosts(workbench, parent, self)
        self.adding.found.connect(self._on_found)
        self.adding.refused.connect(self._on_refusal)
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
            self._button("Add &folder…", FOLDER_TIP, self.adding.ask_folder),
            self._button("Add &URI…", URI_TIP, self.adding.ask_uri),
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

    def _on_found(self, names: tuple[str, ...]) -> None:
        self.message.hide()
        self._settings.add_hosts(names)
        self.show_hosts()

    def _on_refusal(self, refusal: Refused) -> None:
        self.message.setText(f"✖ {refusal}")
        self.message.show()

    def _on_remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            kept = tuple(each for each in self._settings.hosts() if each != item.text())
            self._settings.set_hosts(kept)
            self.show_hosts()

    def _on_forget(self) -> None:
        self._settings.set_hosts(())
        self.show_hosts()
