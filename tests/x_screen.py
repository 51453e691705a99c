"""A real X server without a display, the window on it, and somebody's hands, by xdotool."""

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

_EDGE = 8
"""Pixels from the middle of a row to its upper edge, more or less."""
_MOST_TABS = 40
"""Nobody presses Tab so often."""

_WINDOW = str(Path(__file__).with_name("x_window.py"))


class Screen:
    """An X server of a size, and one window on it."""

    def __init__(self, folder: Path, size: str = "1280x800") -> None:
        self.folder, self.size = folder, (size := os.environ.get("SCREEN", size))
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
            self._window.stdin.close()
            self._window.stdout.close()

    @property
    def _environment(self) -> dict:
        more = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "HOME": str(self.folder)}
        # As a program that is installed, whose modules have been compiled before.
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, **more}

    def open(self, *paths: str, settings: str = "settings.ini") -> None:
        """Start the window and give it the keyboard."""
        pictures = Path(os.environ.get("PICTURES", self.folder / "pictures")).absolute()
        pictures.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, _WINDOW, str(self.folder / settings), str(pictures)]
        self._window = subprocess.Popen(
            [*command, self.size, os.environ.get("THEME", "dark"), *paths],
            env=self._environment,
            stdin=subprocess.PIPE,
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

    def _soon(self, word: str) -> list[str]:
        """The next line that begins so; nothing where it does not come within some seconds."""
        try:
            return self.until(lambda line: line[0] == word, 3)
        except AssertionError:
            return []

    def _ask(self, *words: str) -> None:
        self._window.stdin.write("\t".join(words) + "\n")
        self._window.stdin.flush()

    # Hands

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._xdotool("key", *keys)

    def picture(self, name: str) -> None:
        """Take a picture of all that is shown: nothing may be blank, and no label cut off.

        It is kept in ``PICTURES``, or with the test's other files.
        """
        self._ask("look", name)
        self.until(lambda line: line == ["looked", name])
        wrong = [line[2] for line in self.said if line[:2] == ["fault", name]]
        assert not wrong, "\n".join(wrong)

    def tab_to(self, name: str) -> None:
        """Go to what is called so, as somebody without a mouse does."""
        came_to: list[str] = []
        end = time.monotonic() + 30
        while time.monotonic() < end:
            self._ask("tabs")
            self.until(lambda line: line == ["tabs"])
            self.key("Tab")
            # None comes where a dialog has opened meanwhile.
            told = self._soon("tabbed")
            came_to += told[1:]
            if came_to and came_to[-1] == name:
                return
            if len(came_to) > _MOST_TABS:
                break
        raise AssertionError(f"Tab never came to {name}; it came to {came_to[-_MOST_TABS:]}")

    def type(self, text: str) -> None:
        """Type text, letter by letter."""
        self._xdotool("type", "--delay", "2", text)

    def click(self, name: str, times: int = 1) -> None:
        """Click what is called so: a button, a tab, a menu's entry, a row."""
        self._xdotool("mousemove", *self._where(name), "click", "--repeat", str(times), "1")

    def drag(self, name: str, onto: str) -> None:
        """Drag a row to where another one is, by its upper edge."""
        x, y = self._where(name)
        to_x, to_y = self._where(onto)
        self._xdotool("mousemove", x, y, "mousedown", "1")
        edge = int(to_y) - _EDGE
        # Away from where it was pressed, then there: it is told of each before the next.
        for at in (f"{int(x) + 20} {y}", f"{to_x} {edge + 1}", f"{to_x} {edge}"):
            self._xdotool("mousemove", *at.split())
            self._where(onto)
        self._xdotool("mouseup", "1")

    def _where(self, name: str) -> tuple[str, str]:
        """Where that is on the screen, once it is in sight."""
        for _ in range(100):
            self._ask("where", name)
            at = self.until(lambda line: line[:2] == ["at", name])
            if at[2:]:
                return at[2], at[3]
            time.sleep(0.1)
        raise AssertionError(f"{name} is nowhere in sight")

    def crash(self) -> None:
        """End the window's program at once, as if the power had gone; no turn was long before."""
        self._ask("turns")
        self._no_long_turn()
        self._window.kill()
        self._window.wait()
        self._listener.join()
        self._window.stdin.close()
        self._window.stdout.close()

    def ended(self) -> int:
        """Wait for the window's end; no turn of its GUI thread may have been long."""
        status = self._window.wait(timeout=60)
        self._no_long_turn()
        return status

    def _no_long_turn(self) -> None:
        self.until(lambda line: line[0] == "turns")
        long = [line[1].replace(" | ", "\n") for line in self.said if line[0] == "turn"]
        assert not long, "\n".join(long)
