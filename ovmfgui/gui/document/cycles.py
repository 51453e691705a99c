"""Python's search for cycles, kept to the GUI thread while there are others.

CPython looks for cyclic garbage in whichever thread happens to allocate. A worker that finds a
window, a document or a dialog there would destroy it in its own thread, where Qt can't stop its
timers: they fire later, on nothing, and the process dies.

What a file was read into has no cycles, and may be a million objects, whose search takes half a
second. Where so much has gathered it is set aside, as ``gc.freeze`` does, and not searched: it goes
when nothing refers to it any more. What else was there goes with it, and is searched again once
little enough is open.
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

MOST_SEARCHED = 300_000
"""Objects that are searched in one turn: some 80 ms."""
_WHOLE = 2
_left = 0
"""Objects that the last search of the whole left."""
_set_aside = False
"""Whether something was, since all there is was searched."""
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
        _take_back()
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
    open that takes some 30 ms. What is too much for a turn is set aside.
    """
    for ended in [each for each in _threads if not each()]:
        _threads.remove(ended)
        end_keeping()
    due = [n for n, most in enumerate(gc.get_threshold()) if gc.get_count()[n] > most > 0]
    if not due:
        return
    oldest = due[-1]
    if oldest == _WHOLE and _size_of(_WHOLE) <= _left * 5 // 4:
        oldest = 1
    if sum(map(_size_of, range(oldest + 1))) > MOST_SEARCHED:
        _put_aside()
    elif oldest == _WHOLE:
        _search_whole()
    else:
        gc.collect(oldest)


def search_all() -> None:
    """Search all there is, what was set aside too: for when nothing is open any more."""
    _take_back()
    _search_whole()


def search_closed() -> None:
    """Search all after something was closed, but where that would hold up what stays open."""
    _take_back()
    if _size_of(_WHOLE) > MOST_SEARCHED:
        _put_aside()
    else:
        _search_whole()


def something_is_set_aside() -> bool:
    """Whether a search of all there is would look at more than those that are due."""
    return _set_aside


def _search_whole() -> None:
    global _left
    gc.collect(_WHOLE)
    _left = _size_of(_WHOLE)


def _put_aside() -> None:
    global _left, _set_aside
    gc.freeze()
    _left, _set_aside = 0, True


def _take_back() -> None:
    global _set_aside
    if _set_aside:
        gc.unfreeze()
    _set_aside = False


def _size_of(generation: int) -> int:
    """How many objects a generation has.

    The list of them goes within the one call: in a variable or a line of its own, a worker's turn
    may come while the list holds on to a tuple that the worker is about to lengthen, which CPython
    refuses with a ``SystemError``.
    """
    (size,) = map(len, map(gc.get_objects, (generation,)))
    return size
