"""All commands and their keys, from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.actions.spec import MENUS
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree

if TYPE_CHECKING:
    from ovmfgui.gui.actions.bound import Actions


class KeysDialog(QDialog):
    """By menu, with a filter line."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self._headings: list[QTreeWidgetItem] = []
        self._items: list[tuple[QTreeWidgetItem, str]] = []
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter by command or key")
        self.filter.setAccessibleName("Filter shortcuts")
        self.filter.setClearButtonEnabled(True)
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "Shortcuts")
        self.tree.setHeaderLabels(["Command", "Key", "What it does"])
        for menu in MENUS:
            self._add_menu(actions, menu)
        self.tree.expandAll()
        for section in (0, 1):
            self.tree.resizeColumnToContents(section)
            self.tree.setColumnWidth(section, self.tree.columnWidth(section) + 4 * theme.GRID)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)
        self.resize(200 * theme.GRID, 140 * theme.GRID)
        self.filter.textChanged.connect(self._on_filter)

    def _add_menu(self, actions: Actions, menu: str) -> None:
        entries = actions.of_menu(menu)
        if not entries:
            return
        heading = QTreeWidgetItem(self.tree, [menu])
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        for spec, action in entries:
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QTreeWidgetItem(heading, [spec.text.replace("&", ""), keys, spec.tip])
            self._items.append((item, f"{item.text(0)} {keys} {spec.tip}".casefold()))
        self._headings.append(heading)

    def _on_filter(self, text: str) -> None:
        words = text.casefold().split()
        for item, line in self._items:
            item.setHidden(not all(word in line for word in words))
        for heading in self._headings:
            items = [heading.child(row) for row in range(heading.childCount())]
            heading.setHidden(all(item is None or item.isHidden() for item in items))
