"""What was closed is let go of: no document, picture or replay stays with the window."""

import gc
from collections import Counter

from ovmfgui.gui.shell.window import Window
from ovmfgui.resources import resource_path

SCENARIO = str(resource_path("scenarios") / "same-package.toml")
CLOSED_EACH_TIME = (
    *("Opened", "Inspection", "Image", "Store", "Record", "Region"),
    *("Prepared", "Replay", "Step", "Snapshot", "Pages"),
)


def alive():
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    own = Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith("ovmfgui"))
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
    assert once() == once()
