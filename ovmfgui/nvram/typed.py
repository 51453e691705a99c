"""Bytes as people type them: as hex, or as text in one of the encodings that variables have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

ENCODINGS: Mapping[str, tuple[str, bytes]] = {
    "UCS-2 with NUL": ("utf-16-le", b"\0\0"),
    "UCS-2": ("utf-16-le", b""),
    "ASCII with NUL": ("ascii", b"\0"),
    "UTF-8": ("utf-8", b""),
}
"""How text becomes bytes: the codec, and what ends it."""


def hex_rows(data: bytes, across: int = 16) -> str:
    """Bytes as people type them, so many a row."""
    rows = range(0, len(data), across)
    return "\n".join(data[at : at + across].hex(" ").upper() for at in rows)


def bytes_of_hex(text: str) -> bytes:
    """Bytes of hexadecimal text; blanks, commas, colons and ``0x`` do not matter.

    Raises:
        Refused: something else is in it, or a digit is missing.
    """
    plain = re.sub(r"0[xX]|[\s,:;]", "", text)
    wrong = re.search(r"[^0-9A-Fa-f]", plain)
    if wrong is not None:
        msg = f"“{wrong.group()}” is no hexadecimal digit."
        raise Refused(msg)
    if len(plain) % 2:
        msg = "There is half a byte too much: hexadecimal digits come in pairs."
        raise Refused(msg)
    return bytes.fromhex(plain)


def bytes_of_text(text: str, encoding: str) -> bytes:
    """Bytes of text in one of ``ENCODINGS``.

    Raises:
        Refused: a character has no place in it.
    """
    codec, end = ENCODINGS[encoding]
    try:
        return text.encode(codec) + end if text else b""
    except UnicodeEncodeError as error:
        msg = f"“{text[error.start]}” cannot be written as {encoding}."
        raise Refused(msg) from error


def text_of_bytes(data: bytes) -> tuple[str, str] | None:
    """The text that a value holds and its encoding; None where it holds none."""
    for encoding, (codec, end) in ENCODINGS.items():
        body = data[: len(data) - len(end)]
        if not body or data[len(body) :] != end:
            continue
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.isascii() and text.isprintable() and text.encode(codec) == body:
            return text, encoding
    return None
