"""The views' modules, imported in a thread before somebody asks for a view.

A view that is first shown would hold the window for as long as its imports take, some 100 ms.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.document.cycles import keep_while

if TYPE_CHECKING:
    from ovmfgui.gui.document.tasks import TaskRunner

_IDLE = 300
"""Milliseconds: nobody waits for an import that begins then."""


class ViewsAhead(QObject):
    """Begins once the window has nothing else to do, and ends with the program.

    Args:
        tasks: what the window waits for.
        parent: with which it goes.
    """

    def __init__(self, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._wanted = True
        self._thread = threading.Thread(target=self._load, daemon=True, name="views-ahead")
        self._timer = QTimer(self)
        self._timer.setInterval(_IDLE)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.stop)

    def _look(self) -> None:
        if not self._tasks.tasks:
            self._timer.stop()
            keep_while(lambda: not self.done)
            self._thread.start()

    def _load(self) -> None:
        for spec in VIEWS:
            if not self._wanted:
                return
            import_module(f"ovmfgui.gui.views.{spec.view.partition(':')[0]}")
        # What the views of Secure Boot and of migrations ask first, kept where it was read.
        from ovmfgui.migration.scenario.shipped import chapters
        from ovmfgui.trust.known import known_certificates

        known_certificates()
        chapters()

    @property
    def done(self) -> bool:
        """Whether all are loaded."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def stop(self) -> None:
        """Import no more; waits for the module that is being read."""
        self._wanted = False
        self._timer.stop()
        if self._thread.is_alive():
            self._thread.join()
