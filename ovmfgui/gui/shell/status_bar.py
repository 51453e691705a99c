"""The status bar: where the selection is, what may be done to it, and what goes on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QProgressBar, QStatusBar, QToolButton, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.panes.findings import place_text
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.span import Place

_BEFORE_PROGRESS = 300
"""Milliseconds; what is done by then needs no bar."""


class StatusBar(QStatusBar):
    """Follows the document, the tasks, and what the workbench tells."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._tasks = workbench.tasks
        self.where = PlainLabel(self)
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.mode = PlainLabel(self)
        self.changed = PlainLabel(self)
        self.task = ElidedLabel("", self)
        self.bar = QProgressBar(self)
        self.cancel = QToolButton(self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_BEFORE_PROGRESS)
        self._wait.timeout.connect(self._show_tasks)
        self._build()
        document.selection_changed.connect(self._refresh)
        document.inspection_changed.connect(self._refresh)
        document.edits_changed.connect(self._refresh)
        workbench.told.connect(self._on_told)
        self._tasks.changed.connect(self._on_tasks)
        self._refresh()
        self._show_tasks()

    def _build(self) -> None:
        self.setSizeGripEnabled(False)
        self.where.setFont(theme.fixed_font())
        self.where.setAccessibleName("Selection")
        self.mode.setAccessibleName("Whether the store can be edited")
        self.changed.setAccessibleName("Unsaved changes")
        self.bar.setFixedWidth(30 * theme.GRID)
        self.bar.setMaximumHeight(4 * theme.GRID)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.cancel.setText("Cancel")
        self.cancel.setAutoRaise(True)
        self.cancel.setToolTip("Stop what is going on")
        self.cancel.clicked.connect(self._on_cancel)
        self.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, 0)
        self.addWidget(self.where)
        self.task.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # The one part that gives way: it may name a path of any length.
        self.addPermanentWidget(self.task, 1)
        for widget in (self.bar, self.cancel, self.changed, self.mode):
            self.addPermanentWidget(widget)

    def _refresh(self, _what: object = None) -> None:
        document = self._document
        place = document.selection
        self.where.setText(self._place_text(place) if place is not None else "")
        is_open = document.image is not None
        reason = document.read_only_because
        self.mode.setVisible(is_open)
        self.mode.setText("read-only" if reason else "editable")
        self.mode.setToolTip(
            plain_tip(reason or "Variables can be changed; nothing is written before Save")
        )
        self.changed.setText("● changed" if document.front.changed else "")
        self.changed.setVisible(document.front.changed)

    def _place_text(self, place: Place) -> str:
        address = self._document.address_of(place)
        guest = "" if address is None else f" · guest 0x{address:08X}"
        size = place.span.size
        return f"{place_text(self._document, place)}{guest} · {size:,} selected (0x{size:X})"

    def _on_told(self, text: str) -> None:
        self.showMessage(text, 8000)

    def _on_cancel(self) -> None:
        """Stop what goes on; of several, which is asked."""
        tasks = self._tasks.tasks
        if len(tasks) == 1:
            tasks[0].cancel()
        elif tasks:
            where = self.cancel.mapToGlobal(self.cancel.rect().topLeft())
            menu = self.task_menu()
            menu.popup(where - QPoint(0, menu.sizeHint().height()))

    def task_menu(self) -> QMenu:
        """What goes on, each with how far it is, to be stopped; and all of it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for task in self._tasks.tasks:
            share = f"  {100 * task.done // task.total} %" if task.total else ""
            title = f"Stop: {task.title}{share}".replace("&", "&&")
            menu.addAction(title).triggered.connect(lambda _on=False, task=task: task.cancel())
        menu.addSeparator()
        menu.addAction("Stop all").triggered.connect(self._cancel_all)
        return menu

    def _cancel_all(self) -> None:
        for task in self._tasks.tasks:
            task.cancel()

    def _on_tasks(self) -> None:
        if not self._tasks.tasks:
            self._wait.stop()
            self._show_tasks()
        elif self.bar.isVisible():
            self._show_tasks()
        elif not self._wait.isActive():
            self._wait.start()

    def _show_tasks(self) -> None:
        tasks = self._tasks.tasks
        for widget in (self.task, self.bar, self.cancel):
            widget.setVisible(bool(tasks))
        if tasks:
            task = tasks[0]
            more = f" (and {len(tasks) - 1} more)" if len(tasks) > 1 else ""
            told = f"{task.title}: {task.text}" if task.text else task.title
            self.task.setText(f"{told}{more}")
            self.cancel.setText("Cancel" if len(tasks) == 1 else "Cancel…")
            self.bar.setRange(0, task.total)
            self.bar.setValue(task.done)
