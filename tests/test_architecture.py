"""What the layers promise, held at run time too: a static check cannot see every import."""

import subprocess
import sys

import pytest

QT_FREE = (
    "cli.main",
    "cli.inspect",
    "cli.check",
    "migration",
    "layout.inspection",
    "nvram.store",
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
