"""A window that is ended by a signal leaves its files whole, and nothing beside them."""

import os
import signal
import subprocess
import sys

import pytest

from ovmfgui.layout.demo import demo_files

_SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
signal.signal(int(sys.argv[2]), signal.SIG_DFL)
from ovmfgui.gui import app
from ovmfgui.gui.shell.window import Window
from ovmfgui.nvram import saving
from ovmfgui.nvram.vendors import GLOBAL

def slow(_descriptor):
    os.kill(os.getpid(), int(sys.argv[2]))
    time.sleep(0.3)

saving.os.fsync = slow
real = app.make_window

def make(application, start):
    window = real(application, start)
    document = window.document
    def edit_and_save():
        document.edit(document.editor().set_variable("Fresh", GLOBAL, b"1"))
        document.save()
    document.presented.connect(lambda: QTimer.singleShot(0, edit_and_save))
    return window

app.make_window = make
app.run(app.Start((sys.argv[1],), settings_file=Path(sys.argv[3])))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_save_under_way_is_ended_first(tmp_path, number):
    store = tmp_path / "files" / "VARS.fd"
    store.parent.mkdir()
    before = next(file for file in demo_files() if file.role == "vars").data
    store.write_bytes(before)
    command = [sys.executable, "-c", _SCRIPT, str(store), str(int(number))]
    ended = subprocess.run(
        [*command, str(tmp_path / "settings.ini")],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=120,
        check=False,
    )
    assert ended.returncode == -number, ended.stderr
    assert ended.stderr == ""
    assert sorted(path.name for path in store.parent.iterdir()) == ["VARS.fd", "VARS.fd.bak"]
    assert store.read_bytes() != before
    assert store.with_name("VARS.fd.bak").read_bytes() == before
