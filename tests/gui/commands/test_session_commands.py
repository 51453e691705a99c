"""What was open comes back, and after a crash the edits do."""

import json
import os
import shutil
import signal
import subprocess
import sys
from uuid import UUID

import pytest
from PySide6.QtWidgets import QMessageBox

from ovmfgui.flash.source import read_file
from ovmfgui.gui.dialogs import leaving
from ovmfgui.gui.document.settings import SESSION, Settings
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.nvram.reading import read_store
from ovmfgui.span import Place, Span
from tests.nothing_to_lose import nothing_to_lose
from tests.played import BEGIN, written

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
        qtbot.addWidget(window, before_close_func=nothing_to_lose)
        window.show()
        return window

    return make


def opening(window):
    return [t.title for t in window.document.tasks.tasks if t.title.startswith("Opening")]


def settled(qtbot, window):
    tasks, session = window.document.tasks, window.commands.session
    qtbot.waitUntil(lambda: not tasks.tasks and not session._steps, timeout=20_000)


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


def test_whom_somebody_goes_to_while_all_comes_back_stays_in_front(
    qtbot, windows, demo_paths, tmp_path
):
    copy = str(shutil.copy(demo_paths[1], tmp_path / "copy_VARS.fd"))
    first = windows()
    for paths in ((copy,), demo_paths):
        first.commands.files.open(paths)
        settled(qtbot, first)
    first.close()
    again = windows()
    again.commands.session.begin(reopen=True, another=list)
    qtbot.waitUntil(lambda: len(again.document.all_open) == 2)
    beside = next(each for each in again.document.all_open if each is not again.document.front)
    again.document.bring_to_front(beside)
    settled(qtbot, again)
    assert again.document.front is beside


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


def three_of(demo_paths, tmp_path):
    """The pair, and two more stores, as paths for opening."""
    for name in ("b", "c"):
        shutil.copy(demo_paths[1], tmp_path / f"{name}_VARS.fd")
    return [demo_paths, [str(tmp_path / "b_VARS.fd")], [str(tmp_path / "c_VARS.fd")]]


def titles(window):
    return [each.title for each in window.document.all_open]


def test_all_that_was_open_comes_back_as_it_was_looked_at(qtbot, windows, demo_paths, tmp_path):
    first = windows()
    for paths in three_of(demo_paths, tmp_path):
        first.commands.files.open(paths)
        settled(qtbot, first)
    _pair, second, third = first.document.all_open
    first.workbench.show("variables").filter.setText("Boot")
    first.document.bring_to_front(second)
    first.workbench.show("structure")
    first.document.select(Place(0, Span(0x48, 16)))
    before = titles(first)
    first.close()
    again = windows()
    again.commands.session.begin(reopen=True, another=list)
    qtbot.waitUntil(lambda: len(again.document.all_open) == 3, timeout=20_000)
    settled(qtbot, again)
    assert titles(again) == before
    assert again.document.front.title == second.title
    assert again.document.selection == Place(0, Span(0x48, 16))
    assert again.pages.front.id == "structure"
    again.document.bring_to_front(again.document.all_open[2])
    assert again.document.front.title == third.title
    assert again.pages.front.id == "variables"
    assert again.workbench.show("variables").filter.text() == "Boot"


def test_each_window_comes_back_and_one_that_was_closed_alone_does_not(
    qtbot, window, demo_paths, tmp_path
):
    _pair, second, third = three_of(demo_paths, tmp_path)
    others = []
    for paths in (second, third):
        other = window.open_another()
        other.commands.files.open(paths)
        settled(qtbot, other)
        others.append(other)
    window.commands.files.open(demo_paths)
    settled(qtbot, window)
    others[0].close()
    window.quit()
    said = Settings(tmp_path / "settings.ini").session()
    assert [[each["paths"] for each in one["open"]] for one in said] == [[demo_paths], [third]]
    again, made = Window(Settings(tmp_path / "settings.ini")), []
    qtbot.addWidget(again, before_close_func=nothing_to_lose)
    again.show()

    def another():
        made.append(again.open_another())
        return made[-1].commands.session

    again.commands.session.begin(reopen=True, another=another)
    qtbot.waitUntil(lambda: again.document.image and made[0].document.image, timeout=20_000)
    settled(qtbot, again)
    settled(qtbot, made[0])
    assert len(made) == 1
    assert made[0].document.front.title == "c_VARS.fd"
    again.quit()


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"open": 3}]', '[{"open": [{"paths": [1]}]}]'])
def test_a_session_that_cannot_be_read_is_none(windows, tmp_path, text):
    settings = Settings(tmp_path / "settings.ini")
    settings.set(SESSION, text)
    window = windows()
    window.commands.session.begin(reopen=True, another=list)
    assert opening(window) == []


