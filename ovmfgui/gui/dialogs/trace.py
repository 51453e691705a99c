"""What a trace needs beside its log: the chip's file as it was when the log began."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel


class TraceDialog(QDialog):
    """Asks for a file; the opened store is proposed."""

    def __init__(self, log: str, proposed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Play a trace")
        words = WrappedLabel(
            f"{Path(log).name} says what was written to a flash chip, not what it held before. "
            "Name the file that was behind the chip as it was when the log began: for a first "
            "boot that is the VARS template.",
            self,
        )
        self.before = QLineEdit(proposed, self)
        self.before.setAccessibleName("The chip's file before")
        self.before.setPlaceholderText("/usr/share/OVMF/OVMF_VARS_4M.fd")
        self.browse_button = QPushButton("Choose…", self)
        self.browse_button.clicked.connect(self._on_browse)
        row = QHBoxLayout()
        row.addWidget(self.before, 1)
        row.addWidget(self.browse_button)
        box = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(box.Ok | box.Cancel, self)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(words)
        column.addLayout(row)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.resize(140 * theme.GRID, 40 * theme.GRID)
        self.before.textChanged.connect(self._allow)
        self._allow()

    def _allow(self) -> None:
        there = Path(self.before.text()).is_file()
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(there)
        ok.setToolTip("" if there else "There is no such file yet")

    def _on_browse(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self, "The chip's file before", self.before.text() or "/usr/share/OVMF"
        )
        if path:
            self.before.setText(path)
