"""The one way to the files that are shipped with the program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_folder() -> Path:
    """Where the shipped files lie: inside an installed package, beside it in a checkout."""
    packaged = _PACKAGE / "resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources"


def resource_path(name: str) -> Path:
    """The path of a shipped file; ``name`` is relative to resources/, with forward slashes."""
    return resource_folder() / name


def resource_text(name: str) -> str:
    """A shipped file's text, UTF-8."""
    return resource_path(name).read_text(encoding="utf-8")
