"""The edits since the file was opened, each with the flash writes that firmware would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QTreeWidget, QTreeWidgetItem, QWidget

from ovmfgui.gui.document.undo import EditCommand
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree, set_widths
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.nvram.editor import FlashWrite

_STEP_ROLE = Qt.ItemDataRole.UserRole
_WRITE_ROLE = Qt.ItemDataRole.UserRole + 1


class HistoryPane(QWidget):
    """A click on a write selects its bytes; Enter on a step goes back or forward to it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "History of edits")
        self.tree.setHeaderLabels(["Step", "State", "Offset", "Bytes"])
        set_widths(self.tree, ("n" * 40, "shown now, on disk", "0x000000"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_label("No edits yet. Every edit can be undone.", self))
        self._stack.addWidget(self.tree)
        self.tree.currentItemChanged.connect(self._on_item)
        self.tree.itemClicked.connect(self._on_item)
        self.tree.itemActivated.connect(self._on_activated)
        document.edits_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        stack = self._document.undo_stack
        self._stack.setCurrentIndex(1 if stack.count() else 0)
        self.tree.clear()
        if not stack.count():
            return
        self._add("As opened", 0)
        for index in range(stack.count()):
            command = stack.command(index)
            item = self._add(command.text(), index + 1)
            if isinstance(command, EditCommand):
                for write in command.writes:
                    self._add_write(item, write)
        now = self.tree.topLevelItem(stack.index())
        if now is not None:
            now.setExpanded(True)
            self.tree.scrollToItem(now)

    def _add(self, text: str, step: int) -> QTreeWidgetItem:
        stack = self._document.undo_stack
        states = []
        if step == stack.index():
            states.append("shown now")
        if step == stack.cleanIndex():
            states.append("on disk")
        if step > stack.index():
            states.append("undone")
        item = QTreeWidgetItem(self.tree, [text, ", ".join(states)])
        item.setData(0, _STEP_ROLE, step)
        font = item.font(0)
        font.setBold(step == stack.index())
        item.setFont(0, font)
        if step > stack.index():
            item.setForeground(0, theme.muted(self.palette()))
        return item

    def _add_write(self, parent: QTreeWidgetItem, write: FlashWrite) -> None:
        shown = write.data[:16].hex(" ").upper() + (" …" if len(write.data) > 16 else "")
        what = f"{len(write.data):,} bytes: {shown}" if len(write.data) > 1 else shown
        item = QTreeWidgetItem(parent, [write.what, "", f"0x{write.offset:06X}", what])
        item.setData(0, _WRITE_ROLE, write)
        for column in (2, 3):
            item.setFont(column, theme.fixed_font())

    def _on_item(self, item: QTreeWidgetItem | None, _other: object = None) -> None:
        write = item.data(0, _WRITE_ROLE) if item is not None else None
        space = self._document.store_file
        if write is not None and space is not None:
            self._document.select(Place(space, Span(write.offset, len(write.data))))

    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        step = item.data(0, _STEP_ROLE)
        if step is not None:
            self._document.undo_stack.setIndex(step)
