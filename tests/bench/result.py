"""What was measured, as lines, as JSON and as a table."""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

HEAD = """# How fast it is

Measured by `./dev bench`, which fails where a limit is passed or a program does not do its work.
A ratio of two programs run in turn says the same on any machine; times are of this one. CPU is
user and system time of all threads, the least of {runs} runs. {machine}, {date}; load {load}:
where that is more than there are processors, wall times are those of a queue.

Where a limit is passed, the rows *… of it* below it tell what it is made of, each against the whole
of the peer. Of `inspect` no program in Python can spare the first, liblzma, reading the file and
its SHA-256 (which the JSON has and the peers' reports have not): together they are the floor.

| what | ours | against | ratio | limit | |
|---|--:|--:|--:|--:|---|
"""


@dataclass(frozen=True)
class Row:
    """A figure of ours, that of a peer or None, and the most (or least) that is allowed."""

    name: str
    ours: float
    peer: float | None
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def measure(self) -> float:
        return self.ours if self.peer is None else self.ours / self.peer

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        good = self.measure >= self.limit if self.at_least else self.measure <= self.limit
        return "within" if good else "OVER"

    @property
    def cells(self) -> tuple[str, ...]:
        peer = "" if self.peer is None else _figure(self.peer, self.unit)
        ratio = "" if self.peer is None else f"{self.measure:.2f}"
        limit = ""
        if self.limit is not None:
            unit = f" {self.unit}" if self.peer is None else ""
            limit = f"{'≥' if self.at_least else '≤'} {self.limit:g}{unit}"
        return self.name, _figure(self.ours, self.unit), peer, ratio, limit, self.verdict


def _figure(value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
    return f"{shown} {unit}".rstrip()


@dataclass
class Result:
    """All rows, printed as they come."""

    runs: int
    rows: list[Row] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, *rows: Row) -> None:
        for row in rows:
            self.rows.append(row)
            name, ours, peer, ratio, limit, verdict = row.cells
            print(f"{name:<62} {ours:>12} {peer:>12} {ratio:>7} {limit:>10}  {verdict}", flush=True)

    def fail(self, why: str) -> None:
        self.failed.append(why)
        print(f"FAILED: {why}", file=sys.stderr, flush=True)

    @property
    def good(self) -> bool:
        return not self.failed and all(row.verdict != "OVER" for row in self.rows)

    def as_json(self) -> str:
        rows = [asdict(row) | {"measure": row.measure, "verdict": row.verdict} for row in self.rows]
        about = {"machine": _machine(), "date": _today(), "runs": self.runs, "load": _load()}
        return json.dumps(about | {"rows": rows, "failed": self.failed}, indent=1)

    def as_table(self) -> str:
        head = HEAD.format(runs=self.runs, machine=_machine(), date=_today(), load=_load())
        return head + "".join(f"| {' | '.join(row.cells)} |\n" for row in self.rows)


def _today() -> str:
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def _load() -> float:
    return round(os.getloadavg()[0], 2)


def _machine() -> str:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    python = platform.python_version()
    return f"{os.cpu_count()} × {cpu}, Linux {platform.release().split('-')[0]}, Python {python}"
