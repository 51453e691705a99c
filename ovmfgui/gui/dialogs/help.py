"""The pages of help, to read beside the work."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.help import help_pages


class HelpDialog(QDialog):
    """Titles on the left, the chosen page on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        self._pages = help_pages()
        self.titles = QListWidget(self)
        self.titles.setAccessibleName("Help pages")
        self.titles.addItems([page.title for page in self._pages])
        self.page = QTextBrowser(self)
        self.page.setAccessibleName("Help page")
        self.page.setOpenLinks(False)
        both = QSplitter(self)
        both.addWidget(self.titles)
        both.addWidget(self.page)
        both.setStretchFactor(1, 1)
        both.setSizes([60 * theme.GRID, 140 * theme.GRID])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(both, 1)
        column.addWidget(buttons)
        self.resize(200 * theme.GRID, 140 * theme.GRID)
        self.titles.currentRowChanged.connect(self._on_chosen)
        self.titles.setCurrentRow(0)

    def _on_chosen(self, row: int) -> None:
        self.page.setMarkdown(self._pages[row].text)
