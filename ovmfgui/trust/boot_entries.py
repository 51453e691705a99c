"""The loaders that a store's boot entries name, in the order in which firmware tries them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.decode.device_path import parse_device_path
from ovmfgui.nvram.decode.options import ACTIVE, split_load_option
from ovmfgui.nvram.vendors import GLOBAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    Variables = Mapping[tuple[UUID, str], bytes]

_FILE = re.compile(r"\\[^/,()]*\.efi\Z", re.IGNORECASE)


class LoaderEntry(NamedTuple):
    """An active boot entry that names a file: its variable, and the path with slashes."""

    name: str
    path: str


def loader_entries(variables: Variables) -> Iterator[LoaderEntry]:
    """BootNext's entry, then those of BootOrder; entries that name no file are left out."""
    order = variables.get((GLOBAL, "BootNext"), b"")[:2] + variables.get((GLOBAL, "BootOrder"), b"")
    numbers = [int.from_bytes(order[at : at + 2], "little") for at in range(0, len(order) & ~1, 2)]
    for number in dict.fromkeys(numbers):
        name = f"Boot{number:04X}"
        path = _path(variables.get((GLOBAL, name), b""))
        if path:
            yield LoaderEntry(name, path)


def _path(option: bytes) -> str:
    """The file that an active load option names; empty where it names none."""
    try:
        attributes, _description, start, end = split_load_option(option)
    except Undecodable:
        return ""
    found = _FILE.search(parse_device_path(option[start:end]).text)
    return found[0].replace("\\", "/") if found and attributes & ACTIVE else ""
