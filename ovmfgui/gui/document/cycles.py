"""Python's search for cycles, kept to the GUI thread while there are others.

CPython looks for cyclic garbage in whichever thread happens to allocate. A worker that finds a
window, a document or a dialog there would destroy it in its own thread, where Qt can't stop its
timers: they fire later, on nothing, and the process dies.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer

from ovmfgui.ahead import Ahead

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_PAUSE = 1000
"""Milliseconds between two looks at what has gathered."""

MOST_SEARCHED = 250_000
"""Objects that are searched at once after a window has closed: some 200 ms."""
_WHOLE = 2
_left = 0
"""Objects that the last search of the whole left."""
_searches: list[QTimer] = []
_workers = 0
_threads: list[Callable[[], bool]] = []
"""Whether each of the threads that are no workers goes on."""


def begin_keeping() -> None:
    """From now on cycles are searched for on this thread only; called before a pool or thread."""
    global _workers
    _workers += 1
    if _workers > 1:
        return
    gc.disable()
    timer = QTimer(QCoreApplication.instance())
    timer.setInterval(_PAUSE)
    timer.timeout.connect(search)
    timer.start()
    _searches.append(timer)


def end_keeping() -> None:
    """One pool or thread less; behind the last one Python searches by itself again.

    Not in the same turn: a window that closes would first wait for a search of all that it held,
    and mostly the process ends with it.
    """
    global _workers
    _workers -= 1
    if _workers == 0:
        _searches.pop().deleteLater()
        QTimer.singleShot(0, _search_again)


def _search_again() -> None:
    if _workers == 0:
        gc.enable()


def keep_while(going_on: Callable[[], bool]) -> None:
    """Keep until a thread of one's own has ended; called before it starts.

    Args:
        going_on: whether the thread has not ended; asked from time to time.
    """
    begin_keeping()
    _threads.append(going_on)


def begin_ahead(work: Callable[[], T]) -> Ahead[T]:
    """Start a function in a thread of its own, and keep until it has ended.

    Args:
        work: touches no Qt object.
    """
    begin_keeping()
    begun = Ahead(work)
    _threads.append(lambda: begun.going_on)
    return begun


def search() -> None:
    """Search the generations that are due, by Python's own thresholds.

    The whole is searched where it has grown by a quarter since, as CPython does: with an image
    open that takes some 30 ms.
    """
    for ended in [each for each in _threads if not each()]:
        _threads.remove(ended)
        end_keeping()
    due = [n for n, most in enumerate(gc.get_threshold()) if gc.get_count()[n] > most > 0]
    if not due:
        return
    if due[-1] == _WHOLE:
        if _size_of_whole() > _left * 5 // 4:
            search_all()
            return
        due = [1]
    gc.collect(due[-1])


def search_all() -> None:
    """Search all there is: for when much was let go of, after which nothing grows for long."""
    global _left
    gc.collect(_WHOLE)
    _left = _size_of_whole()


def search_closed() -> None:
    """Search all after a window has closed, but where that would hold up those that stay.

    Beside an image of a million regions it takes a second: there Python's own rule decides.
    """
    if _size_of_whole() < MOST_SEARCHED:
        search_all()


def _size_of_whole() -> int:
    """How many objects the oldest generation has.

    The list of them goes within the one call: in a variable or a line of its own, a worker's turn
    may come while the list holds on to a tuple that the worker is about to lengthen, which CPython
    refuses with a ``SystemError``.
    """
    (size,) = map(len, map(gc.get_objects, (_WHOLE,)))
    return size
