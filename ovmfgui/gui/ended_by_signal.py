"""SIGTERM and SIGHUP while the window is open: what is being saved is saved first."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

from ovmfgui.ending import ENDING

if TYPE_CHECKING:
    from collections.abc import Callable


class EndedBySignal(QObject):
    """While it lives, a signal that ends the program first lets workers end.

    Python's own handlers would wait until Qt's loop comes back to Python; Python writes the
    signal's number into a pipe at once, and that wakes the loop.

    Args:
        unwind: waits for what is under way.
        parent: whose life this is.
    """

    def __init__(self, unwind: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._unwind = unwind
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._taken = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for each in self._taken:
            signal.signal(each, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._reading, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def _on_signal(self) -> None:
        number = os.read(self._reading, 1)[0]
        if number not in self._taken:
            return
        self._unwind()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    def let_go(self) -> None:
        """Signals do again what they did."""
        signal.set_wakeup_fd(-1)
        for each in self._taken:
            signal.signal(each, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        os.close(self._reading)
        os.close(self._writing)
