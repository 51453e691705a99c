"""The one way to the files that are shipped with the program."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def resource_folder() -> Path:
    """Where the shipped files lie: inside an installed package, beside it in a checkout."""
    from pathlib import Path

    return Path(_folder())


def _folder() -> str:
    packaged = os.path.join(_PACKAGE, "resources")
    return packaged if os.path.isdir(packaged) else f"{os.path.dirname(_PACKAGE)}/resources"


def resource_path(name: str) -> Path:
    """The path of a shipped file; ``name`` is relative to resources/, with forward slashes."""
    return resource_folder() / name


def resource_text(name: str) -> str:
    """A shipped file's text, UTF-8."""
    with open(os.path.join(_folder(), name), encoding="utf-8") as file:
        return file.read()
