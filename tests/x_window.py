"""The window on a real X server, which says what happens in it; run by ``x_screen.py``.

Run by itself: settings, a folder for pictures, WIDTHxHEIGHT, a theme, and the files to open or
"demo" are the arguments. A line on standard input asks for something: ``look`` and the name of a
picture, ``where`` and what is to be found on the screen, ``turns`` for those that were long,
``tabs`` to be told where each leads.
"""

import sys
import threading
import time
from pathlib import Path

from heartbeat import Heartbeat
from looked_at import faults
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication
from whereabouts import point_of

from ovmfgui.gui.app import Start, make_application, make_window
from ovmfgui.gui.shell.screenshots import settle
from ovmfgui.gui.shell.views_ahead import ViewsAhead

WANTED = 50.0
LONGEST = 75.0
"""Milliseconds of the GUI thread's CPU in one turn, where nothing else runs.

What is over ``WANTED`` is told, what is over ``LONGEST`` too is wrong on any machine. With six busy
programs beside it on two cores the longest turn of all jobs took 54, in three rounds.
"""


def told(*what):
    print(*what, sep="\t", flush=True)  # noqa: T201 the answer to who runs it


def name_of(widget):
    name = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (name or widget.accessibleName() or type(widget).__name__).replace("&", "")


def on_focus(_old, now):
    if now is not None:
        told("focus", name_of(now))


def on_view(view):
    told("made", view.objectName())
    if view.objectName() == "view-migration":
        view.player.moved.connect(lambda index: told("step", index))
        view.replay_changed.connect(
            lambda replay: told("replay", replay.scenario.title, replay.outcome)
        )
    if view.objectName() == "view-hosts":
        view.domains.row_chosen.connect(lambda row: told("row", row.name if row else "none"))


class Tabs(QObject):
    """Tells that Tab was let go, and what has the focus then: all that the key did is done."""

    def eventFilter(self, _window, event):  # noqa: N802
        if event.type() == QEvent.Type.KeyRelease and event.key() == Qt.Key.Key_Tab:
            at = QApplication.focusWidget()
            told("tabbed", "" if at is None else name_of(at))
        return False


class Asked(QObject):
    """Answers who asks on standard input, beside what is measured."""

    asked = Signal(str)

    def __init__(self, folder, heart):
        super().__init__()
        self.folder, self.heart = folder, heart
        self.of_tabs = Tabs(self)
        self.asked.connect(lambda line: heart.aside(lambda: self.answer(*line.split("\t"))))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in sys.stdin:
            self.asked.emit(line.rstrip("\n"))

    def answer(self, what, *name):
        answers = {"look": self.look, "where": self.where, "turns": self.turns, "tabs": self.tabs}
        answers[what](*name)

    def look(self, name):
        for number, each in enumerate(w for w in QApplication.topLevelWidgets() if w.isVisible()):
            picture = each.grab()
            picture.save(f"{self.folder}/{name}{number or ''}.png")
            for fault in faults(each, picture.toImage()):
                told("fault", name, fault)
        told("looked", name)

    def where(self, name):
        at = point_of(name)
        told("at", name, *(() if at is None else (at.x(), at.y())))

    def tabs(self):
        for window in QApplication.topLevelWindows():
            window.installEventFilter(self.of_tabs)  # One that is there is not put there twice.
        told("tabs")

    def turns(self):
        for name, most in (("slow", WANTED), ("turn", LONGEST)):
            for turn in self.heart.over(most * self.heart.pace):
                told(name, turn.replace("\n", " | "))
        told("turns", self.heart.beats, f"{self.heart.pace:.2f}")


def main(settings, pictures, size, theme, *paths):
    application = make_application()
    demo = paths == ("demo",)
    files = () if demo else tuple(paths)
    start = Start(files, demo, theme, tuple(map(int, size.split("x"))), Path(settings))
    window = make_window(application, start)
    window.show()
    settle(window.workbench)
    application.focusChanged.connect(on_focus)
    window.workbench.told.connect(lambda text: told("told", text))
    window.workbench.refused.connect(lambda text: told("refused", text))
    window.pages.front_changed.connect(lambda: told("view", window.pages.tabs.current_id))
    document = window.document
    document.inspection_changed.connect(
        lambda: told("verdict", document.verdict.fit if document.verdict else "none")
    )
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
        asked = Asked(pictures, heart)
        window.commands.session.begin(
            reopen=not paths, another=lambda: window.open_another().commands.session
        )
        told("ready", int(window.winId()))
        status = application.exec()
    asked.turns()
    sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
