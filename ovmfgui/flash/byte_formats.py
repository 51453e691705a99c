"""Bytes as text for the clipboard."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from uuid import UUID

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
        size: how many bytes it takes; any number where None.
    """

    id: str
    title: str
    text: Callable[[bytes], str]
    size: int | None = None

    def takes(self, size: int) -> bool:
        """Whether so many bytes can be written like this."""
        return 0 < size <= LARGEST_COPY and self.size in (None, size)


def _lines(items: list[str], per_line: int, separator: str, indent: str) -> str:
    rows = (items[i : i + per_line] for i in range(0, len(items), per_line))
    return "\n".join(indent + separator.join(row) for row in rows)


def _hex(data: bytes) -> str:
    return data.hex(" ")


def _hex_string(data: bytes) -> str:
    return data.hex()


def _hex_numbers(data: bytes) -> str:
    return _lines([f"0x{byte:02X}" for byte in data], 16, ", ", "").replace("\n", ",\n")


def _json(data: bytes) -> str:
    return json.dumps(list(data))


def _guid(data: bytes) -> str:
    """As EFI_GUID stores it: the first three parts lie little endian."""
    return str(UUID(bytes_le=data))


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
    ByteFormat("hex-numbers", "Hex with 0x", _hex_numbers),
    ByteFormat("c-array", "C array", _c_array),
    ByteFormat("python", "Python bytes", _python),
    ByteFormat("json", "JSON array", _json),
    ByteFormat("base64", "Base64", _base64),
    ByteFormat("guid", "GUID", _guid, 16),
)


def byte_format(format_id: str) -> ByteFormat:
    """The format of this id; KeyError where there is none."""
    for candidate in BYTE_FORMATS:
        if candidate.id == format_id:
            return candidate
    raise KeyError(format_id)
