"""All commands and their keys, from the table of actions; each can be given another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.actions.spec import MENUS
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.gui.actions.spec import ActionSpec
    from ovmfgui.gui.document.settings import Settings

_CHOOSE = "Choose a command to give it another key."


class KeysDialog(QDialog):
    """By menu, with a filter line; the key of the command that is chosen is edited below.

    Args:
        actions: the window's.
        settings: where keys are remembered, and from where every window takes them.
    """

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self._actions, self._settings = actions, settings
        self._headings: list[QTreeWidgetItem] = []
        self._items: dict[str, QTreeWidgetItem] = {}
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter by command or key")
        self.filter.setAccessibleName("Filter shortcuts")
        self.filter.setClearButtonEnabled(True)
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "Shortcuts")
        self.tree.setHeaderLabels(["Command", "Key", "What it does"])
        for menu in MENUS:
            self._add_menu(menu)
        self.tree.expandAll()
        self.key = QKeySequenceEdit(self)
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.key.setAccessibleName("Key of the command")
        self.give = QPushButton("&Set", self)
        self.give.setToolTip("Give the command this key; without one, it has none")
        self.reset = QPushButton("&Reset", self)
        self.reset.setToolTip("Give the command the key that it is shipped with")
        self.reset_all = QPushButton("Reset &all", self)
        self.reset_all.setToolTip("Give every command the key that it is shipped with")
        self.message = WrappedLabel(_CHOOSE, self)
        self._build()
        self._show_keys()
        for section in (0, 1):
            self.tree.resizeColumnToContents(section)
            self.tree.setColumnWidth(section, self.tree.columnWidth(section) + 4 * theme.GRID)
        self._on_row()

    def _build(self) -> None:
        label = PlainLabel("&Key", self)
        label.setBuddy(self.key)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.GRID)
        row.addWidget(label)
        row.addWidget(self.key, 1)
        for button in (self.give, self.reset, self.reset_all):
            button.setAutoDefault(False)
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(buttons)
        self.resize(200 * theme.GRID, 140 * theme.GRID)
        self.filter.textChanged.connect(self._on_filter)
        self.tree.currentItemChanged.connect(self._on_row)
        self.key.keySequenceChanged.connect(self._check)
        self.give.clicked.connect(self._on_give)
        self.reset.clicked.connect(self._on_reset)
        self.reset_all.clicked.connect(lambda: self._keep({}, "All keys are as shipped."))
        self._actions.keys_changed.connect(self._show_keys)

    def _add_menu(self, menu: str) -> None:
        entries = self._actions.of_menu(menu)
        if not entries:
            return
        heading = QTreeWidgetItem(self.tree, [menu])
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        for spec, _action in entries:
            row = QTreeWidgetItem(heading, [spec.text.replace("&", ""), "", spec.tip])
            self._items[spec.id] = row
        self._headings.append(heading)

    def _show_keys(self) -> None:
        """The keys as they are now; those that are not as shipped in bold."""
        given = self._actions.keys_given()
        for name, item in self._items.items():
            item.setText(1, self._actions.key_text(name))
            font = item.font(1)
            font.setBold(name in given)
            item.setFont(1, font)
            shipped = QKeySequence(self._actions.specs[name].shortcut)
            told = shipped.toString(QKeySequence.SequenceFormat.NativeText) or "none"
            item.setToolTip(1, plain_tip(f"Shipped with: {told}" if name in given else ""))
        self.reset_all.setEnabled(bool(given))
        self._on_filter(self.filter.text())

    def chosen(self) -> ActionSpec | None:
        """The command whose row is the current one."""
        now = self.tree.currentItem()
        name = next((name for name, item in self._items.items() if item is now), None)
        return self._actions.specs[name] if name is not None else None

    def _on_row(self, _now: object = None, _before: object = None) -> None:
        spec = self.chosen()
        self.key.setEnabled(spec is not None)
        shown = self._actions[spec.id].shortcut() if spec is not None else QKeySequence()
        self.key.setKeySequence(shown)
        self._check()

    def _check(self, _what: object = None) -> None:
        """Say at once where the key is somebody else's."""
        spec = self.chosen()
        wanted = self.key.keySequence()
        why = self._actions.why_not(spec.id, wanted.toString()) if spec is not None else _CHOOSE
        same = spec is not None and wanted == self._actions[spec.id].shortcut()
        self.message.setText(why)
        self.give.setEnabled(spec is not None and not why and not same)
        self.reset.setEnabled(spec is not None and spec.id in self._actions.keys_given())

    def _on_give(self) -> None:
        spec = self.chosen()
        if spec is not None:
            key = self.key.keySequence()
            told = key.toString(QKeySequence.SequenceFormat.NativeText)
            keys = self._actions.keys_given() | {spec.id: key.toString()}
            words = f"The key is {told} now." if told else "The command has no key now."
            self._keep(keys, words)

    def _on_reset(self) -> None:
        spec = self.chosen()
        if spec is None:
            return
        why = self._actions.why_not(spec.id, spec.shortcut)
        if why:
            self.message.setText(f"It cannot be reset: {why}")
            return
        keys = self._actions.keys_given()
        keys.pop(spec.id, None)
        self._keep(keys, "The key is as shipped.")

    def _keep(self, keys: dict[str, str], told: str) -> None:
        # Every window follows the settings.
        self._settings.set_keys(keys)
        self._on_row()
        self.message.setText(told)

    def _on_filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items.values():
            line = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(not all(word in line for word in words))
        for heading in self._headings:
            items = [heading.child(row) for row in range(heading.childCount())]
            heading.setHidden(all(item is None or item.isHidden() for item in items))
