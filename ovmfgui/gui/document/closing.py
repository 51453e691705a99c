"""What was closed goes back to Python and to the system, once for the whole program.

Memory is the program's, not a window's: what one window has closed must neither hold up another
one nor take from it what large files are edited with.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QTimer
from shiboken6 import isValid

from ovmfgui.gui.document.allocation import give_back
from ovmfgui.gui.document.cycles import (
    begin_ahead,
    search_all,
    search_closed,
    something_is_set_aside,
)

AFTER = 1000
"""Milliseconds: who closes several things is not held up by each."""


class Holding(Protocol):
    """What is open in a window."""

    @property
    def all_open(self) -> tuple[object, ...]:
        """Everything that is open."""
        ...

    @property
    def holds_large(self) -> bool:
        """Whether a large file is open, for which memory is kept."""
        ...


_every: WeakSet[Holding] = WeakSet()
_soon: list[QTimer] = []
_whole_windows: list[bool] = []
"""Of each that has closed something since: whether nothing is left there."""


def watch(holding: Holding) -> None:
    """From now on it is asked what it still holds, for as long as it lives."""
    _every.add(holding)


def was_closed(*, all_of_it: bool) -> None:
    """Something was closed; what it held goes in a moment, whoever closes more meanwhile.

    Args:
        all_of_it: whether it was all that was open in a window, or the window.
    """
    if not _soon:
        timer = QTimer(QCoreApplication.instance())
        timer.setSingleShot(True)
        timer.setInterval(AFTER)
        timer.timeout.connect(let_go)
        _soon.append(timer)
    _whole_windows.append(all_of_it)
    _soon[0].start()


def let_go() -> None:
    """What was closed goes now, but for what large files are edited with, wherever they are open.

    All that is in a window refers to each other, and the search that Python's own rule has due
    waits until all there is has grown by a quarter: beside a large image that is many windows.
    """
    searched = any(_whole_windows) or something_is_set_aside()
    _whole_windows.clear()
    # Of a window that is gone nothing is open, though Python has not come to it yet.
    there = [each for each in _every if isValid(each)]
    if searched and any(each.all_open for each in there):
        search_closed()
    elif searched:
        search_all()
    if not any(each.holds_large for each in there):
        begin_ahead(give_back)
