"""The window: its start against a bare one, and jobs on stores that grow."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from contests import GLOBAL, OURS, OVMF
from growth import slope
from measure import Failed, Program, Runner
from result import Result, Row

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
SIZES = (125, 500, 2000)
# Of the GUI thread at 2,000 variables, in milliseconds of the machine that the table names.
LIMITS = dict.fromkeys(("repaint", "set", "undo", "redo", "sort", "sort_down"), 16)

_BARE = """
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
application = QApplication([])
window = QMainWindow()
table = QTableView()
table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
window.setCentralWidget(table)
window.show()
QTimer.singleShot(0, application.quit)
application.exec()
"""


def start(runner: Runner, result: Result) -> None:
    pair = (str(OVMF / "OVMF_CODE_4M.fd"), str(OVMF / "OVMF_VARS_4M.fd"))
    ours = Program((*OURS, "--quit-after-first-paint", *pair))
    bare = Program((sys.executable, "-c", _BARE))
    least = [runner.least(program, result.runs, **OFFSCREEN) for program in (ours, bare)]
    name = "window with a 4M pair, first complete frame / a bare window: CPU"
    result.add(Row(name, least[0].cpu, least[1].cpu, "s", 5.5))
    name = "window with a 4M pair / a bare window: memory"
    result.add(Row(name, least[0].mib, least[1].mib, "MiB", 3.0))
    stages(runner, result, pair, least[1].cpu)
    until_idle(runner, result, pair)


def until_idle(runner: Runner, result: Result, pair: tuple[str, str]) -> None:
    """The window that is opened and left alone, and UEFITool's with the same CODE image."""
    script = str(Path(__file__).with_name("until_idle.py"))
    commands = {"ours": (*OURS, *pair), "peer": ("UEFITool", pair[0])}
    least: dict[str, dict[str, float]] = {}
    for _run in range(result.runs):
        for who, command in commands.items():
            runner.once(Program((sys.executable, script, *command), '"wall"'), **OFFSCREEN)
            told = json.loads(runner.text.splitlines()[-1])
            known = least.setdefault(who, told)
            least[who] = {each: min(known[each], told[each]) for each in told}
    ours, peer = least["ours"], least["peer"]
    name = "window until it rests / UEFITool's"
    result.add(Row(f"{name}: CPU", ours["cpu"], peer["cpu"], "s"))
    result.add(Row(f"{name}: wall", ours["wall"], peer["wall"], "s"))
    beyond = ours["wall"] - peer["wall"]
    result.add(Row("window until it rests, beyond UEFITool's: wall", beyond, None, "s", 0.1))


def stages(runner: Runner, result: Result, pair: tuple[str, str], bare: float) -> None:
    """What the GUI thread's share is made of, step by step."""
    script = str(Path(__file__).with_name("start_script.py"))
    program = Program((sys.executable, script, *pair), '"image shown"')
    least = runner.least_of_steps(program, result.runs)
    name = "window with a 4M pair, GUI thread / a bare window: CPU"
    result.add(Row(name, sum(least.values()), bare, "s", 2.5))
    for stage, seconds in least.items():
        result.add(Row(f"… of it {stage}", seconds * 1000, None, "ms"))


def store_of(runner: Runner, folder: Path, number: int) -> Path:
    """A 4M store with so many small variables."""
    entry = {"guid": GLOBAL, "attr": 7, "data": "00"}
    variables = [{"name": f"V{each:04X}", **entry} for each in range(number)]
    source, made = folder / f"{number}.json", folder / f"{number}.fd"
    source.write_text(json.dumps({"version": 2, "variables": variables}))
    blank = str(OVMF / "OVMF_VARS_4M.fd")
    runner.once(Program((*OURS, "vars", "import", blank, str(source), "-o", str(made)), makes=made))
    return made


def jobs(runner: Runner, folder: Path, result: Result) -> None:
    """What the GUI thread needs for a job at once, and how that grows with the variables."""
    script = str(Path(__file__).with_name("window_script.py"))
    code = str(OVMF / "OVMF_CODE_4M.fd")
    found: dict[str, list[float]] = {}
    for number in SIZES:
        store = str(store_of(runner, folder, number))
        settings = folder / f"settings-{number}"
        runner.once(Program((sys.executable, script, code, store, str(settings)), '"set"'))
        told = next(line for line in runner.text.splitlines() if line.startswith("{"))
        for name, milliseconds in json.loads(told).items():
            found.setdefault(name, []).append(milliseconds)
    for name, values in found.items():
        title = f"window, {SIZES[-1]:,} variables: {name.replace('_', ' ')}"
        result.add(Row(title, values[-1], None, "ms", LIMITS[name]))
        result.add(Row(f"{title}, slope", slope(SIZES, values), None, "", 1.3))


def run_window(runner: Runner, folder: Path, result: Result) -> None:
    for part in (lambda: start(runner, result), lambda: jobs(runner, folder, result)):
        try:
            part()
        except (Failed, StopIteration) as why:
            result.fail(f"window: {why}")
