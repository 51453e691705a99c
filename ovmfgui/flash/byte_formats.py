"""Bytes as text for the clipboard."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_COPY = 4 << 20
"""Bytes; beyond that a clipboard serves nobody, and a file does."""


@dataclass(frozen=True, slots=True)
class ByteFormat:
    """One way to write bytes as text.

    Attributes:
        id: stable, kebab-case.
        title: as a menu shows it.
        text: writes them.
    """

    id: str
    title: str
    text: Callable[[bytes], str]


def _lines(items: list[str], per_line: int, separator: str, indent: str) -> str:
    rows = (items[i : i + per_line] for i in range(0, len(items), per_line))
    return "\n".join(indent + separator.join(row) for row in rows)


def _hex(data: bytes) -> str:
    return data.hex(" ")


def _hex_string(data: bytes) -> str:
    return data.hex()


def _c_array(data: bytes) -> str:
    items = [f"0x{byte:02X}," for byte in data]
    return f"const unsigned char bytes[{len(data)}] = {{\n{_lines(items, 12, ' ', '  ')}\n}};\n"


def _python(data: bytes) -> str:
    rows = [data[i : i + 16] for i in range(0, len(data), 16)] or [b""]
    literals = ['b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"' for row in rows]
    if len(literals) == 1:
        return literals[0]
    return "(\n" + "\n".join("    " + literal for literal in literals) + "\n)"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


BYTE_FORMATS = (
    ByteFormat("hex", "Hex bytes", _hex),
    ByteFormat("hex-string", "Hex string", _hex_string),
    ByteFormat("c-array", "C array", _c_array),
    ByteFormat("python", "Python bytes", _python),
    ByteFormat("base64", "Base64", _base64),
)


def byte_format(format_id: str) -> ByteFormat:
    """The format of this id; KeyError where there is none."""
    for candidate in BYTE_FORMATS:
        if candidate.id == format_id:
            return candidate
    raise KeyError(format_id)
