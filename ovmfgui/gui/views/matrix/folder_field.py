"""A folder, typed, chosen or dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent


class FolderField(QWidget):
    """A title, the path, and a button to choose it.

    Signals:
        changed: the folder, once it is complete.
    """

    changed = Signal(str)

    def __init__(self, title: str, example: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.path = QLineEdit(self)
        self.path.setPlaceholderText(example)
        self.path.setAccessibleName(title)
        self.path.setAcceptDrops(False)
        self.setAcceptDrops(True)
        label = PlainLabel(title, self)
        label.setBuddy(self.path)
        choose = QPushButton("Choose…", self)
        choose.setToolTip(plain_tip(f"Choose a folder: {title}"))
        choose.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(label)
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        self.path.editingFinished.connect(self._on_edited)

    @property
    def folder(self) -> str:
        """The path in the field; empty for none."""
        return self.path.text().strip()

    def set_folder(self, folder: str) -> None:
        """Put a folder in."""
        self.path.setText(folder)
        self.changed.emit(folder)

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._title, self.folder)
        if folder:
            self.set_folder(folder)

    def _on_edited(self) -> None:
        self.changed.emit(self.folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder, or a file of which the folder is meant."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put the dropped folder's path into the field."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        event.acceptProposedAction()
        self.set_folder(str(path if path.is_dir() else path.parent))
