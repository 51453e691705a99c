"""The boot entries in the order that firmware tries them, to be dragged into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree, set_widths
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.nvram.decode.options import option_flags
from ovmfgui.nvram.faults import visible_name

if TYPE_CHECKING:
    from ovmfgui.nvram.boot_options import BootOption
    from ovmfgui.nvram.record import Record

_NUMBER = Qt.ItemDataRole.UserRole
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def marks_of(option: BootOption) -> str:
    """What there is to know of an entry besides its name and path."""
    if option.problem:
        return option.problem
    marks = ["next start"] if option.is_next else []
    data = option.record.data if option.record is not None else b""
    flags = option_flags(int.from_bytes(data[:4], "little"))
    marks += flags if option.active else ["inactive", *flags]
    if option.automatic:
        marks.append("made by firmware")
    if option.position is None:
        marks.append("not in the order")
    return ", ".join(dict.fromkeys(marks))


def _hint(tried: int, entries: int) -> str:
    """What the order is, and how it is changed."""
    if not tried:
        return "There is no boot order: firmware makes one at the next start."
    if tried == 1:
        return "Firmware tries one of these by itself." if entries > 1 else "Firmware tries this."
    return f"Firmware tries these {tried} from top to bottom; drag them, or Alt+Up and Alt+Down."


class _Entries(QTreeWidget):
    """Rows that are dragged to another place; none is dropped into another."""

    dropped = Signal()

    def dropEvent(self, event: QDropEvent) -> None:
        """The row moves and stays the current one, then the order is told."""
        moved = self.currentItem()
        # Qt takes it out and puts it in again, and meanwhile goes to the row beside it.
        blocked = self.blockSignals(True)
        super().dropEvent(event)
        if moved is not None:
            self.setCurrentItem(moved)
        self.blockSignals(blocked)
        self.dropped.emit()


class BootOrderPane(QWidget):
    """Knows the entries and nothing of where they are kept.

    Signals:
        order_asked: the numbers of the entries in the order that is wanted, a tuple.
        add_asked: another entry is wanted.
        remove_asked: the numbers of entries that are to go, a tuple.
        active_asked: the number of an entry that is to be active, or no longer.
        next_asked: the number of the entry to start next, once; None for none in particular.
        chosen: the ``BootOption`` of the row that was clicked.
        edit_asked: it was clicked twice.
    """

    order_asked = Signal(object)
    add_asked = Signal()
    remove_asked = Signal(object)
    active_asked = Signal(object)
    next_asked = Signal(object)
    chosen = Signal(object)
    edit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options: tuple[BootOption, ...] = ()
        self._why_not = ""
        self.entries = _Entries(self)
        self.hint = ElidedLabel("", self)
        self.up = self._arrow("↑", "Try this entry earlier (Alt+Up)")
        self.down = self._arrow("↓", "Try this entry later (Alt+Down)")
        self.listed = self._tick("&In the order", "Whether firmware tries this entry by itself")
        self.active = self._tick("A&ctive", "Whether firmware starts it without being asked to")
        self.next = self._tick("&Start next", "Start this entry at the next start, once")
        self.remove = self._button(
            "&Remove", "Delete the entry, and take it out of BootOrder and BootNext"
        )
        self.remove_others = self._button(
            "Remove &unlisted", "Delete every entry that is not in the order, in one step"
        )
        self.add = self._button("&Add entry…", "Make another boot entry")
        self._build()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        return button

    def _arrow(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        return button

    def _tick(self, text: str, tip: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setToolTip(plain_tip(tip))
        return box

    def _build(self) -> None:
        dress_tree(self.entries, "Boot entries, in the order that firmware tries them")
        self.entries.setRootIsDecorated(False)
        self.entries.setHeaderLabels(["Order", "Entry", "Description", "Marks", "Device path"])
        set_widths(self.entries, ("n" * 5, "Boot0000n", "n" * 22, "active, made by firmware"))
        self.entries.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.entries.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.entries.setDropIndicatorShown(True)
        self.entries.installEventFilter(self)
        self.hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, 0)
        row.setSpacing(2 * theme.GRID)
        for widget in (self.up, self.down, self.listed, self.active, self.next):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.remove)
        row.addWidget(self.remove_others)
        row.addWidget(self.add)
        below = QHBoxLayout()
        below.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, theme.GRID)
        below.addWidget(self.hint)
        lines_high(self.hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(self.entries, 1)
        self.entries.dropped.connect(lambda: self.order_asked.emit(self._shown_order()))
        self.entries.currentItemChanged.connect(self._on_current)
        self.entries.itemClicked.connect(self._on_clicked)
        self.entries.itemDoubleClicked.connect(self.edit_asked)
        self.up.clicked.connect(lambda: self.move_by(-1))
        self.down.clicked.connect(lambda: self.move_by(1))
        self.listed.clicked.connect(self._on_listed)
        self.active.clicked.connect(self._on_active)
        self.next.clicked.connect(self._on_next)
        self.remove.clicked.connect(self._on_remove)
        self.remove_others.clicked.connect(lambda: self.remove_asked.emit(self._unlisted()))
        self.add.clicked.connect(self.add_asked)

    # What is shown

    def show_options(self, options: tuple[BootOption, ...], why_not: str = "") -> None:
        """Show the entries; those in the order come first.

        Args:
            options: as the store has them.
            why_not: why nothing can be changed; empty where it can.
        """
        chosen = self.current
        number = chosen.number if chosen is not None else None
        self.options, self._why_not = options, why_not
        blocked = self.entries.blockSignals(True)
        self.entries.clear()
        for option in options:
            item = self._item(option)
            self.entries.addTopLevelItem(item)
            if option.number == number:
                self.entries.setCurrentItem(item)
        self.entries.blockSignals(blocked)
        tried = sum(option.position is not None for option in options)
        self.hint.setText(_hint(tried, len(options)))
        self._enable()

    def follow(self, record: Record | None) -> None:
        """Make the entry of this variable the current one, from the program's side, or none."""
        chosen = self.current
        # By name, not by place: an edit writes a record anew, at the end.
        key = None if record is None else record.key
        wanted = next((o for o in self.options if o.record and o.record.key == key), None)
        if wanted is chosen:
            return
        number = None if wanted is None else wanted.number
        items = (self.entries.topLevelItem(i) for i in range(self.entries.topLevelItemCount()))
        found = next((i for i in items if i is not None and i.data(0, _NUMBER) == number), None)
        blocked = self.entries.blockSignals(True)
        self.entries.clearSelection()
        # Where no entry is meant, none is current: Remove must not take one that nobody sees.
        self.entries.setCurrentItem(found)  # type: ignore[arg-type]
        if found is not None:
            self.entries.scrollToItem(found)
        self.entries.blockSignals(blocked)
        self.entries.viewport().update()
        self._enable()

    def _item(self, option: BootOption) -> QTreeWidgetItem:
        place = "" if option.position is None else str(option.position + 1)
        texts = [place, option.name, visible_name(option.description), marks_of(option)]
        item = QTreeWidgetItem([*texts, option.path])
        item.setData(0, _NUMBER, option.number)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if option.position is not None and not self._why_not:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags)
        item.setToolTip(4, plain_tip(option.path))
        item.setToolTip(3, plain_tip(marks_of(option)))
        if not option.active or option.position is None:
            for column in range(5):
                item.setForeground(column, theme.muted(self.palette()))
        return item

    def choose_first(self) -> None:
        """Make the first entry the current one, where none is."""
        first = self.entries.topLevelItem(0)
        if first is not None and self.entries.currentItem() is None:
            self.entries.setCurrentItem(first)

    @property
    def current(self) -> BootOption | None:
        """The entry of the current row."""
        item = self.entries.currentItem()
        number = item.data(0, _NUMBER) if item is not None else None
        return next((option for option in self.options if option.number == number), None)

    def _enable(self) -> None:
        option, order, free = self.current, self._order(), not self._why_not
        at = option.position if option is not None else None
        self.add.setEnabled(free)
        self.remove.setEnabled(free and option is not None)
        self.remove_others.setEnabled(free and bool(self._unlisted()))
        self.up.setEnabled(free and at is not None and at > 0)
        self.down.setEnabled(free and at is not None and at < len(order) - 1)
        there = option is not None and option.record is not None
        self.listed.setEnabled(free and there)
        self.next.setEnabled(free and there)
        self.active.setEnabled(free and there and not (option and option.problem))
        self.active.setChecked(option is not None and option.active)
        self.listed.setChecked(at is not None)
        self.next.setChecked(option is not None and option.is_next)

    # What is asked

    def _order(self) -> list[int]:
        return [option.number for option in self.options if option.position is not None]

    def _unlisted(self) -> tuple[int, ...]:
        return tuple(option.number for option in self.options if option.position is None)

    def _shown_order(self) -> tuple[int, ...]:
        listed = set(self._order())
        items = (self.entries.topLevelItem(i) for i in range(self.entries.topLevelItemCount()))
        numbers = [item.data(0, _NUMBER) for item in items if item is not None]
        return tuple(number for number in numbers if number in listed)

    def move_by(self, step: int) -> None:
        """Ask for the current entry one place up or down."""
        option, order = self.current, self._order()
        if option is None or option.position is None or self._why_not:
            return
        at = order.index(option.number)
        if 0 <= at + step < len(order):
            order[at], order[at + step] = order[at + step], order[at]
            self.order_asked.emit(tuple(order))

    def _on_listed(self) -> None:
        option, order = self.current, self._order()
        if option is None:
            return
        if option.number in order:
            order.remove(option.number)
        else:
            order.append(option.number)
        self.order_asked.emit(tuple(order))

    def _on_active(self) -> None:
        option = self.current
        if option is not None:
            self.active_asked.emit(option.number)

    def _on_next(self) -> None:
        option = self.current
        if option is not None:
            self.next_asked.emit(None if option.is_next else option.number)

    def _on_remove(self) -> None:
        option = self.current
        if option is not None:
            self.remove_asked.emit((option.number,))

    def _on_current(self, _item: object = None, _before: object = None) -> None:
        self._enable()
        self._tell()

    def _on_clicked(self, _item: object = None, _column: int = 0) -> None:
        self._tell()

    def _tell(self) -> None:
        option = self.current
        if option is not None:
            self.chosen.emit(option)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Up and Alt+Down move an entry here, before the window's own keys get them."""
        if not isinstance(event, QKeyEvent) or event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return super().eventFilter(watched, event)
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self.move_by(step)
            return True
        return super().eventFilter(watched, event)
