"""What hosts are called: a libvirt URI, or a folder of their files."""

from __future__ import annotations

import re
from pathlib import Path

_URI = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
THIS_HOST = "qemu:///system"
"""libvirt's QEMU driver on this machine."""

DESCRIPTION = "host.json"
"""In a collected folder: what files cannot tell."""


def is_uri(name: str) -> bool:
    """Whether a host is to be asked through libvirt; anything else is a folder."""
    return _URI.match(name) is not None


def short_name(name: str) -> str:
    """A URI as it is, a folder by its own name."""
    return name if is_uri(name) else Path(name).name or name


def is_there(name: str) -> bool:
    """Whether a host can still be looked at: nobody asks a URI before somebody wants it."""
    try:
        return is_uri(name) or Path(name).is_dir()
    except OSError:
        return False


def has_in_it(folder: str | Path, name: str) -> bool:
    """Whether this lies in a folder; not where that may not be looked into.

    Python before 3.14 raises of a folder without permission to search it.
    """
    try:
        return Path(folder, name).exists()
    except OSError:
        return False
