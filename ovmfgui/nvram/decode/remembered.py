"""Decoded values, each worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram.decode import Decoded, decode

if TYPE_CHECKING:
    from ovmfgui.nvram.record import Record

_LIMIT = 4096


class Decoding:
    """Remembers what values mean: a table asks for the same ones again and again."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Decoded] = {}

    def of(self, record: Record, space: int = 0, *, reveal: bool = False) -> Decoded:
        """What a record's value means; secrets masked unless ``reveal``."""
        key = (record.key, record.data_span, record.data, space, reveal)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _LIMIT:
                self._known.clear()
            found = self._known[key] = decode(record, space=space, reveal=reveal)
        return found
