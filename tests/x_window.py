"""The window on a real X server, which says what happens in it; run by ``x_screen.py``.

Run by itself: settings, a folder for pictures, WIDTHxHEIGHT, and the files to open or "demo" are
the arguments. A line on standard input is the name of a picture that is wanted.
"""

import sys
import threading
import time
from pathlib import Path

from heartbeat import Heartbeat
from looked_at import faults
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication

from ovmfgui.gui.app import Start, make_application, make_window
from ovmfgui.gui.shell.screenshots import settle
from ovmfgui.gui.shell.views_ahead import ViewsAhead

WANTED = 50.0
LONGEST = 100.0
"""Milliseconds of the GUI thread's CPU in one turn, where nothing else runs.

Under load the same turn takes up to three times as much, of which ``pace`` sees two: what is over
``WANTED`` is told, what is over ``LONGEST`` too is wrong on any machine.
"""


def told(*what):
    print(*what, sep="\t", flush=True)  # noqa: T201 the answer to who runs it


def on_focus(_old, now):
    if now is not None:
        name = now.text() if isinstance(now, QAbstractButton) else ""
        told("focus", (name or now.accessibleName() or type(now).__name__).replace("&", ""))


def on_view(view):
    told("made", view.objectName())
    if view.objectName() == "view-migration":
        view.player.moved.connect(lambda index: told("step", index))
        view.replay_changed.connect(
            lambda replay: told("replay", replay.scenario.title, replay.outcome)
        )
    if view.objectName() == "view-hosts":
        view.domains.row_chosen.connect(lambda row: told("row", row.name if row else "none"))


class Asked(QObject):
    """Takes pictures for who asks on standard input, beside what is measured."""

    asked = Signal(str)

    def __init__(self, folder, heart):
        super().__init__()
        self.folder, self.heart = folder, heart
        self.asked.connect(lambda name: heart.aside(lambda: self.look(name)))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in sys.stdin:
            self.asked.emit(line.strip())

    def look(self, name):
        for number, each in enumerate(w for w in QApplication.topLevelWidgets() if w.isVisible()):
            picture = each.grab()
            picture.save(f"{self.folder}/{name}{number or ''}.png")
            for fault in faults(each, picture.toImage()):
                told("fault", name, fault)
        told("looked", name)


def main(settings, pictures, size, *paths):
    application = make_application()
    demo = paths == ("demo",)
    files = () if demo else tuple(paths)
    start = Start(files, demo, "dark", tuple(map(int, size.split("x"))), Path(settings))
    window = make_window(application, start)
    window.show()
    settle(window.workbench)
    application.focusChanged.connect(on_focus)
    window.workbench.told.connect(lambda text: told("told", text))
    window.workbench.refused.connect(lambda text: told("refused", text))
    window.pages.front_changed.connect(lambda: told("view", window.pages.tabs.current_id))
    document = window.document
    document.edits_changed.connect(lambda: told("edits", document.title, document.unsaved_edits))
    window.workbench.announced.connect(lambda message: told("announced", message.text))
    window.windowTitleChanged.connect(lambda text: told("title", text))
    for view in window.pages.tabs._views.values():
        on_view(view)
    window.pages.tabs.view_made.connect(on_view)
    ahead = ViewsAhead(window.workbench.tasks, application)
    while not ahead.done:
        application.processEvents()
        time.sleep(0.01)
    with Heartbeat(WANTED) as heart:
        _asked = Asked(pictures, heart)
        window.commands.session.begin(
            reopen=not paths, another=lambda: window.open_another().commands.session
        )
        told("ready", int(window.winId()))
        status = application.exec()
    for name, most in (("slow", WANTED), ("turn", LONGEST)):
        for turn in heart.over(most * heart.pace):
            told(name, turn.replace("\n", " | "))
    told("turns", heart.beats, f"{heart.pace:.2f}")
    sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
