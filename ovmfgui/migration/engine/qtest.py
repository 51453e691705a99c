"""QEMU's qtest protocol: accesses to guest memory from outside, as a processor makes them.

The protocol works with any accelerator (``-qtest``); each line is answered with ``OK`` and what was
read (softmmu/qtest.c).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Sequence

_WIDTHS = {1: "b", 2: "w", 4: "l"}

_AT_ONCE = 256
"""Lines sent before the answers are read: fewer than fill a socket's buffer."""


class QtestClosed(Exception):
    """QEMU went away instead of answering, or answered that it cannot."""


class Qtest:
    """A connection to a QEMU's qtest socket, for accesses to guest memory."""

    def __init__(self, connection: socket.socket) -> None:
        """Use a connected socket that has a timeout."""
        self._socket = connection
        self._answers = connection.makefile("rb")

    def write(self, writes: Iterable[tuple[int, int, int]]) -> None:
        """Write: guest address, value and width in bytes, one access each, in order."""
        self.run([f"write{_WIDTHS[w]} 0x{address:x} 0x{value:x}" for address, value, w in writes])

    def run(self, lines: Sequence[str]) -> list[str]:
        """Answers to commands, without their ``OK``.

        Raises:
            QtestClosed: QEMU has gone, or refuses a command.
        """
        answers: list[str] = []
        try:
            for start in range(0, len(lines), _AT_ONCE):
                part = lines[start : start + _AT_ONCE]
                self._socket.sendall("".join(f"{line}\n" for line in part).encode())
                answers.extend(self._answer() for _line in part)
        except OSError as error:
            raise QtestClosed(str(error)) from error
        return answers

    def _answer(self) -> str:
        while True:
            word, _, rest = self._answers.readline().decode("ascii", "replace").partition(" ")
            if word.strip() == "OK":
                return rest.strip()
            if word != "IRQ":
                raise QtestClosed(f"{word} {rest}".strip() or "the connection has ended")

    def close(self) -> None:
        """Close the connection; QEMU goes on."""
        self._answers.close()
        self._socket.close()
