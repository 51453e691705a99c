"""What stands in the middle while the first files are being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from ovmfgui.gui.document.tasks import Task


class Busy(QWidget):
    """A task's title, its progress, and the way out.

    Signals:
        cancelled: it is not wanted any more.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("", self)
        self.step = ElidedLabel("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(80 * theme.GRID)
        self.bar.setAccessibleName("Progress")
        cancel = QPushButton("Cancel", self)
        cancel.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setSpacing(3 * theme.GRID)
        column.addStretch(2)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.step.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.title)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.step)
        column.addWidget(cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_task(self, task: Task) -> None:
        """Show how far a task is."""
        self.title.setText(f"{task.title} …")
        self.step.setText(task.text)
        self.bar.setRange(0, task.total)
        self.bar.setValue(task.done)
