"""The pages of help, to read beside the work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QListWidget,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.actions.written_keys import with_live_keys
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.text_page import TextPage
from ovmfgui.help import GLOSSARY, help_pages
from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from ovmfgui.gui.actions.bound import Actions


class HelpDialog(QDialog):
    """Titles on the left, the chosen page on the right.

    Args:
        actions: the window's; pages name their keys as they are now.
    """

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle("Help")
        self._pages = help_pages()
        self.titles = QListWidget(self)
        self.titles.setAccessibleName("Help pages")
        self.titles.setWordWrap(True)
        self.titles.addItems([page.title for page in self._pages])
        self.page = TextPage(self)
        self.page.setAccessibleName("Help page")
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._on_link)
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
        save = buttons.addButton("Save as a web page…", QDialogButtonBox.ButtonRole.ActionRole)
        save.clicked.connect(self._on_save)
        self.titles.currentRowChanged.connect(self._on_chosen)
        self.titles.setCurrentRow(0)
        actions.keys_changed.connect(self._on_keys)

    def show_term(self, term: str) -> None:
        """The glossary, at one of its terms."""
        names = [page.name for page in self._pages]
        self.titles.setCurrentRow(names.index(GLOSSARY))
        block = self.page.document().begin()
        while block.isValid() and block.text() != term:
            block = block.next()
        if not block.isValid():
            return
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        # The last place first, so that the term then comes to the top.
        self.page.moveCursor(QTextCursor.MoveOperation.End)
        self.page.setTextCursor(cursor)
        self.page.setFocus()

    def _on_link(self, url: QUrl) -> None:
        """Another page is shown here; a folder that is shipped, by the desktop."""
        names = [page.name for page in self._pages]
        name = url.path().removesuffix(".md")
        if name in names:
            self.titles.setCurrentRow(names.index(name))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(resource_path("help") / url.path())))

    def save_page(self, path: str) -> None:
        """Write the page in sight as HTML that needs nothing else."""
        Path(path).write_text(self.page.document().toHtml(), encoding="utf-8")

    def _on_save(self) -> None:
        name = f"{self._pages[self.titles.currentRow()].name}.html"
        path, _filter = QFileDialog.getSaveFileName(
            self, "Save as a web page", name, "HTML (*.html)"
        )
        if path:
            self.save_page(path)

    def _on_keys(self) -> None:
        self._on_chosen(self.titles.currentRow())

    def _on_chosen(self, row: int) -> None:
        self.page.setMarkdown(with_live_keys(self._pages[row].text, self._actions))
