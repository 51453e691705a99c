"""How long work tells of its progress, and how it is stopped: one protocol for every layer."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """Raised by a report once the work is not wanted any more."""


class Report(Protocol):
    """What a worker calls as it goes; it may raise ``Cancelled``."""

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """``done`` of ``total`` steps or bytes; ``total`` 0 where it is not known."""


def silent(done: int, total: int, text: str = "") -> None:
    """A report for those whom nobody watches."""
