"""What the window's start imports, as its user runs it: no view that is not in front."""

import os
import subprocess
import sys

import pytest

_AFTER_FIRST_FRAME = """
import sys
from ovmfgui.cli.main import main
status = main([*sys.argv[1:], "--quit-after-first-paint"])
views = {name.split(".")[3] for name in sys.modules if name.startswith("ovmfgui.gui.views.")}
print(status, *sorted(views))
"""


def views_imported(home, *arguments):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", _AFTER_FIRST_FRAME, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    status, *views = done.stdout.split()
    assert status == "0"
    return views


def test_the_first_page_needs_no_view(tmp_path):
    assert views_imported(tmp_path) == []


def test_the_demo_imports_the_view_that_is_in_front(tmp_path):
    assert views_imported(tmp_path, "demo") == ["migration"]


def test_a_pair_imports_the_view_that_is_in_front(tmp_path, demo_paths):
    assert views_imported(tmp_path, *demo_paths) == ["map"]


@pytest.mark.parametrize("view", ["hex", "compare"])
def test_the_view_of_the_last_time_is_the_one_that_is_imported(tmp_path, demo_paths, view):
    folder = tmp_path / "ovmfgui"
    folder.mkdir()
    (folder / "ovmfgui.conf").write_text(f"[window]\nview={view}\n")
    assert views_imported(tmp_path, *demo_paths) == [view]
