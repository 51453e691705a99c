"""A real X server without a display, the window on it, and somebody's hands: keys by xdotool."""

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

MISSING = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
"""Debian's packages xvfb and xdotool."""

_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QAbstractButton
from ovmfgui.gui.app import Start, make_application, make_window
from ovmfgui.gui.shell.screenshots import settle

settings, pictures, size, *paths = sys.argv[1:]
application = make_application()
demo = paths == ["demo"]
start = Start(() if demo else tuple(paths), demo, "dark", tuple(map(int, size.split("x"))),
              Path(settings))
window = make_window(application, start)
window.show()
settle(window.workbench)


def told(*what):
    print(*what, sep="\\t", flush=True)


def focus(_old, now):
    if now is not None:
        name = now.text() if isinstance(now, QAbstractButton) else ""
        told("focus", (name or now.accessibleName() or type(now).__name__).replace("&", ""))


def shown(_what=None):
    for number, each in enumerate(application.topLevelWidgets()):
        if each.isVisible():
            each.grab().save(f"{pictures}/{len(list(Path(pictures).iterdir())):02}-{number}.png")


application.focusChanged.connect(focus)
window.workbench.told.connect(lambda text: told("told", text))
window.workbench.refused.connect(lambda text: told("refused", text))
window.pages.front_changed.connect(lambda: told("view", window.pages.tabs.current_id))


def made(view):
    told("made", view.objectName())
    if view.objectName() == "view-migration":
        view.player.moved.connect(lambda index: told("step", index))
        view.replay_changed.connect(
            lambda replay: told("replay", replay.scenario.title, replay.outcome)
        )
    if view.objectName() == "view-hosts":
        view.domains.row_chosen.connect(lambda row: told("row", row.name if row else "none"))


for view in window.pages.tabs._views.values():
    made(view)
window.pages.tabs.view_made.connect(made)

document = window.document
document.edits_changed.connect(lambda: told("edits", document.title, document.unsaved_edits))
window.workbench.announced.connect(lambda message: told("announced", message.text))
window.windowTitleChanged.connect(lambda text: told("title", text))
window.commands.session.begin(
    reopen=not paths, another=lambda: window.open_another().commands.session
)
told("ready", int(window.winId()))
status = application.exec()
shown()
sys.exit(status)
"""


class Screen:
    """An X server of a size, and one window on it."""

    def __init__(self, folder: Path, size: str = "1280x800") -> None:
        self.folder, self.size = folder, size
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"
        self._window: subprocess.Popen | None = None
        self._lines: queue.Queue = queue.Queue()
        self.said: list[list[str]] = []

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in (self._window, self._server):
            if process is not None:
                process.kill()
                process.wait()
        if self._window is not None:
            self._listener.join()
            self._window.stdout.close()

    @property
    def _environment(self) -> dict:
        more = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "HOME": str(self.folder)}
        return {**os.environ, **more}

    def open(self, *paths: str, settings: str = "settings.ini") -> None:
        """Start the window and give it the keyboard."""
        pictures = self.folder / "pictures"
        pictures.mkdir(exist_ok=True)
        command = [sys.executable, "-c", _WINDOW, str(self.folder / settings), str(pictures)]
        self._window = subprocess.Popen(
            [*command, self.size, *paths],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, args=(self._window.stdout,))
        self._listener.start()
        ready = self.until(lambda line: line[0] == "ready")
        self._id = ready[1]
        self.front()

    def front(self) -> None:
        """Give the window the keyboard, as a window manager does once a dialog has gone."""
        self._xdotool("windowfocus", "--sync", self._id)

    def _listen(self, pipe) -> None:
        for line in pipe:
            self._lines.put(line.rstrip("\n").split("\t"))

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True)

    def until(self, wanted, seconds: float = 60) -> list[str]:
        """What the window says that is wanted; all before it is kept in ``said``."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                raise AssertionError(f"not said; said was {self.said[-20:]}") from None
            self.said.append(line)
            if wanted(line):
                return line

    def _soon(self) -> list[str] | None:
        """What else is said within a moment; None for nothing."""
        try:
            line = self._lines.get(timeout=0.15)
        except queue.Empty:
            return None
        self.said.append(line)
        return line

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._xdotool("key", *keys)

    def tab_to(self, name: str, most: int = 40) -> None:
        """Go to what is called so, as somebody without a mouse does."""
        for _ in range(most):
            self.key("Tab")
            at = self.until(lambda line: line[0] == "focus", 20)[1]
            # A dialog that opens, or a page that comes up, moves the focus more than once.
            while (later := self._soon()) is not None:
                at = later[1] if later[0] == "focus" else at
            if at == name:
                return
        raise AssertionError(f"Tab never came to {name}; it came to {self.said[-most:]}")

    def type(self, text: str) -> None:
        """Type text, letter by letter."""
        self._xdotool("type", "--delay", "2", text)

    def crash(self) -> None:
        """End the window's program at once, as if the power had gone."""
        self._window.kill()
        self._window.wait()
        self._listener.join()
        self._window.stdout.close()

    def ended(self) -> int:
        """Wait for the window's end."""
        return self._window.wait(timeout=60)
