"""Follows a running machine: a replay that grows while the worker reads along."""

from __future__ import annotations

import stat
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.role import role_of
from ovmfgui.migration.recorded.live import follow_file, follow_machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.progress import Report

_WHY = "A machine that runs is followed; save its store as a file to edit that."
_WHY_STILL = "It is a machine's store as it was when the following ended; save it as a file."


class Following(QObject):
    """One machine at a time, in a task that can be stopped; the store is in the other views too.

    Signals:
        begun: the ``Prepared`` of the moment before the first act.
        grown: the ``Prepared`` with what has happened since.
        changed: a machine is followed, or none any more.
    """

    begun = Signal(object)
    grown = Signal(object)
    changed = Signal()
    _arrived = Signal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = workbench.document
        self._task: Task | None = None
        self._queue: deque[tuple[Task | None, Prepared]] = deque()
        self._file: FlashFile | None = None
        self._latest = b""
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._document.presented.connect(self._catch_up)

    @property
    def active(self) -> bool:
        """Whether a machine is followed now."""
        return self._task is not None

    def start(self, path: str) -> None:
        """Follow a QEMU by its monitor's socket, or a store's file."""
        self.stop()
        self._file = None
        how = follow_machine if _is_socket(path) else follow_file
        holder: list[Task] = []

        def show(prepared: Prepared) -> None:
            self._queue.append((holder[0] if holder else None, prepared))
            self._arrived.emit()

        task = self._workbench.tasks.start(
            f"Following {Path(path).name}",
            partial(_follow, how, path, show),
            self._on_over,
            self._workbench.refuse,
            partial(self._on_end, holder),
        )
        holder.append(task)
        self._task = task
        self.changed.emit()

    def stop(self) -> None:
        """Let go of the machine; the worker puts back what it changed in QEMU."""
        if self._task is not None:
            self._task.cancel()

    def _deliver(self) -> None:
        while self._queue:
            task, prepared = self._queue.popleft()
            if self._queue or (task is not None and task is not self._task):
                continue  # there is a newer one
            self._show(prepared)

    def _show(self, prepared: Prepared) -> None:
        (guest,) = prepared.replay.steps[-1].snapshot.hosts[0].guests
        self._latest = guest.chips[0].contents.tobytes()
        if self._file is not None:
            self.grown.emit(prepared)
            self._catch_up()
            return
        name = prepared.replay.scenario.title
        role = role_of(self._latest)
        self.begun.emit(prepared)
        if role is None:
            self._document.show_played(prepared)
        else:
            first = prepared.replay.steps[0].snapshot.hosts[0].guests[0].chips[0].contents
            self._file = FlashFile(
                f"{guest.chips[0].name} in {name}", first.tobytes(), Format.RAW, role
            )
            made = (self._file,)
            self._document.open_made(name, lambda: made, prepared)

    def _catch_up(self) -> None:
        """The other views show the store as it is, and mark what is not as it was."""
        for opened in self._document.all_open:
            image, file = opened.image, self._file
            if file is None or image is None or image.files[0].path != file.path:
                continue
            locked, opened.locked = opened.locked, _WHY if self.active else _WHY_STILL
            if image.spaces[0].data != self._latest or locked != opened.locked:
                self._document.put_bytes(opened, self._latest)

    def _on_over(self, how: str) -> None:
        self._workbench.tell(f"Nothing is followed any more: {how}.")

    def _on_end(self, holder: list[Task]) -> None:
        if holder and holder[0] is self._task:
            self._task = None
            self._catch_up()
            self.changed.emit()


def _follow(
    how: Callable[..., str], path: str, show: Callable[[Prepared], None], report: Report
) -> str:
    def over() -> bool:
        report(0, 1, "the guest is left alone")
        return False

    return how(path, show, over)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(Path(path).stat().st_mode)
    except OSError:
        return False
