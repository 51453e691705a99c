"""The serial console of a guest: what its firmware prints, and what is typed to it."""

from __future__ import annotations

import re
import select
import time
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_CONSOLE

if TYPE_CHECKING:
    import socket

_ESCAPES = re.compile(rb"\x1b\[[0-9;=?]*[A-Za-z]")


class Console:
    """A guest's serial port on a connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        """Listen in from now on."""
        self._socket = connection
        self._raw = b""

    @property
    def text(self) -> str:
        """What came since the last ``type``, without the terminal's control sequences."""
        return _ESCAPES.sub(b"", self._raw).decode("latin-1")

    def forget(self) -> None:
        """Drop what came so far."""
        while self._listen(0.0):
            pass
        self._raw = b""

    def type(self, keys: str) -> None:
        """Press keys; what was printed before is forgotten."""
        self.forget()
        self._socket.sendall(keys.encode("latin-1"))

    def wait_for(self, words: re.Pattern[str], patience: float) -> str | None:
        """Listen until ``words`` come; what was matched, or None where they don't in time.

        Args:
            words: looked for in all that came since the last ``type``.
            patience: in seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            found = words.search(self.text)
            if found is not None:
                return found[0]
            left = deadline - time.monotonic()
            if left <= 0 or not self._listen(min(left, 1.0), ended=True):
                return None

    def _listen(self, seconds: float, *, ended: bool = False) -> bool:
        """Take in what comes; ``ended`` asks for whether the guest is still there instead."""
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if not ready:
            return ended
        part = self._socket.recv(1 << 16)
        self._raw = (self._raw + part)[-MOST_CONSOLE:]
        return bool(part)
