"""Python's search for cycles, kept to the GUI thread while there are workers.

CPython looks for cyclic garbage in whichever thread happens to allocate. A worker that finds a
window, a document or a dialog there would destroy it in its own thread, where Qt can't stop its
timers: they fire later, on nothing, and the process dies.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QTimer

_PAUSE = 1000
"""Milliseconds between two looks at what has gathered."""

_WHOLE = 2
_left = 0
"""Objects that the last search of the whole left."""
_searches: list[QTimer] = []
_workers = 0


def begin_keeping() -> None:
    """From now on cycles are searched for on this thread only; called once for each worker pool."""
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
    """One worker pool less; behind the last one Python searches by itself again.

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


def search() -> None:
    """Search the generations that are due, by Python's own thresholds.

    The whole is searched where it has grown by a quarter since, as CPython does: with an image
    open that takes some 30 ms.
    """
    due = [n for n, most in enumerate(gc.get_threshold()) if gc.get_count()[n] > most > 0]
    if not due:
        return
    if due[-1] == _WHOLE:
        global _left
        if len(gc.get_objects(_WHOLE)) > _left * 5 // 4:
            gc.collect(_WHOLE)
            _left = len(gc.get_objects(_WHOLE))
            return
        due = [1]
    gc.collect(due[-1])
