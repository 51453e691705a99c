"""A monkey at the real window: ``monkey.py FOLDER SECONDS SEED [changing]``.

It clicks, drags, turns the wheel, types, triggers actions and drops files of FOLDER; the same seed
makes it choose alike. With ``changing`` it drops nothing and closes nothing, and the store changes
on disk each second. What came of it is told as JSON; what goes wrong in the window is on stderr.
"""

import faulthandler
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from shiboken6 import isValid

sys.path.insert(0, str(Path(__file__).parent.parent))
from heartbeat import Heartbeat
from nothing_to_lose import nothing_to_lose
from pace import pace

from ovmfgui.gui.app import Start, install_hook, make_application, make_window
from ovmfgui.gui.shell.window import Window
from ovmfgui.nvram import saving
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 100.0
"""Milliseconds of CPU: turns that are told of at the end."""
_PAUSE = 8
"""Milliseconds from one act to the next."""
_STUCK = 60.0
"""Seconds without an act: the window hangs."""
_DEEPEST = 6
"""Dialogs over dialogs; then only Escape."""
_MOST_WINDOWS = 3
_MOST_DOCUMENTS = 8
"""In a window: with ever more of them open, memory would tell of nothing but that."""

_KEY = Qt.Key
_KEYS = (
    *(_KEY.Key_Tab, _KEY.Key_Backtab, _KEY.Key_Up, _KEY.Key_Down, _KEY.Key_Left, _KEY.Key_Right),
    *(_KEY.Key_Return, _KEY.Key_Space, _KEY.Key_Escape, _KEY.Key_Delete, _KEY.Key_Backspace),
    *(_KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown, _KEY.Key_Menu),
    *(_KEY.Key_F1, _KEY.Key_F2, _KEY.Key_F3, _KEY.Key_F10, _KEY.Key_F11),
    *map(_KEY, range(_KEY.Key_A, _KEY.Key_Z + 1)),
    *map(_KEY, range(_KEY.Key_0, _KEY.Key_9 + 1)),
)
_NONE = Qt.KeyboardModifier.NoModifier
_MODIFIERS = (
    *(_NONE,) * 8,
    Qt.KeyboardModifier.ShiftModifier,
    *(Qt.KeyboardModifier.ControlModifier,) * 3,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)
_LEAVES = ("quit", "close", "open", "open-half", "open-demo", "new-window", "pictures")
"""Actions that take away what is open, or whose work is not one turn's."""


