"""Watches the GUI thread: which turns of its loop take long, and what it does in them."""

from __future__ import annotations

import faulthandler
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pace import pace, pace_now
from PySide6.QtCore import QAbstractEventDispatcher, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

BEAT = 5
"""Milliseconds between two beats, and between two looks at the stack."""

# Some five a second, a millisecond each.
_LOOKS = 40
_FEWEST = 8
# Of what ``pace`` calls 1, where nothing else runs: a look there takes 0.47 ms of CPU.
_QUIET = 0.63


@dataclass
class Turn:
    """A turn of the loop: CPU of the GUI thread in milliseconds, and the stacks seen in it."""

    cpu: float
    stacks: tuple[str, ...]


class Heartbeat:
    """While it lasts, counts the CPU that the GUI thread takes from one beat to the next.

    A beat is a timer's: none comes while the loop is busy. CPU and not wall time: what else runs
    on the machine is not this program's fault.

    Args:
        least: milliseconds; shorter turns are counted and not kept.

    Attributes:
        turns: those that took as long, in their order.
        beats: how many turns there were.
    """

    def __init__(self, least: float = 0.0) -> None:
        self.turns: list[Turn] = []
        self.beats = 0
        self._least = least
        self._main = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._main)
        self._stacks: list[str] = []
        self._paces: list[float] = []
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)
        # Under a real X server keys and paints come before timers, several turns long.
        self._dispatcher = QAbstractEventDispatcher.instance()

    def __enter__(self) -> Heartbeat:
        self._last = self._cpu()
        self._timer.start()
        self._dispatcher.awake.connect(self._beat)
        self._sampler = threading.Thread(target=self._sample, daemon=True, name="heartbeat")
        self._sampler.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._beat()
        self._timer.stop()
        self._dispatcher.awake.disconnect(self._beat)
        self._ended.set()
        self._sampler.join()

    def _cpu(self) -> float:
        return time.clock_gettime(self._clock) * 1000

    def _beat(self) -> None:
        now = self._cpu()
        stacks, self._stacks = self._stacks, []
        self.beats += 1
        if now - self._last >= self._least:
            self.turns.append(Turn(now - self._last, tuple(stacks)))
        self._last = now

    def _sample(self) -> None:
        looks = 0
        # Not by sys._current_frames: whoever holds a frame that has ended destroys what was in it,
        # and Qt's objects may be destroyed by their own thread only.
        with tempfile.TemporaryFile("w+") as file:
            while not self._ended.wait(BEAT / 1000):
                looks += 1
                if looks % _LOOKS == 0:
                    self._paces.append(pace_now())
                if self._cpu() - self._last < self._least:
                    continue
                file.seek(0)
                file.truncate()
                faulthandler.dump_traceback(file)
                file.seek(0)
                _before, _mine, told = file.read().partition(f"0x{self._main:016x} ")
                self._stacks.append("\n".join(told.partition("\n\n")[0].splitlines()[1:11]))

    def aside(self, work: Callable[[], object]) -> None:
        """Do what belongs to the test and not to the program, uncounted."""
        self._beat()
        work()
        self._last, self._stacks = self._cpu(), []

    @property
    def pace(self) -> float:
        """How much slower the machine was meanwhile than the one that limits are told for.

        Other work on its cores makes the same instructions take more CPU, up to twice as much: of
        four looks the slowest but one counts.
        """
        if len(self._paces) < _FEWEST:
            return pace()
        return max(1.0, sorted(self._paces)[len(self._paces) * 3 // 4] / _QUIET)

    def over(self, milliseconds: float) -> list[str]:
        """The turns that took longer, each with the stack in the middle of it."""
        long = [turn for turn in self.turns if turn.cpu > milliseconds]
        return [
            f"{turn.cpu:.0f} ms of CPU:\n{turn.stacks[len(turn.stacks) // 2]}"
            if turn.stacks
            else f"{turn.cpu:.0f} ms of CPU"
            for turn in long
        ]
