"""Names and notes that a person gives to bytes of a file, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass
from ovmfgui.refusal import Refused
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = 1
SIGNS = ("●", "▲", "■", "◆", "★", "✚")
"""Each stands for a colour too: they are told apart without it."""

MOST = 1000
"""Notes of a file."""

MOST_TEXT = 10_000
MOST_NAME = 200


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What was noted.

    Attributes:
        span: the bytes, by their offsets in the file.
        name: in a few words.
        text: more words; may have lines.
        sign: an index into ``SIGNS``.
    """

    span: Span
    name: str
    text: str = ""
    sign: int = 0


def notes_json(path: str, notes: Iterable[Note]) -> str:
    """Notes of a file as they are kept, and exported."""
    said = {
        "format": FORMAT,
        "path": path,
        "notes": [
            {
                "offset": note.span.start,
                "size": note.span.size,
                "name": note.name,
                "note": note.text,
                "sign": SIGNS[note.sign],
            }
            for note in notes
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def notes_of(data: bytes) -> tuple[Note, ...]:
    """The notes that such JSON holds, ascending.

    Raises:
        Refused: it is something else.
    """
    try:
        said = json.loads(data)
        if said["format"] != FORMAT or len(said["notes"]) > MOST:
            raise ValueError
        return tuple(sorted(map(_note, said["notes"])))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        msg = f"these are no notes of ovmfgui (format {FORMAT}, at most {MOST:,} of them)"
        raise Refused(msg) from error


def _note(said: Any) -> Note:
    offset, size = said["offset"], said["size"]
    name, text = said["name"], said.get("note", "")
    numbers = type(offset) is int and type(size) is int and size > 0 and offset + size < 1 << 63
    words = isinstance(name, str) and isinstance(text, str)
    if not numbers or not words:
        raise ValueError
    return Note(Span(offset, size), name[:MOST_NAME], text[:MOST_TEXT], SIGNS.index(said["sign"]))