class Monkey:
    """Hands at the window."""

    def __init__(self, folder: Path, seed: int, *, changing: bool) -> None:
        self.folder, self.dice, self.changing = folder, random.Random(seed), changing
        self.files = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
        self.done: Counter[str] = Counter()
        self.views: Counter[str] = Counter()
        self.memory: list[float] = []
        self.depth, self.windows, self.refused = 0, 0, 0
        self.acted = time.monotonic()
        self.over = False
        self.played: Callable[[], None] = lambda: None
        self.window: Window | None = None
        self._acts = {
            self.click: 35,
            self.key: 25,
            self.trigger: 12,
            self.view: 6,
            self.drag: 6,
            self.wheel: 6,
            self.resize: 1,
            self.type: 4,
        }
        if not changing:
            self._acts[self.drop] = 6

    # What the hands reach

    def top(self) -> QWidget | None:
        """The window that takes mouse and keys now."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None:
            return front
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isEnabled()]
        return self.dice.choice(shown) if shown else None

    def point(self, top: QWidget) -> tuple[QWidget, QPoint] | None:
        """A place in it, and the widget that is there."""
        if top.width() < 2 or top.height() < 2:
            return None
        at = QPoint(self.dice.randrange(top.width()), self.dice.randrange(top.height()))
        child = top.childAt(at) or top
        return child, child.mapFrom(top, at)

    def taker(self) -> QWidget | None:
        """What takes a key."""
        return QApplication.focusWidget() or self.top()

    # Acts

    def click(self) -> None:
        """Somewhere, mostly with the left button."""
        top = self.top()
        place = self.point(top) if top is not None else None
        if place is None:
            return
        widget, at = place
        if self.dice.random() < 0.1:
            QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, _NONE, at)
            return
        right = self.dice.random() < 0.12
        button = Qt.MouseButton.RightButton if right else Qt.MouseButton.LeftButton
        QTest.mouseClick(widget, button, self.dice.choice(_MODIFIERS), at)

    def drag(self) -> None:
        """From one place to another, in one widget."""
        top = self.top()
        place = self.point(top) if top is not None else None
        if place is None:
            return
        widget, at = place
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, _NONE, at)
        for _ in range(4):
            if not isValid(widget):
                return
            at = at + QPoint(self.dice.randrange(-60, 61), self.dice.randrange(-60, 61))
            at = QPoint(
                min(max(at.x(), 0), max(widget.width() - 1, 0)),
                min(max(at.y(), 0), max(widget.height() - 1, 0)),
            )
            QTest.mouseMove(widget, at)
        if isValid(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, _NONE, at)

    def wheel(self) -> None:
        """Up or down, with Ctrl at times."""
        top = self.top()
        place = self.point(top) if top is not None else None
        if place is None:
            return
        widget, at = place
        turn = QWheelEvent(
            QPointF(at),
            QPointF(widget.mapToGlobal(at)),
            QPoint(),
            QPoint(0, self.dice.choice((-240, -120, 120, 240))),
            Qt.MouseButton.NoButton,
            self.dice.choice(_MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, turn)

    def key(self) -> None:
        """One key."""
        if (taker := self.taker()) is not None:
            QTest.keyClick(taker, self.dice.choice(_KEYS), self.dice.choice(_MODIFIERS))

    def type(self) -> None:
        """A word."""
        words = (
            "0x84000",
            "Boot0001",
            "db",
            "ff 00 ff",
            "a",
            "8be4df61",
            "Ünïcode",
            "-1",
            "9" * 30,
        )
        if (taker := self.taker()) is not None:
            for letter in self.dice.choice(words):
                QTest.keyClick(taker, letter)

    def trigger(self) -> None:
        """An action that can be done now, where no dialog is in front."""
        if QApplication.activeModalWidget() is not None or self.window is None:
            return
        able = [
            action
            for spec, action in self.window.actions_of.all()
            if action.isEnabled() and not (self.changing and spec.id in _LEAVES)
        ]
        action = self.dice.choice(able)
        self.done[f"action {action.objectName()}"] += 1
        action.trigger()

    def view(self) -> None:
        """Another view in front."""
        if QApplication.activeModalWidget() is None and self.window is not None:
            names = [name for name in self.window.actions_of.specs if name.startswith("view-")]
            self.window.actions_of[self.dice.choice(names)].trigger()
            self.views[self.window.pages.tabs.current_id] += 1

    def drop(self) -> None:
        """Some files, on a place of the window."""
        if QApplication.activeModalWidget() is not None or self.window is None:
            return
        data = QMimeData()
        some = self.dice.sample(self.files, self.dice.choice((1, 1, 1, 2, 3)))
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in some])
        place = self.point(self.window)
        if place is None:
            return
        widget, at = place
        while widget is not self.window and not widget.acceptDrops():
            at, widget = widget.mapToParent(at), widget.parentWidget()
        copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(at, copy, data, button, _NONE)
        QApplication.sendEvent(widget, enter)
        if enter.isAccepted():
            QApplication.sendEvent(widget, QDropEvent(QPointF(at), copy, data, button, _NONE))

    def resize(self) -> None:
        """The window, within what a screen has."""
        if self.window is not None:
            self.window.resize(self.dice.randrange(700, 1280), self.dice.randrange(400, 800))

    # Going on

    def tick(self) -> None:
        """One act; the next is due also while this one waits for a dialog to close."""
        if self.over:
            self.leave()
            return
        QTimer.singleShot(_PAUSE, self.tick)
        self.acted = time.monotonic()
        self.keep_window()
        if self.depth > _DEEPEST:
            if (top := self.top()) is not None:
                QTest.keyClick(top, _KEY.Key_Escape)
            return
        (act,) = self.dice.choices(list(self._acts), list(self._acts.values()))
        self.done[act.__name__] += 1
        self.depth += 1
        try:
            act()
        finally:
            self.depth -= 1

    def keep_window(self) -> None:
        """There is always one, and never many."""
        shown = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, Window) if w.isVisible()
        ]
        if not shown:
            self.open()
        elif self.window not in shown:
            self.window = shown[0]
        for each in shown[_MOST_WINDOWS:]:
            nothing_to_lose(each)
            each.close()
            if each is self.window:
                self.window = shown[0]
        if QApplication.activeModalWidget() is None and not self.changing:
            for each in shown[:_MOST_WINDOWS]:
                self.keep_few(each)

    def keep_few(self, window: Window) -> None:
        """What was opened first in it is closed."""
        for gone in window.document.all_open[:-_MOST_DOCUMENTS]:
            gone.undo_stack.setClean()
            gone.pending = None
            window.document.close(gone)

    def open(self) -> None:
        """A window, as the program's start makes it."""
        self.windows += 1
        paths = [str(self.folder / name) for name in ("CODE.fd", "VARS.fd")]
        start = Start(tuple(paths), False, "", (1180, 760), self.folder / ".settings.ini")
        self.window = make_window(QApplication.instance(), start)
        # As each window but the program's first, beside which no other is made like it.
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        install_hook(self.window)
        self.window.workbench.refused.connect(self._count)
        self.window.show()
        self.window.activateWindow()

    def _count(self, _text: str) -> None:
        self.refused += 1

    def leave(self) -> None:
        """Close whatever is open, without a word."""
        for each in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if each is not None:
                each.close()
        if QApplication.activeModalWidget() is not None:
            QTimer.singleShot(_PAUSE, self.leave)
            return
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window)]
        for each in windows:
            nothing_to_lose(each)
        shown = [window for window in windows if window.isVisible()]
        if len(shown) > 1:
            shown[-1].close()
            QTimer.singleShot(_PAUSE, self.leave)
            return
        # With the last window the program ends: nobody waits for what follows.
        self.played()
        for each in QApplication.topLevelWidgets():
            each.close()
        QTimer.singleShot(500, QApplication.quit)

    def remember(self) -> None:
        """How much memory is held now, in MiB."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.memory.append(round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1))


def answered(monkey: Monkey) -> None:
    """The desktop's own dialogs, which nobody can click away, answered at once."""

    def names(*_arguments: object, **_more: object) -> tuple[list[str], str]:
        return [str(monkey.dice.choice(monkey.files))], ""

    def name(*_arguments: object, **_more: object) -> tuple[str, str]:
        return str(monkey.dice.choice(monkey.files)), ""

    def new(*_arguments: object, **_more: object) -> tuple[str, str]:
        if monkey.dice.random() < 0.3:
            return "", ""
        saved = monkey.folder / ".saved"
        return str(saved / f"{monkey.dice.randrange(4)}{monkey.dice.choice(('.fd', '.html'))}"), ""

    def folder(_owner: object, title: str, *_more: object) -> str:
        if "pictures" in title:
            return ""  # they are taken while the window waits, and hands cannot reach it
        return str(monkey.folder / monkey.dice.choice((".saved", ".nowhere", "")))

    QFileDialog.getOpenFileNames = staticmethod(names)
    QFileDialog.getOpenFileName = staticmethod(name)
    QFileDialog.getSaveFileName = staticmethod(new)
    QFileDialog.getExistingDirectory = staticmethod(folder)
    QDesktopServices.openUrl = staticmethod(lambda _url: True)


