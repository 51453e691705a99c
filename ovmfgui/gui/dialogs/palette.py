"""The command palette: any command by a part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.actions.spec import CONDITIONS
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree
from ovmfgui.gui.look.plain import plain_tip

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.gui.actions.spec import ActionSpec

_ID_ROLE = Qt.ItemDataRole.UserRole


def plain_text(spec: ActionSpec, action: QAction) -> str:
    """An action's text without mnemonic and dots, its menu before it."""
    words = "&".join(each.replace("&", "") for each in action.text().split("&&"))
    return f"{spec.menu}: {words.rstrip('…')}"


class CommandPalette(QDialog):
    """Type, choose with the arrow keys, Enter; what cannot be done now says why."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle("Command palette")
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("Type a part of a command's name")
        self.line.setAccessibleName("Command")
        self.list = QTreeWidget(self)
        dress_tree(self.list, "Commands")
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels(["Command", "Key, or why it cannot be done now"])
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.resize(160 * theme.GRID, 90 * theme.GRID)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        self._fill("")

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        self.list.clear()
        found = [
            (spec, action)
            for spec, action in self._actions.all()
            if spec.id != "palette"
            # Places of documents that are not there have no name either.
            and action.isVisible()
            and all(word in f"{plain_text(spec, action)} {spec.tip}".casefold() for word in words)
        ]
        # What can be done comes first; nothing is left out without a word.
        for spec, action in sorted(found, key=lambda pair: not pair[1].isEnabled()):
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            can = action.isEnabled()
            beside = keys if can else CONDITIONS.get(spec.enabled_when, "its view is not open")
            item = QTreeWidgetItem(self.list, [plain_text(spec, action), beside])
            item.setToolTip(0, plain_tip(spec.tip))
            item.setData(0, _ID_ROLE, spec.id)
            item.setDisabled(not can)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys move in the list while the cursor stays in the line."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in keys:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _on_chosen(self, _item: object = None) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isDisabled():
            self.accept()
            self._actions[item.data(0, _ID_ROLE)].trigger()
