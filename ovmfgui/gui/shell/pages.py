"""The middle of the window: first page, busy page or views, a message above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ovmfgui.gui.shell.view_tabs import ViewTabs
from ovmfgui.gui.shell.welcome import Welcome
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.gui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.settings import Settings
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.views import ViewSpec

_BEFORE_BUSY = 300
"""Milliseconds; what is open by then needs no page in between."""


class Middle(QWidget):
    """Decides which page stands in front.

    Signals:
        front_changed: another page or view stands in front.
    """

    front_changed = Signal()

    def __init__(
        self, document: Document, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._opening: Task | None = None
        self._without_file = False
        self.message = MessageBar(self)
        self.welcome = Welcome(settings, self)
        self.busy = Busy(self)
        self.tabs = ViewTabs(document, parent=self)
        self.pages = QStackedWidget(self)
        for page in (self.welcome, self.busy, self.tabs):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_BEFORE_BUSY)
        self._timer.timeout.connect(self._choose_page)
        self.busy.cancelled.connect(self._on_cancel)
        document.opening.connect(self._on_opening)
        document.tasks.changed.connect(self._on_tasks)
        document.inspection_changed.connect(self._on_inspection)
        document.presented.connect(self.message.hide)
        document.refused.connect(lambda text: self.message.show_message(text))
        self.tabs.shown.connect(self.front_changed)
        self.pages.currentChanged.connect(self.front_changed)
        self._choose_page()

    @property
    def front(self) -> ViewSpec | None:
        """The view in front; None while another page is."""
        return self.tabs.current if self.pages.currentWidget() is self.tabs else None

    def bring_up(self, view_id: str) -> None:
        """Show a view, with nothing open too: some need no file."""
        self._without_file = True
        self.tabs.bring_up(view_id)
        self._choose_page()

    def _on_opening(self, task: Task) -> None:
        self._opening = task
        self._timer.start()

    def _on_tasks(self) -> None:
        if self._opening is None:
            return
        if self._opening not in self._document.tasks.tasks:
            self._opening = None
            self._timer.stop()
            self._choose_page()
        elif self.pages.currentWidget() is self.busy:
            self.busy.show_task(self._opening)

    def _on_inspection(self) -> None:
        if self._document.inspection is None:
            self._without_file = False
        # A question stays, whatever is edited meanwhile.
        if not self.message.waits:
            self.message.hide()
        self._choose_page()

    def _choose_page(self) -> None:
        if self._document.inspection is not None or self._without_file:
            self.tabs.view(self.tabs.current_id)
            self.pages.setCurrentWidget(self.tabs)
        elif self._opening is not None and not self._timer.isActive():
            self.busy.show_task(self._opening)
            self.pages.setCurrentWidget(self.busy)
        else:
            self.pages.setCurrentWidget(self.welcome)

    def _on_cancel(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
            self._choose_page()
