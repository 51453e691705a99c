"""What was open comes back, and after a crash the edits do."""

import os
import signal
import subprocess
import sys
from uuid import UUID

import pytest

from ovmfgui.flash.source import read_file
from ovmfgui.gui.document.settings import Settings
from ovmfgui.gui.shell.window import Window
from ovmfgui.nvram.reading import read_store
from ovmfgui.span import Place, Span

GUID = UUID("12345678-9abc-4def-8123-456789abcdef")

_EDITS_AND_HANGS = """
import sys, time
from pathlib import Path
from uuid import UUID
from ovmfgui.gui.app import Start, make_application, make_window
from ovmfgui.gui.shell.screenshots import settle
settings, *paths = sys.argv[1:]
application = make_application()
window = make_window(application, Start(tuple(paths), settings_file=Path(settings)))
window.show()
settle(window.workbench)
document = window.document
guid = UUID("12345678-9abc-4def-8123-456789abcdef")
for number in range(3):
    document.edit(document.editor().set_variable(f"Edit{number}", guid, b"kept", 7))
end = time.monotonic() + 60
while time.monotonic() < end and not list((Path(settings).parent / "journal").glob("*.json")):
    application.processEvents()
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def windows(qtbot, tmp_path):
    """Makes windows that share their settings, as one start after the other does."""

    def make():
        window = Window(Settings(tmp_path / "settings.ini"))
        qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
        window.show()
        return window

    return make


def opening(window):
    return [t.title for t in window.document.tasks.tasks if t.title.startswith("Opening")]


def settled(qtbot, window):
    qtbot.waitUntil(lambda: not window.document.tasks.tasks, timeout=20_000)


def test_what_was_open_comes_back_with_its_selection(qtbot, windows, demo_paths):
    first = windows()
    first.commands.files.open(demo_paths)
    settled(qtbot, first)
    first.document.select(Place(1, Span(0x48, 16)))
    first.close()
    again = windows()
    again.commands.session.begin(reopen=True, another=list)
    settled(qtbot, again)
    qtbot.waitUntil(lambda: again.document.image is not None)
    assert [file.path for file in again.document.image.files] == demo_paths
    assert again.document.selection == Place(1, Span(0x48, 16))


def test_what_was_closed_does_not(qtbot, windows, demo_paths):
    first = windows()
    first.commands.files.open(demo_paths)
    settled(qtbot, first)
    first.document.close()
    first.close()
    again = windows()
    again.commands.session.begin(reopen=True, another=list)
    assert opening(again) == []


def test_what_is_gone_does_not_and_nobody_is_bothered(qtbot, windows, demo_paths, tmp_path):
    first = windows()
    first.commands.files.open(demo_paths)
    settled(qtbot, first)
    first.close()
    (tmp_path / demo_paths[0]).unlink()
    again = windows()
    again.commands.session.begin(reopen=True, another=list)
    assert opening(again) == []
    assert again.pages.message.isHidden()


def test_after_a_crash_the_edits_are_offered_once_and_come_back(
    qtbot, windows, demo_paths, tmp_path
):
    settings = tmp_path / "settings.ini"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    running = subprocess.Popen(
        [sys.executable, "-c", _EDITS_AND_HANGS, str(settings), *demo_paths],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline().strip() == "written"
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    untouched = read_file(demo_paths[1]).data
    window = windows()
    window.commands.session.begin(reopen=True, another=list)
    bar = window.pages.message
    qtbot.waitUntil(bar.isVisible)
    assert "ended before 3 edits of" in bar.text.text()
    assert [button.text() for button in bar.offers] == ["Bring the edits back", "Throw them away"]
    bar.offers[0].click()
    qtbot.waitUntil(lambda: window.document.modified, timeout=20_000)
    names = {record.name for record in window.document.store.live}
    assert {"Edit0", "Edit1", "Edit2"} <= names
    # Nothing has been written to the user's file, and the edit can be undone.
    assert read_file(demo_paths[1]).data == untouched
    window.document.undo_stack.undo()
    assert "Edit0" not in {record.name for record in window.document.store.live}
    assert "Edit0" not in {record.name for record in read_store(untouched).live}
    again = windows()
    again.commands.session.begin(reopen=False, another=list)
    assert again.pages.message.isHidden()
