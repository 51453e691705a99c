"""What is held against what: A is open, B is chosen."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ovmfgui.flash.opening import describe_role
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from ovmfgui.layout.inspection import Inspection

FILES = (
    "Flash images, descriptors, domains (*.fd *.fd.xz *.bin *.raw *.rom *.qcow2 *.xz *.json *.xml)"
    ";;All files (*)"
)


class _Side(QWidget):
    """A letter, the files' names, and what they are together."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark = PlainLabel(letter, self)
        font = mark.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.5)
        mark.setFont(font)
        self.name = ElidedLabel("", self)
        bold = self.name.font()
        bold.setBold(True)
        self.name.setFont(bold)
        self.note = ElidedLabel("", self)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * theme.GRID)
        row.addWidget(mark)
        row.addLayout(words, 1)

    def tell(self, inspection: Inspection | None, otherwise: str) -> None:
        if inspection is None:
            self.name.setText("–")
            self.note.setText(otherwise)
            self.setToolTip("")
            return
        image = inspection.image
        self.name.setText(" + ".join(PurePath(file.path).name for file in image.files))
        built = f", {image.architecture}" if image.architecture is not None else ""
        self.note.setText(f"{describe_role(image.role)}{built}")
        self.setToolTip(plain_tip("\n".join(file.path for file in image.files)))


class SidesBar(QWidget):
    """Both sides, with the buttons that choose and swap them.

    Signals:
        chosen: paths for side B.
        swap_wanted: A becomes B and B becomes A.
    """

    chosen = Signal(object)
    swap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = _Side("A", self), _Side("B", self)
        self.swap = QPushButton("⇄ Swap", self)
        self.swap.clicked.connect(self.swap_wanted)
        self.choose = QPushButton("Choose B…", self)
        self.choose.setToolTip("An image, a CODE and its VARS, a firmware descriptor or a domain")
        self.choose.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        row.setSpacing(4 * theme.GRID)
        row.addWidget(self.first, 1)
        row.addWidget(self.swap)
        row.addWidget(self.second, 1)
        row.addWidget(self.choose)

    def show_sides(self, first: Inspection | None, second: Inspection | None, why: str) -> None:
        """What stands where; ``why`` A and B cannot be swapped, empty where they can."""
        self.first.tell(first, "what is open in the window: nothing yet")
        self.second.tell(second, "choose it, or drop it here")
        self.swap.setEnabled(not why)
        tip = "Bring B to the front, and compare A to it"
        self.swap.setToolTip(plain_tip(f"{tip} – {why}" if why else tip))

    def _ask(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(self, "Compare with", "", FILES)
        if paths:
            self.chosen.emit(tuple(paths))
