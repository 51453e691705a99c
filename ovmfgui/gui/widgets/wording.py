"""Places, sizes and spaces in words, the same in every view."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.flash.image import Image


def size_text(size: int) -> str:
    """A size as people in the field write it: 4 KiB, 3.5 MiB, 72 bytes."""
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            value = size / unit
            return f"{value:.0f} {name}" if value == int(value) else f"{value:.1f} {name}"
    return "1 byte" if size == 1 else f"{size} bytes"


def space_title(image: Image, space: int) -> str:
    """A space's name for a selector: what it is, and which file."""
    if space < len(image.files):
        file = image.files[space]
        return f"{file.role.upper()} · {PurePath(file.path).name}"
    name = image.spaces[space].name
    for file in image.files:
        name = name.replace(file.path, PurePath(file.path).name)
    return name[:1].upper() + name[1:]
