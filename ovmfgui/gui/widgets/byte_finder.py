"""A search that runs in the pauses of the event loop, a slice at a time."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ovmfgui.flash.search import MOST_MATCHES, matches
from ovmfgui.gui.widgets.spans import EqualSpans
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.search import Needle, Progress

_TURN = 0.006
"""Seconds of searching before the event loop gets its turn."""


class ByteFinder(QObject):
    """Collects the matches of one needle in one run of bytes.

    Signals:
        progressed: more matches, or the end.
    """

    progressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._starts: list[int] = []
        self._size = 0
        self._steps: Iterator[Progress] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether there is more to look through."""
        return self._steps is not None

    @property
    def count(self) -> int:
        """How many matches there are so far."""
        return len(self._starts)

    @property
    def full(self) -> bool:
        """Whether the search ended because there are too many matches."""
        return len(self._starts) >= MOST_MATCHES

    def start(self, data: bytes, needle: Needle) -> None:
        """Look for ``needle``; matches of an earlier search are dropped."""
        self.stop()
        self._size = needle.size
        self._steps = matches(data, needle)
        self._timer.start()
        self._turn()

    def stop(self) -> None:
        """End the search, and drop what it has found."""
        self._timer.stop()
        self._steps = None
        self._starts = []

    def spans(self) -> EqualSpans:
        """The matches, ascending, in bytes of what is searched."""
        return EqualSpans(self._starts, self._size)

    def number(self, span: Span | None) -> int:
        """Which match ``span`` is, counted from 1; 0 where it is none."""
        if span is None or span.size != self._size:
            return 0
        index = bisect_left(self._starts, span.start)
        found = index < len(self._starts) and self._starts[index] == span.start
        return index + 1 if found else 0

    def after(self, offset: int) -> Span | None:
        """The first match that starts behind ``offset``, from the top again where there is none."""
        if not self._starts:
            return None
        index = bisect_right(self._starts, offset) % len(self._starts)
        return Span(self._starts[index], self._size)

    def before(self, offset: int) -> Span | None:
        """The last match that starts before ``offset``, from the end again where there is none."""
        if not self._starts:
            return None
        return Span(self._starts[bisect_left(self._starts, offset) - 1], self._size)

    def _turn(self) -> None:
        until = time.monotonic() + _TURN
        while self._steps is not None and time.monotonic() < until:
            step = next(self._steps, None)
            if step is None:
                self._steps = None
                self._timer.stop()
            else:
                self._starts.extend(step.found)
        self.progressed.emit()
