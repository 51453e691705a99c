"""What the layers promise, held at run time too: a static check cannot see every import."""

import subprocess
import sys

import pytest

from ovmfgui.layout.demo import demo_files

QT_FREE = (
    "cli.main",
    "cli.inspect",
    "cli.check",
    "migration",
    "layout.inspection",
    "nvram.reading",
    "pflash.chip",
)


@pytest.mark.parametrize("module", QT_FREE)
def test_qt_stays_out_of(module):
    code = (
        f"import sys, ovmfgui.{module}; "
        "qt = {'PySide6', 'shiboken6', 'pyqtgraph'}; "
        "print([name for name in sys.modules if name.split('.')[0] in qt])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["cli.inspect", "cli.check"])
def test_quick_commands_do_not_pay_for_numpy_and_cryptography(module):
    code = (
        f"import sys, ovmfgui.{module}; "
        "print('numpy' in sys.modules, 'cryptography' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False"]


_WITHOUT_QT = """
import contextlib, io, sys
from importlib import import_module
from ovmfgui.cli import main, vars, vars_boot
for table in (main.COMMANDS, vars.SUBCOMMANDS, vars_boot.SUBCOMMANDS):
    for command in table:
        if not command.window:
            command.load()
for line in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        assert main.main(line.split("|")) in (0, 1), line
print([name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "pyqtgraph"))
       or name == "ovmfgui.gui"])
"""


def test_no_command_imports_qt(tmp_path):
    """Neither where its module is loaded, nor where it does what it is for."""
    for file in demo_files():
        (tmp_path / file.role).write_bytes(file.data)
    code, store = str(tmp_path / "code"), str(tmp_path / "vars")
    lines = (
        ("check", code, store),
        ("inspect", code, store),
        ("compare", code, store),
        ("matrix", code, store),
        ("find", "--as", "utf-16", "Boot", code, store),
        ("vars", "list", store),
        ("vars", "boot", "list", store),
        ("replay", "demo", "--html", str(tmp_path / "lesson.html")),
        ("explain", "--list"),
    )
    arguments = ["|".join(line) for line in lines]
    out = subprocess.run(
        [sys.executable, "-c", _WITHOUT_QT, *arguments], capture_output=True, text=True, check=False
    )
    assert out.stderr == ""
    assert out.stdout.strip() == "[]"
