"""Whole processes, measured: CPU, wall time and peak memory; what they answer is looked at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Installed programs come compiled. Where a checkout may not keep its bytecode, it would be compared
# while compiling itself anew every time.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Figures:
    """The least of several runs."""

    cpu: float
    wall: float
    mib: float


@dataclass(frozen=True)
class Program:
    """A command, and what shows that it did its work: without it a missing file is quickest.

    Attributes:
        argv: the command.
        says: a pattern that its output, or else the file ``makes``, has to have.
        makes: a file that it writes.
        statuses: how it may end.
    """

    argv: tuple[str, ...]
    says: str = ""
    makes: Path | None = None
    statuses: tuple[int, ...] = (0,)


class Failed(Exception):
    """A program did not do what it was to be measured at."""


class Runner:
    """Starts programs past the small process that measures them."""

    def __init__(self) -> None:
        self._helper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("forking.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._folder = tempfile.TemporaryDirectory(prefix="ovmfgui-bench-")

    def close(self) -> None:
        self._helper.stdin.close()
        self._helper.stdout.close()
        self._helper.wait()
        self._folder.cleanup()

    def once(self, program: Program, **environment: str) -> Figures:
        """Run a program to its end.

        Raises:
            Failed: it ended otherwise than it should, or did not say what it should.
        """
        out = Path(self._folder.name) / "out"
        if program.makes is not None:
            program.makes.unlink(missing_ok=True)
        job = {"argv": program.argv, "env": _ENVIRONMENT | environment, "out": str(out)}
        self._helper.stdin.write(json.dumps(job) + "\n")
        self._helper.stdin.flush()
        told = json.loads(self._helper.stdout.readline())
        self.text = out.read_text(errors="replace")
        _check(program, told["status"], self.text)
        return Figures(told["cpu"], told["wall"], told["mib"])

    def least(self, program: Program, runs: int, **environment: str) -> Figures:
        """The least of several runs after one to warm up."""
        self.once(program, **environment)
        return _least([self.once(program, **environment) for _ in range(runs)])

    def least_of_steps(self, program: Program, runs: int) -> dict[str, float]:
        """The least of each step of a program that prints their figures as a line of JSON."""
        least: dict[str, float] = {}
        for _run in range(runs):
            self.once(program)
            told = next(line for line in self.text.splitlines() if line.startswith("{"))
            for step, seconds in json.loads(told).items():
                least[step] = min(least.get(step, seconds), seconds)
        return least

    def side_by_side(self, ours: Program, peer: Program, runs: int) -> tuple[Figures, Figures]:
        """Two programs in turn, once to warm up, and the least of each."""
        for program in (ours, peer):
            self.once(program)
        pairs = [(self.once(ours), self.once(peer)) for _run in range(runs)]
        return _least([pair[0] for pair in pairs]), _least([pair[1] for pair in pairs])


def _check(program: Program, status: int, text: str) -> None:
    command = " ".join(program.argv)
    if status not in program.statuses:
        last = text.strip().rsplit("\n", 1)[-1]
        raise Failed(f"{command} ended with status {status}: {last}")
    if program.makes is not None:
        if not program.makes.is_file():
            raise Failed(f"{command} did not make {program.makes}")
        if program.says:
            text = program.makes.read_text(errors="replace")
    if not re.search(program.says, text):
        raise Failed(f"{command} did not say {program.says!r}")


def _least(figures: list[Figures]) -> Figures:
    return Figures(
        min(each.cpu for each in figures),
        min(each.wall for each in figures),
        min(each.mib for each in figures),
    )
