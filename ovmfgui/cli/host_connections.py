"""What commands say and promise before they connect to a host."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ovmfgui.hosts.naming import is_uri

if TYPE_CHECKING:
    from collections.abc import Iterator


def announce(*hosts: str) -> None:
    """Say which connections need write access, and what for, before one is made."""
    for host in hosts:
        if is_uri(host):
            print(
                f"ovmfgui: connecting to {host} read-write: files are read through storage pools, "
                "which are removed afterwards; nothing else is changed",
                file=sys.stderr,
            )


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Within it a polite end (SIGTERM) removes what was made on the hosts, as Ctrl+C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
