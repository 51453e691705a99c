"""Signals that end the program: what was begun is unwound first."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


class _Ended(BaseException):
    """A signal that ends the program; ``number`` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def ended_late() -> Iterator[None]:
    """While it lasts, a signal that ends the program first unwinds what was begun."""
    taken = []
    if threading.current_thread() is threading.main_thread():
        taken = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
    if not taken:
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        raise _Ended(number)

    for each in taken:
        signal.signal(each, end)
    try:
        yield
    except _Ended as ended:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)
        signal.raise_signal(ended.number)
        raise
    finally:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)