@pytest.mark.parametrize("button", ["Save", "Discard", "Cancel"])
def test_quitting_asks_once_about_all_that_is_not_saved(
    qtbot, monkeypatch, windows, demo_paths, tmp_path, button
):
    answer, asked = QMessageBox.StandardButton[button], []

    def ask(text, _owner, **_more):
        asked.append(text)
        return answer

    monkeypatch.setattr(leaving, "ask_about_edits", ask)
    window = windows()
    for paths in three_of(demo_paths, tmp_path):
        window.commands.files.open(paths)
        settled(qtbot, window)
    untouched = read_file(demo_paths[1]).data
    first, second, _third = window.document.all_open
    for each in (first, second):
        window.document.edit(window.document.editor().set_variable("Mine", GUID, b"x", 7), each)
    window.quit()
    assert len(asked) == 1
    assert asked[0].startswith("Save the changes to all 2?")
    assert f"{second.title}: 1 edit" in asked[0]
    if button == "Cancel":
        assert window.isVisible()
        assert first.modified
        return
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    changed = read_file(demo_paths[1]).data != untouched
    assert changed == (button == "Save")


def test_after_a_crash_a_changed_scenario_is_offered_and_comes_back(qtbot, windows, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(written(*BEGIN))
    first = windows()
    view = first.workbench.show_view(MigrationView)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.edit_played(str(path))
    qtbot.waitUntil(lambda: first.document.played is not None)
    view.side.editor.list.setCurrentRow(len(BEGIN) - 1)
    view.side.editor.add("power-off")
    first.commands.session.journal.write()
    (kept,) = (tmp_path / "journal").glob("*.json")
    text = kept.read_text()
    view.side.editor.undo()
    first.commands.session.journal.write()
    assert not kept.exists()
    # As a program of another number left it.
    (tmp_path / "journal" / "left.json").write_text(
        text.replace(f'"pid": {os.getpid()}', '"pid": 4194304')
    )
    window = windows()
    window.commands.session.begin(reopen=True, another=list)
    bar = window.pages.message
    assert "ended before changes of the scenario own had been saved" in bar.text.text()
    bar.offers[0].click()
    qtbot.waitUntil(lambda: window.document.front.pending is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not (tmp_path / "journal" / "left.json").exists())
    editor = window.workbench.show_view(MigrationView).side.editor
    assert editor.draft.actions[-1]["do"] == "power-off"
    assert "power-off" not in path.read_text()
    assert len(list((tmp_path / "journal").glob("*.json"))) == 1
    editor.forget(str(path))
    assert editor.draft.actions[-1]["do"] == "set-variable"


def test_two_changed_scenarios_come_back_and_neither_is_offered_again(qtbot, windows, tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    for name in ("one", "two"):
        path = tmp_path / f"{name}.toml"
        path.write_text(written(*BEGIN))
        said = {
            "format": 1,
            "pid": 4194304,
            "scenario": written(*BEGIN, "power-off"),
            "paths": [str(path)],
        }
        (folder / f"{name}.json").write_text(json.dumps(said))
    window = windows()
    window.commands.session.begin(reopen=True, another=list)
    window.pages.message.offers[0].click()
    qtbot.waitUntil(
        lambda: sum(each.pending is not None for each in window.document.all_open) == 2,
        timeout=20_000,
    )
    qtbot.waitUntil(lambda: not any((folder / f"{n}.json").exists() for n in ("one", "two")))
    assert len(list(folder.glob("*.json"))) == 2
