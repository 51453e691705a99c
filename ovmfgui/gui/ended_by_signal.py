"""SIGTERM and SIGHUP while the window is open: what is being saved is saved first."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

from ovmfgui.ending import ENDING

if TYPE_CHECKING:
    from collections.abc import Callable


class EndedBySignal(QObject):
    """While it lives, a signal that ends the program first lets workers end.

    Python's own handlers would wait until Qt's loop comes back to Python; Python writes the
    signal's number into a socket at once, and that wakes the loop.

    Args:
        unwind: waits for what is under way.
        parent: whose life this is.
    """

    def __init__(self, unwind: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._unwind = unwind
        self._reading, self._writing = socket.socketpair()
        self._writing.setblocking(False)
        self._taken = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for each in self._taken:
            signal.signal(each, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def _on_signal(self) -> None:
        number = self._reading.recv(1)[0]
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
        self._reading.close()
        self._writing.close()
