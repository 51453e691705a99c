"""Where the matrix has its files from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QToolButton, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = "Firmware (*.fd *.fd.xz *.qcow2 *.raw *.bin *.rom *.json *.xml);;All files (*)"


class SourceBar(QWidget):
    """Buttons that add sources, and what came of them.

    Signals:
        installed_wanted: the firmware of this machine.
        added: paths of files or folders.
        again_wanted: read everything once more.
        clear_wanted: start from nothing.
    """

    installed_wanted = Signal()
    added = Signal(object)
    again_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ElidedLabel("", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        self.installed = self._button(
            "Installed firmware", "What is installed on this machine", self.installed_wanted.emit
        )
        for button in (
            self.installed,
            self._button("Add folder…", "Every image in a folder", self._ask_folder),
            self._button("Add files…", "Images, firmware descriptors, domain XML", self._ask_files),
        ):
            row.addWidget(button)
        row.addWidget(self.text, 1)
        self._tools = (
            self._tool("Read again", "Read all files once more (F5)", self.again_wanted.emit),
            self._tool("Clear", "Take all files off the matrix", self.clear_wanted.emit),
        )
        for tool in self._tools:
            row.addWidget(tool)
        self.tell("", filled=False)

    def _button(self, text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def _tool(self, text: str, tip: str, slot: Callable[[], object]) -> QToolButton:
        tool = QToolButton(self)
        tool.setText(text)
        tool.setToolTip(plain_tip(tip))
        tool.setAutoRaise(True)
        tool.clicked.connect(lambda _checked=False: slot())
        return tool

    def tell(self, text: str, tip: str = "", *, filled: bool) -> None:
        """What is in the matrix; ``filled`` whether there is anything."""
        self.text.setText(text)
        self.text.setToolTip(plain_tip(tip or text))
        for tool in self._tools:
            tool.setVisible(filled)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder with firmware images")
        if folder:
            self.added.emit((folder,))

    def _ask_files(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(self, "Firmware for the matrix", "", FILES)
        if paths:
            self.added.emit(tuple(paths))
