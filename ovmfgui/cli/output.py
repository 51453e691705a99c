"""Standard output that may be closed, full or unable to show a sign."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO, TYPE_CHECKING, Any, cast

from ovmfgui.budgets import MOST_TEXT
from ovmfgui.wording import one_line, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutputFailed(Exception):
    """The answer could not be written; the message says why, in the system's words."""


class _Shown:
    """A stream on which a person reads: what would not be seen is escaped."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return int(self._stream.write(visible(text)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Checked:
    """A stream whose own errors are told apart from those of the files that a command uses."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str | bytes) -> int:
        if isinstance(text, str):
            text = visible(text)
        try:
            return int(self._stream.write(text))
        except OSError as error:
            raise _told(error) from error

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise _told(error) from error

    @property
    def buffer(self) -> _Checked:
        return _Checked(self._stream.buffer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _told(error: OSError) -> Exception:
    """What an error of the stream means: its reader has gone, or it cannot be written."""
    if isinstance(error, BrokenPipeError):
        return error
    return OutputFailed(error.strerror or str(error))


@contextlib.contextmanager
def checked_output() -> Iterator[None]:
    """While it lasts, what cannot be written raises; signs that cannot be shown are escaped.

    Raises:
        OutputFailed: standard output is closed, or its disk is full.
        BrokenPipeError: whoever read it has gone.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (to the end)
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    checked = _Checked(sys.stdout)
    shown = cast("IO[str]", _Shown(sys.stderr))
    with contextlib.redirect_stdout(cast("IO[str]", checked)), contextlib.redirect_stderr(shown):
        yield
        checked.flush()
    if closed:
        msg = "it is closed"
        raise OutputFailed(msg)


def complain(text: str) -> None:
    """One line on standard error, whatever words are in it; unheard where that is closed."""
    with contextlib.suppress(OSError, ValueError):
        print(f"ovmfgui: {one_line(shortened(text, MOST_TEXT))}", file=sys.stderr)


def let_go() -> None:
    """Python writes what is left once more at exit; nobody wants it any more."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
