"""What stands in the middle of the window: first page, busy page or views; a message above."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.keeping import Kept, table_of, text_of
from ovmfgui.gui.shell.view_tabs import ViewTabs
from ovmfgui.gui.shell.welcome import Welcome
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.gui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.actions.view_table import ViewSpec
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.workbench import Message, Workbench

_BEFORE_BUSY = 300
"""Milliseconds; what is open by then needs no page in between."""


@runtime_checkable
class _Findable(Protocol):
    """A view in which something can be looked for."""

    def show_find(self) -> None: ...


@runtime_checkable
class _Finding(Protocol):
    """A view that steps through what it has found."""

    def step_found(self, by: int) -> bool: ...


@runtime_checkable
class _Headed(Protocol):
    """A view that may show something else than the document."""

    @property
    def heading(self) -> str: ...


class PageStack(QWidget):
    """Decides which page stands in front.

    Args:
        workbench: whose document it is, and what is told and refused.
        open_files: opens what is chosen on the first page.
        parent: where it stands.

    Signals:
        front_changed: another page or view stands in front.
    """

    front_changed = Signal()

    def __init__(
        self,
        workbench: Workbench,
        open_files: Callable[[Sequence[str]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._tasks = workbench.tasks
        self._opening: Task | None = None
        self._without_file = False
        self._own = VIEWS[0].id
        self.message = MessageBar(self)
        self.welcome = Welcome(workbench, open_files, self)
        self.busy = Busy(self)
        self.tabs = ViewTabs(workbench, parent=self)
        self.stack = QStackedWidget(self)
        for page in (self.welcome, self.busy, self.tabs):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self.stack, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_BEFORE_BUSY)
        self._timer.timeout.connect(self._choose_page)
        self.busy.cancelled.connect(self._on_cancel)
        document.opening.connect(self._on_opening)
        self._tasks.changed.connect(self._on_tasks)
        document.inspection_changed.connect(self._on_inspection)
        document.presented.connect(self._on_presented)
        document.leaving.connect(self._keep)
        document.returned.connect(self._take_up)
        self.tabs.view_made.connect(self._on_view_made)
        document.selection_changed.connect(self.message.pass_by)
        self.tabs.shown.connect(self.message.pass_by)
        workbench.refused.connect(lambda text: self.message.show_message(text))
        workbench.announced.connect(self._on_announced)
        self.tabs.shown.connect(self._on_shown)
        self.tabs.shown.connect(self.front_changed)
        self.stack.currentChanged.connect(self.front_changed)
        workbench.views = self
        workbench.actions.bind({f"view-{view.id}": partial(self._go_to, view.id) for view in VIEWS})
        self._choose_page()

    @property
    def front(self) -> ViewSpec | None:
        """The view in front; None while another page is."""
        return self.tabs.current if self.stack.currentWidget() is self.tabs else None

    def bring_up(self, view_id: str) -> QWidget:
        """Show a view, with nothing open too: some need no file."""
        self._without_file = True
        view = self.tabs.bring_up(view_id)
        self._choose_page()
        return view

    def step_find(self, by: int) -> bool:
        """Go on in what the view in front looks for; whether it looks for something."""
        view: object = self.tabs.made(self.tabs.current_id) if self.front is not None else None
        return isinstance(view, _Finding) and view.step_found(by)

    def show_document(self) -> None:
        """Show the map where what stands in front is about something else than the document."""
        self._without_file = True
        if self.tabs.current.apart:
            self.tabs.bring_up("map")
        self._choose_page()

    @property
    def heading(self) -> str:
        """What the view in front shows in place of the document; empty where it shows that."""
        view = self.tabs.made(self.tabs.current_id) if self.front is not None else None
        return view.heading if isinstance(view, _Headed) else ""

    def show_find(self) -> bool:
        """Put the cursor where the view in front looks for something; whether it can."""
        view = self.tabs.view(self.tabs.current_id)
        if isinstance(view, _Findable):
            view.show_find()
            return True
        return False

    # What views keep of each document

    @property
    def _is_apart(self) -> bool:
        """Whether what is in front is looked at in views that are apart from images."""
        return self._document.played is not None or bool(self._document.host)

    def _on_presented(self) -> None:
        self.message.drop()
        if self._document.host:
            self.tabs.bring_up("hosts")

    def _keep(self) -> None:
        """The view in front, and how each looks at what is about to leave."""
        kept = self._document.front.kept
        kept["view"] = self.tabs.current_id if self._is_apart else self._own
        for spec in VIEWS:
            view: object = self.tabs.made(spec.id)
            # One that nobody has looked at since shows another document.
            if isinstance(view, Kept) and not getattr(view, "stale", False):
                kept[spec.id] = view.keeping.keep()

    def _take_up(self) -> None:
        self.message.drop()
        kept = self._document.front.kept
        view_id = text_of(kept, "view") or ("hosts" if self._document.host else "")
        if view_id and self.stack.currentWidget() is self.tabs:
            self.tabs.bring_up(view_id)
        for spec in VIEWS:
            view: object = self.tabs.made(spec.id)
            if isinstance(view, Kept):
                view.keeping.take_up(table_of(kept, spec.id))

    def _on_shown(self, _view_id: str) -> None:
        """What was looked at last of an image; not what leads to another document."""
        if not self.tabs.current.apart:
            self._own = self.tabs.current_id

    def _on_view_made(self, view: object) -> None:
        if isinstance(view, Kept) and isinstance(view, QWidget):
            name = view.objectName().removeprefix("view-")
            view.keeping.take_up(table_of(self._document.front.kept, name))

    def _go_to(self, view_id: str) -> None:
        """Show a view and give it the keyboard."""
        self.bring_up(view_id).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_announced(self, message: Message) -> None:
        self.message.show_message(
            message.text, message.severity, message.details, offers=message.offers
        )

    def _on_opening(self, task: Task) -> None:
        self._opening = task
        self._timer.start()

    def _on_tasks(self) -> None:
        if self._opening is None:
            return
        if self._opening not in self._tasks.tasks:
            self._opening = None
            self._timer.stop()
            self._choose_page()
        elif self.stack.currentWidget() is self.busy:
            self.busy.show_task(self._opening)

    def _on_inspection(self) -> None:
        if self._document.front.empty:
            self._without_file = False
        # A question stays, whatever is edited meanwhile.
        self.message.pass_by()
        self._choose_page()

    def _choose_page(self) -> None:
        if not self._document.front.empty or self._without_file:
            self.tabs.view(self.tabs.current_id)
            self.stack.setCurrentWidget(self.tabs)
        elif self._opening is not None and not self._timer.isActive():
            self.busy.show_task(self._opening)
            self.stack.setCurrentWidget(self.busy)
        else:
            self.stack.setCurrentWidget(self.welcome)

    def _on_cancel(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
            self._choose_page()
