"""What was closed is let go of: no document, picture or replay stays with the window."""

import gc
import sys
import weakref
from collections import Counter

import pytest

from ovmfgui.gui.document import cycles, document
from ovmfgui.gui.shell.window import Window
from ovmfgui.resources import resource_path

SCENARIO = str(resource_path("scenarios") / "same-package.toml")
CLOSED_EACH_TIME = (
    *("Opened", "Inspection", "Image", "Store", "Record", "Region"),
    *("Prepared", "Replay", "Step", "Snapshot", "Pages"),
)


@pytest.fixture(autouse=True)
def _all_are_counted(monkeypatch):
    monkeypatch.setattr(document, "keep_from_search", lambda _inspection: None)


def alive():
    # All of it: what tests before have left may be set aside, and would go between two counts.
    cycles.search_all()
    kinds = (type(each) for each in gc.get_objects())
    # Of some classes of C the module is no text.
    ours = (kind for kind in kinds if str(kind.__module__).startswith("ovmfgui"))
    own = Counter(kind.__qualname__ for kind in ours)
    return {name: own[name] for name in CLOSED_EACH_TIME}


def test_nothing_stays_of_what_was_closed(qtbot, window: Window, demo_paths):
    def once():
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            window.commands.files.open(demo_paths)
        for name in window.actions_of.specs:
            if name.startswith("view-"):
                window.actions_of[name].trigger()
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            window.commands.files.open([SCENARIO])
        view = window.workbench.show("migration")
        view.bytes.follow(view.stage.rows[0])
        window.document.close_all()
        qtbot.waitUntil(lambda: not window.workbench.tasks.tasks, timeout=20_000)
        qtbot.wait(50)
        return alive()

    once()
    before, after = once(), once()
    # What tests before have left may go meanwhile; nothing may come.
    assert {name: number for name, number in after.items() if number > before[name]} == {}


def test_what_was_closed_goes_where_what_is_left_in_front_has_no_bytes(
    qtbot, window: Window, demo_paths
):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open([SCENARIO])
    (recording,) = window.document.all_open
    recording.inspection = recording.saved = None
    window.document.inspection_changed.emit()
    before = alive()
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(demo_paths)
    for last in ("structure", "hex", "map"):
        for name in ("view-structure", "view-hex", f"view-{last}"):
            window.actions_of[name].trigger()
    assert alive()["Region"] > before["Region"] + 100
    window.document.close()
    qtbot.waitUntil(lambda: not window.workbench.tasks.tasks, timeout=20_000)
    qtbot.wait(50)
    # The records of the last store stay, for its next edit.
    assert alive()["Region"] < before["Region"] + 30


@pytest.fixture
def own_search_only(monkeypatch):
    """Cycles stay until the program searches for them, as they do while it has workers."""
    monkeypatch.setattr(cycles, "MOST_SEARCHED", sys.maxsize)  # whatever else the tests hold
    was = gc.isenabled()
    gc.disable()
    yield
    if was:
        gc.enable()


@pytest.mark.usefixtures("own_search_only")
def test_closed_windows_are_let_go_of_while_another_stays(qtbot, window: Window, demo):
    held = []
    for _each in range(2):
        other = window.open_another()
        other.document.present(demo)
        other.pages.bring_up("variables")
        gc.collect()  # It is as old as what somebody has worked in.
        held += map(weakref.ref, (other, other.workbench, other.document, other.document.front))
        other.close()
    del other
    qtbot.waitUntil(lambda: not any(each() for each in held), timeout=20_000)


def test_the_first_window_lets_go_of_what_was_open_in_it(qtbot, window: Window, demo):
    other = window.open_another()
    window.document.present(demo)
    window.close()
    assert window.document.all_open == ()
    other.close()
