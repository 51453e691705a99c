"""How fast this machine is now: other work on its cores makes the same instructions take longer."""

import time

_WORK = 40_000
_SECONDS = 0.006
"""What that took on the machine that the tests were written on, when nothing else ran there."""


def pace():
    """How much slower this machine is now than that one; never less than 1."""
    return max(1.0, min(pace_now(_WORK) for _ in range(5)))


def pace_now(work=_WORK // 8):
    """How much slower it is at this very moment; below 1 where it is faster."""
    began = time.thread_time()
    sum(len(str(number)) for number in range(work))
    return (time.thread_time() - began) / _SECONDS * _WORK / work
