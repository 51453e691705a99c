"""The edits since the file was opened, each with the flash writes that firmware would make."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QBrush, QUndoCommand
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
_DRAWN_ANEW = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)


class HistoryPane(QWidget):
    """A click on a write selects its bytes; Enter on a step goes back or forward to it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._steps: list[QUndoCommand | None] = []
        self.tree = QTreeWidget(self)
        dress_tree(self.tree, "History of edits")
        self.tree.setHeaderLabels(["Step", "State", "Offset", "Bytes"])
        set_widths(self.tree, ("n" * 40, "shown now, on disk", "0x000000"))
        self._stack = QStackedLayout(self)
        # The pane is as low as the findings beside it let it be.
        self.empty = empty_label(
            "No edits yet. Every edit can be undone.", self, margin=2 * theme.GRID
        )
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.tree)
        self.tree.currentItemChanged.connect(self._on_item)
        self.tree.itemClicked.connect(self._on_item)
        self.tree.itemActivated.connect(self._on_activated)
        document.edits_changed.connect(self._refresh)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """What was undone has a colour of the palette, bytes have a font of their own."""
        super().changeEvent(event)
        if event.type() in _DRAWN_ANEW and hasattr(self, "_steps"):
            self._steps = []
            self._refresh()

    def _refresh(self) -> None:
        stack = self._document.undo_stack
        commands = [stack.command(index) for index in range(stack.count())]
        # The file as it was opened has no command.
        steps = [None, *commands] if commands else []
        # A history is as long as somebody works: the rows that are there already stay.
        pairs = zip(steps, self._steps, strict=False)
        kept = sum(1 for _same in takewhile(lambda pair: pair[0] is pair[1], pairs))
        blocked = self.tree.blockSignals(True)
        if len(self._steps) > kept:
            # Otherwise another row would be current, as if somebody had gone to it.
            self.tree.setCurrentItem(None)  # type: ignore[call-overload]
        while self.tree.topLevelItemCount() > kept:
            self.tree.takeTopLevelItem(kept)
        self.tree.addTopLevelItems([_row(steps[step], step) for step in range(kept, len(steps))])
        self.tree.blockSignals(blocked)
        self._steps = steps
        self._stack.setCurrentIndex(1 if steps else 0)
        now, clean = stack.index(), stack.cleanIndex()
        for step in range(len(steps)):
            item = self.tree.topLevelItem(step)
            if item is not None:
                self._tell_state(item, step, now, clean)
        if (item := self.tree.topLevelItem(now)) is not None:
            self.tree.scrollToItem(item)

    def _tell_state(self, item: QTreeWidgetItem, step: int, now: int, clean: int) -> None:
        states = ("shown now", "on disk", "undone")
        holds = (step == now, step == clean, step > now)
        text = ", ".join(state for state, held in zip(states, holds, strict=True) if held)
        if text == item.text(1):
            return
        item.setText(1, text)
        font = item.font(0)
        font.setBold(step == now)
        item.setFont(0, font)
        ink = QBrush(theme.muted(self.palette())) if step > now else None
        item.setData(0, Qt.ItemDataRole.ForegroundRole, ink)
        item.setExpanded(step == now)

    def _on_item(self, item: QTreeWidgetItem | None, _other: object = None) -> None:
        write = item.data(0, _WRITE_ROLE) if item is not None else None
        space = self._document.store_file
        if write is not None and space is not None:
            self._document.select(Place(space, Span(write.offset, len(write.data))))

    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        step = item.data(0, _STEP_ROLE)
        if step is not None:
            self._document.undo_stack.setIndex(step)


def _row(command: QUndoCommand | None, step: int) -> QTreeWidgetItem:
    """A step, with its writes below it."""
    item = QTreeWidgetItem(["As opened" if command is None else command.text(), ""])
    item.setData(0, _STEP_ROLE, step)
    if isinstance(command, EditCommand):
        item.addChildren([_write_row(write) for write in command.writes])
    return item


def _write_row(write: FlashWrite) -> QTreeWidgetItem:
    shown = write.data[:16].hex(" ").upper() + (" …" if len(write.data) > 16 else "")
    what = f"{len(write.data):,} bytes: {shown}" if len(write.data) > 1 else shown
    item = QTreeWidgetItem([write.what, "", f"0x{write.offset:06X}", what])
    item.setData(0, _WRITE_ROLE, write)
    for column in (2, 3):
        item.setFont(column, theme.fixed_font())
    return item