def kept_to(folder: Path) -> None:
    """Save over nothing but what is in a folder: as root, the firmware that is installed too."""
    held = saving._held

    def held_here(target: Path) -> AbstractContextManager[int]:
        if not target.is_relative_to(folder.resolve()):
            msg = f"{target} is not the monkey's"
            raise Refused(msg)
        return held(target)

    saving._held = held_here


def keep_changing(monkey: Monkey) -> int:
    """Each second the store is another: written over, replaced, cut off, filled with dice, gone."""
    path, changes = monkey.folder / "VARS.fd", 0
    good = path.read_bytes()
    dice = random.Random(1)
    while not monkey.over:
        time.sleep(1)
        changes += 1
        other = bytearray(good)
        for _ in range(8):
            other[dice.randrange(0x48, 0x4000)] &= dice.randrange(256)
        match changes % 6:
            case 0:
                path.unlink(missing_ok=True)
            case 1:
                path.write_bytes(good)
            case 2:
                path.write_bytes(other)
            case 3:
                beside = monkey.folder / ".beside"
                beside.write_bytes(other)
                beside.replace(path)
            case 4:
                path.write_bytes(good[: dice.randrange(len(good))])
            case _:
                path.write_bytes(dice.randbytes(len(good)))
    return changes


def main(folder: str, seconds: str, seed: str, *how: str) -> int:
    """Let it play; the exit status is 1 where it hung."""
    faulthandler.enable()
    changing = "changing" in how
    monkey = Monkey(Path(folder), int(seed), changing=changing)
    (monkey.folder / ".saved").mkdir(exist_ok=True)
    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    answered(monkey)
    kept_to(monkey.folder)
    changes: list[int] = []
    changer = threading.Thread(target=lambda: changes.append(keep_changing(monkey)))
    if changing:
        changer.start()

    paces: list[float] = []

    def watch() -> None:
        while not monkey.over:
            time.sleep(2)
            paces.append(pace())
            if time.monotonic() - monkey.acted > _STUCK:
                faulthandler.dump_traceback(sys.stderr)
                os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    end = QTimer()
    end.setSingleShot(True)
    end.timeout.connect(lambda: setattr(monkey, "over", True))
    end.start(int(float(seconds) * 1000))
    looking = QTimer()
    looking.timeout.connect(monkey.remember)
    looking.start(max(int(float(seconds) * 1000 / 60), 1000))
    with ExitStack() as watched:
        heart = watched.enter_context(Heartbeat(LONG))
        monkey.played = watched.close
        QTimer.singleShot(0, monkey.tick)
        application.exec()
    if changing:
        changer.join()
    long = sorted(heart.turns, key=lambda turn: -turn.cpu)
    told = {
        "acts": sum(count for name, count in monkey.done.items() if not name.startswith("action ")),
        "done": dict(monkey.done),
        "views": dict(monkey.views),
        "windows": monkey.windows,
        "refused": monkey.refused,
        "changes": sum(changes),
        "beats": heart.beats,
        "memory": monkey.memory,
        "pace": round(max(paces, default=1.0), 2),
        "turns": [round(turn.cpu) for turn in long],
        "stacks": sorted(heart.over(LONG), key=lambda told: -float(told.split()[0]))[:20],
    }
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    # Without Python's own end: windows that were closed a moment ago may still have timers.
    status = main(*sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)
