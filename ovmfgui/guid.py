"""GUIDs and the names that edk2 and others give them."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.budgets import MOST_GUID_TABLE
from ovmfgui.resources import resource_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


_named: list[Path] = []
"""The file that somebody named, if anybody did."""


def own_table() -> Path:
    """Where a person's own names are looked for: guids.tsv in the configuration folder.

    Or the file that ``use_table`` was given.
    """
    from pathlib import Path

    return Path(_own_table())


def _own_table() -> str:
    if _named:
        return str(_named[0])
    home = os.environ.get("HOME", "/")
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(settings, "ovmfgui", "guids.tsv")


@cache
def guid_names() -> Mapping[UUID, str]:
    """The shipped table, resources/guids.tsv, and over it the person's own.

    A line is a GUID, a tab or a comma, and a name; what follows another tab is where that is from.
    Lines that are none are passed over.
    """
    return {**read_table(resource_text("guids.tsv")), **read_table(_own_text())}


def _own_text() -> str:
    """A person's own table as far as it is one; empty where there is none."""
    path = _own_table()
    try:
        if not os.path.isfile(path):
            return ""  # a pipe would be waited for
        with open(path, "rb") as file:
            return file.read(MOST_GUID_TABLE).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def use_table(path: Path | None) -> None:
    """Take a person's own names from another file; None: from where they lie by themselves."""
    _named[:] = [] if path is None else [path]
    guid_names.cache_clear()


def read_table(text: str) -> dict[UUID, str]:
    """The names in a table's text."""
    names: dict[UUID, str] = {}
    for line in text.splitlines():
        guid, name = (*re.split("[\t,]", line.strip()), "", "")[:2]
        if _GUID.fullmatch(guid) and name.strip():
            names[UUID(guid)] = name.strip()
    return names


def guid_name(guid: UUID | None) -> str:
    """The name of a GUID; empty where it has none."""
    return guid_names().get(guid, "") if guid is not None else ""
