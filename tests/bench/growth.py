"""How CPU grows with what there is: slopes in logarithms, 1 where twice as much takes twice."""

from __future__ import annotations

import gc
import math
import time
from typing import TYPE_CHECKING

from result import Result, Row

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.guid import UUID
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.pflash.contents import PagedArray, Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VENDOR = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
VARIABLES = (10, 100, 500, 2000)
MIBS = (2, 8, 32, 64)
STEPS = (10, 100, 1000, 10_000)
STEEPEST = 1.35


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Of the last two points: small sizes are all beginnings."""
    rise = math.log(max(values[-1], 1e-9) / max(values[-2], 1e-9))
    return rise / math.log(sizes[-1] / sizes[-2])


def _least(work: Callable[[], object], runs: int) -> float:
    best = math.inf
    # The collector comes by now and then, and looks at all that other figures have left.
    gc.collect()
    gc.disable()
    try:
        for _run in range(runs):
            began = time.thread_time()
            work()
            best = min(best, time.thread_time() - began)
    finally:
        gc.enable()
    return best


def _filled(data: bytes, number: int) -> Editor:
    editor = Editor(data)
    for each in range(number):
        editor.go_on(editor.set_variable(f"V{each:04X}", VENDOR, b"\0", 7))
    return editor


def _with_variables(blank: bytes, runs: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"import": [], "read": [], "delete": []}
    for number in VARIABLES:
        found["import"].append(_least(lambda n=number: _filled(blank, n), runs))
        data = _filled(blank, number).data
        found["read"].append(_least(lambda d=data: _read_anew(blank, d), runs))
        editor = Editor(data)
        found["delete"].append(_least(lambda e=editor: e.delete_variable("V0000", VENDOR), runs))
    return found


def _read_anew(blank: bytes, data: bytes) -> None:
    """Read a store of which nothing is known from before: another was read in between."""
    read_store(blank)
    read_store(data)


def _with_size(code: bytes, runs: int) -> list[float]:
    found = []
    for mib in MIBS:
        data = code + bytes((mib << 20) - len(code))
        file = FlashFile("padded.fd", data, Format.RAW, Role.CODE)
        found.append(_least(lambda f=file: inspect(image_of([f])), runs))
    return found


def _with_steps(runs: int) -> list[float]:
    def play(steps: int) -> list[Pages]:
        array = PagedArray(Pages.filled(64 << 20, 0xFF))
        kept = []
        for step in range(steps):
            for at in range(60):
                array.write_byte((step * 8191 + at * 2) % (64 << 20), step & 0xFF)
            kept.append(array.snapshot())
        return kept

    return [_least(lambda n=number: play(n), runs if number < 10_000 else 1) for number in STEPS]


def run_growth(result: Result, blank: bytes, code: bytes) -> None:
    runs = min(result.runs, 3)
    for name, values in _with_variables(blank, runs).items():
        title = f"{name}, {VARIABLES[-1]:,} variables"
        result.add(Row(title, values[-1] * 1000, None, "ms"))
        result.add(Row(f"{title}, slope", slope(VARIABLES, values), None, "", STEEPEST))
    curves = (
        (f"inspect in memory, {MIBS[-1]} MiB", MIBS, _with_size(code, runs)),
        (f"chip's timeline, {STEPS[-1]:,} steps", STEPS, _with_steps(runs)),
    )
    for title, sizes, values in curves:
        result.add(Row(title, values[-1] * 1000, None, "ms"))
        result.add(Row(f"{title}, slope", slope(sizes, values), None, "", STEEPEST))
