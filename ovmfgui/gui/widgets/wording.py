"""Places, sizes and spaces in words, the same in every view."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.flash.image import Image
    from ovmfgui.span import Span


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


def selection_text(data: bytes, span: Span | None, what: str) -> str:
    """Selected bytes in one sentence; ``what`` is what the first of them is."""
    if span is None:
        return f"{len(data):,} bytes, none selected"
    some = span.of(data)[:16].hex(" ")
    more = " and more" if span.size > 16 else ""
    plural = "byte" if span.size == 1 else "bytes"
    text = f"{span.size:,} {plural} at 0x{span.start:X}: {some}{more}"
    return f"{text}; {what}" if what else text
