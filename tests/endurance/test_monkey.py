"""A monkey at the real window, and a file that changes on disk each second beneath it.

Twenty seconds each; ``ENDURANCE=600 ./dev test tests/endurance`` plays for ten minutes.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from x_screen import MISSING, Screen

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.structures import AUTHENTICATED
from tests.stores import FIRST_RECORD, patched, record

SECONDS = float(os.environ.get("ENDURANCE", "20"))
SEED = os.environ.get("ENDURANCE_SEED", "1")
LONGEST = 200.0
"""Milliseconds of CPU that a turn of the GUI thread may take, at the pace of the machine that these
tests were written on."""
DATA = Path(__file__).parent.parent / "data"
SHIPPED = Path(__file__).parent.parent.parent / "resources" / "scenarios"
QTS_OWN = (
    "not accepted by receiving widget",
    "QDragManager::drag in possibly invalid state",
    "dragLeaveEvent: drag leave received before drag enter",
)
"""What Qt says of hands that no person has: a click on what it closes, a drag within a drag."""
PLAY = (
    *("hostile/*", "stores/*.fd.xz", "stores/*.json", "*.stream.xz", "streams/*"),
    *("messages/*", "domains/*.xml", "arm-virt.trace"),
)

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)}"),
    pytest.mark.timeout(SECONDS + 300),
]


def of_many_records():
    """A store as no firmware has it, with as many variables as are read."""
    layout = {
        **{"fv_length": 0x404000, "block_size": 0x1000, "variable_size": 0x200000},
        **{"ftw_working_offset": 0x201000, "ftw_working_size": 0x1000},
        "ftw_spare_offset": 0x202000,
    }
    records = b"".join(record(f"V{number:05}", b"1") for number in range(MOST_RECORDS))
    return patched(pristine_volume(**layout, store_guid=AUTHENTICATED), FIRST_RECORD, records)


@pytest.fixture
def playground(tmp_path):
    """Good files and bad ones."""
    folder = tmp_path / "play"
    folder.mkdir()
    for name, file in zip(("CODE.fd", "VARS.fd"), demo_files(), strict=True):
        (folder / name).write_bytes(file.data)
    found = [path for pattern in PLAY for path in DATA.glob(pattern)] + list(SHIPPED.iterdir())
    for path in found:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "records-many.fd").write_bytes(of_many_records())
    (folder / "empty").touch()
    (folder / "noise.fd").write_bytes(random.Random(1).randbytes(1 << 20))
    (folder / "folder").mkdir()
    (folder / "gone").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    return folder


_COMPILE = """
import importlib, pkgutil, ovmfgui, pyqtgraph
for module in pkgutil.walk_packages(ovmfgui.__path__, "ovmfgui."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The environment of a program that is installed: its modules are compiled."""
    where = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("c")),
    }
    environment = os.environ | where
    subprocess.run([sys.executable, "-c", _COMPILE], env=environment, check=True)
    return environment


def played(playground, compiled, *how):
    """What the monkey tells at its end."""
    with Screen(playground.parent) as screen:
        environment = {
            **compiled,
            **{"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "HOME": str(playground)},
            **{"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""},
            "PATH": "",  # no program is started: neither QEMU nor virsh
        }
        script = Path(__file__).parent / "monkey.py"
        ended = subprocess.run(
            [sys.executable, str(script), str(playground), str(SECONDS), SEED, *how],
            capture_output=True,
            text=True,
            env=environment,
            cwd=playground,
            check=False,
        )
    told = json.loads(ended.stdout or "{}")
    stacks = told.get("stacks", ())[:6]
    print({name: value for name, value in told.items() if name != "stacks"}, *stacks, sep="\n")  # noqa: T201
    said = ended.stderr.splitlines()
    wrong = [line for line in said if not any(words in line for words in QTS_OWN)]
    assert (ended.returncode, wrong) == (0, []), ended.stderr[-8000:]
    return told


def well(told):
    """No turn was long, and memory does not grow: what the first half took is enough."""
    assert told["acts"] > SECONDS * 3
    assert len(told["views"]) == 9 or SECONDS < 60
    limit = LONGEST * told["pace"]
    long = [stack for stack in told["stacks"] if float(stack.split()[0]) > limit]
    assert not long, "\n".join(long)
    if SECONDS >= 300:
        memory = told["memory"]
        half = max(memory[: len(memory) // 2])
        assert memory[-1] < half * 1.1, memory


def test_a_monkey_in_the_window(playground, compiled):
    told = played(playground, compiled)
    assert told["done"]["drop"] > 2
    well(told)


def test_a_store_that_changes_each_second(playground, compiled):
    told = played(playground, compiled, "changing")
    assert told["changes"] > SECONDS / 2
    well(told)
