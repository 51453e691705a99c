"""A step in words, and beside it what QEMU prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSplitter, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.views.migration.step_text import step_html
from ovmfgui.gui.widgets.term_browser import TermBrowser

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.step import Step


class StepWords(QSplitter):
    """Two texts side by side.

    Attributes:
        text: what happens, and what follows.
        printed: QEMU's own words; a trace's lines.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.text = TermBrowser(self)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("What happens")
        self.text.document().setDocumentMargin(2 * theme.GRID)
        self.printed = QPlainTextEdit(self)
        self.printed.setFrameShape(QFrame.Shape.NoFrame)
        self.printed.setReadOnly(True)
        self.printed.setFont(theme.fixed_font())
        self.printed.setPlaceholderText("QEMU prints nothing.")
        self.printed.setAccessibleName("What QEMU prints")
        self.printed.document().setDocumentMargin(2 * theme.GRID)
        self.addWidget(self.text)
        self.addWidget(self.printed)
        self.setSizes([500, 500])
        self.setChildrenCollapsible(False)
        lines_high(self, 2.5)

    def wanted_height(self, whole: int) -> int:
        """Of ``whole``: six lines where there is room, so that a step fits without scrolling."""
        lines = self.fontMetrics().lineSpacing()
        return round(min(max(whole / 4, min(6.5 * lines, whole / 3)), 12 * lines))

    def show_step(self, step: Step, last: int) -> None:
        """Another step; ``last`` is the number of the last one."""
        # Not this widget's: as the theme changes, the view gets its palette before its parts do.
        self.text.setHtml(step_html(step, last, QGuiApplication.palette()))
        self.printed.setPlainText(step.qemu)

    def show_nothing(self, why: str) -> None:
        """No step, and the reason."""
        self.text.setPlainText(why)
        self.printed.clear()
