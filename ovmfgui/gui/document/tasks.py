"""Long work off the GUI thread, with progress and cancel.

The worker knows nothing of Qt: it gets a ``Report`` to call as it goes, which is also where it
learns that it has been cancelled. Results, failures and progress are put into a queue and delivered
on the GUI thread by one payload-free signal, so that no object crosses threads inside Qt.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ovmfgui.gui.document.cycles import begin_keeping, end_keeping
from ovmfgui.progress import Cancelled
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.progress import Report

_BETWEEN_REPORTS = 0.05
"""Seconds; more progress than this nobody sees."""
_SLICE = 0.01
"""Seconds for which results are shown before keys, clicks and painting have their turn."""


def _nothing(*_anything: object) -> None:
    """What an ended task would call."""


class Task:
    """One piece of work; lives on the GUI thread, but ``report`` is called in the worker."""

    def __init__(
        self,
        title: str,
        work: Callable[[Report], Any],
        on_success: Callable[[Any], None],
        on_refusal: Callable[[Refused], None],
        on_end: Callable[[], None] | None,
        post: Callable[[Callable[[], None]], None],
        progressed: Callable[[Task], None],
    ) -> None:
        self.title = title
        self.done, self.total, self.text = 0, 0, ""
        self._work, self._post, self._progressed = work, post, progressed
        self._on_success, self._on_refusal, self._on_end = on_success, on_refusal, on_end
        self._cancelled = threading.Event()
        self._reported = 0.0

    def cancel(self) -> None:
        """Ask for an end; the worker stops at its next report."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether an end has been asked for."""
        return self._cancelled.is_set()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Progress, from the worker; raises ``Cancelled`` once the task has been cancelled."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if done < total and now - self._reported < _BETWEEN_REPORTS:
            return
        self._reported = now
        self._post(lambda: self._show(done, total, text))

    def _show(self, done: int, total: int, text: str) -> None:
        self.done, self.total, self.text = done, total, text
        self._progressed(self)

    def run(self, finished: Callable[[Task], None]) -> None:
        """In the worker: do it, and post exactly one of success, failure and cancel."""
        outcome: Callable[[], None] | None = None
        try:
            if not self._cancelled.is_set():
                value = self._work(self.report)
                outcome = self._succeed(value)
        except Cancelled:
            outcome = None
        except Exception as error:  # noqa: BLE001 (raised again in the GUI thread)
            outcome = self._fail(error)
        self._post(lambda: self._end(outcome, finished))

    def _succeed(self, value: Any) -> Callable[[], None]:
        return lambda: self._on_success(value)

    def _fail(self, error: Exception) -> Callable[[], None]:
        def deliver() -> None:
            if not isinstance(error, Refused):
                raise error
            self._on_refusal(error)

        return deliver

    def _end(self, outcome: Callable[[], None] | None, finished: Callable[[Task], None]) -> None:
        finished(self)
        on_end = self._on_end
        try:
            # A result that comes in after the cancel is not wanted any more.
            if outcome is not None and not self._cancelled.is_set():
                outcome()
        finally:
            self._let_go()
            if on_end is not None:
                on_end()

    def _let_go(self) -> None:
        """The worker may hold the task a moment longer: no Qt object may end in its hands."""
        self._work = self._on_success = self._on_refusal = _nothing
        self._on_end = None


class TaskRunner(QObject):
    """Runs tasks in worker threads and delivers what comes of them on the GUI thread.

    Signals:
        changed: a task has started, progressed or ended.
        refused: one line for a person: what a task could not do, and what to do. Not of tasks that
            were started with a handler of their own for that.
    """

    changed = Signal()
    refused = Signal(str)
    _posted = Signal()

    def __init__(self, parent: QObject | None = None, workers: int = 2) -> None:
        super().__init__(parent)
        self._workers = workers
        self._executor: ThreadPoolExecutor | None = None
        self._queue: deque[Callable[[], None]] = deque()
        self._tasks: list[Task] = []
        self._open = True
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self._deliver)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Those under way, oldest first."""
        return tuple(self._tasks)

    def start(
        self,
        title: str,
        work: Callable[[Report], Any],
        on_success: Callable[[Any], None],
        on_refusal: Callable[[Refused], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Task:
        """Run ``work(report)`` in a worker.

        Args:
            title: what the status bar says meanwhile.
            work: runs in another thread; must touch no Qt object.
            on_success: gets the result, on the GUI thread.
            on_refusal: gets what ``work`` refused to do, on the GUI thread; without it ``refused``
                tells it. Any other exception is raised there and ends up in the window's hook for
                the unexpected.
            on_end: is called after either, and also where the task has been cancelled.
        """
        if not self._open:
            msg = "the task runner has been shut down"
            raise RuntimeError(msg)
        if self._executor is None:
            begin_keeping()
            self._executor = ThreadPoolExecutor(self._workers, thread_name_prefix="task")
        refused = on_refusal if on_refusal is not None else self._tell
        task = Task(title, work, on_success, refused, on_end, self._post, self._on_progress)
        self._tasks.append(task)
        self._executor.submit(task.run, self._on_finished)
        self.changed.emit()
        return task

    def shutdown(self) -> None:
        """Cancel everything and wait until the workers have ended; nothing is delivered after."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor = None
            end_keeping()
        self._queue.clear()
        self._tasks.clear()

    def _tell(self, refusal: Refused) -> None:
        self.refused.emit(str(refusal))

    def _post(self, call: Callable[[], None]) -> None:
        self._queue.append(call)
        if self._open:
            self._posted.emit()

    def _deliver(self) -> None:
        """What has come in, in its order; where showing that takes long, the rest a turn later."""
        if self._more.isActive():
            return
        end = time.monotonic() + _SLICE
        try:
            while self._queue:
                self._queue.popleft()()
                if time.monotonic() > end:
                    break
        finally:
            if self._queue:
                self._more.start(0)

    def _on_progress(self, _task: Task) -> None:
        self.changed.emit()

    def _on_finished(self, task: Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        self.changed.emit()
