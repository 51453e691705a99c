"""Whole processes, measured: wall time and peak memory, two commands in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Installed programs come compiled. Where a checkout may not keep its bytecode, it would be compared
# while compiling itself anew every time.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Figures:
    """The least of several runs: seconds and MiB."""

    seconds: float
    mib: float


def run_once(command: Sequence[str]) -> Figures:
    """Run a command to its end, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"bench: {' '.join(command)} ended with status {process.returncode}")
    return Figures(seconds, usage.ru_maxrss / 1024)


def side_by_side(ours: Sequence[str], peer: Sequence[str], runs: int) -> tuple[Figures, Figures]:
    """Run two commands in turn, once to warm up, and take the least of each."""
    run_once(ours)
    run_once(peer)
    pairs = [(run_once(ours), run_once(peer)) for _run in range(runs)]
    least = [
        Figures(min(pair[i].seconds for pair in pairs), min(pair[i].mib for pair in pairs))
        for i in (0, 1)
    ]
    return least[0], least[1]
