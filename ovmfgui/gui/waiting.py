"""A view that waits for one task at a time, and shows how far it is in place of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedWidget, QWidget

    from ovmfgui.gui.document.tasks import Task, TaskRunner
    from ovmfgui.gui.widgets.busy import Busy
    from ovmfgui.progress import Report
    from ovmfgui.refusal import Refused


class Waiting(QObject):
    """The task that a view waits for; another one takes its place.

    Args:
        tasks: what runs it.
        busy: where its progress is shown.
        pages: among them ``busy``.
        changed: chooses the page in front, after a task has begun or ended.
        view: that waits.
    """

    def __init__(
        self,
        tasks: TaskRunner,
        busy: Busy,
        pages: QStackedWidget,
        changed: Callable[[], None],
        view: QWidget,
    ) -> None:
        super().__init__(view)
        self._tasks, self._busy, self._pages, self._changed = tasks, busy, pages, changed
        self._task: Task | None = None
        tasks.changed.connect(self._on_tasks)

    def start(
        self,
        title: str,
        work: Callable[[Report], Any],
        done: Callable[[Any], None],
        refused: Callable[[Refused], None],
        *,
        quiet: bool = False,
    ) -> None:
        """Wait for a task instead of the one before, which is stopped.

        Args:
            title: of the task.
            work: done in a worker.
            done: gets its result, when nothing is waited for any more.
            refused: gets why there is none.
            quiet: leave the page in front in sight meanwhile.
        """
        if self._task is not None:
            self._task.cancel()

        def deliver(result: Any) -> None:
            self._task = None
            done(result)

        task = self._tasks.start(title, work, deliver, refused, lambda: self._on_end(task))
        self._task = task
        if not quiet:
            self._changed()

    def cancel(self) -> None:
        """Wait no longer."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._changed()

    def show(self) -> bool:
        """Bring the progress to the front; whether there is any."""
        if self._task is None:
            return False
        self._busy.show_task(self._task)
        self._pages.setCurrentWidget(self._busy)
        return True

    def __bool__(self) -> bool:
        return self._task is not None

    def _on_end(self, task: Task) -> None:
        if self._task in (None, task):
            self._task = None
            self._changed()

    def _on_tasks(self) -> None:
        if self._task is not None and self._pages.currentWidget() is self._busy:
            self._busy.show_task(self._task)
