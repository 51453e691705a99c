"""Several edits as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram.edit import Edit, FlashWrite, text_change
from ovmfgui.nvram.editor import Generation
from ovmfgui.nvram.json_editor import editor_of

if TYPE_CHECKING:
    from ovmfgui.nvram.limits import Limits


class Batch:
    """Edits one after the other that become one.

    Files may be 64 MiB: what is worked on is the volume. ``editor`` makes the next edit, from where
    the last one ended.
    """

    def __init__(
        self,
        data: bytes,
        generation: Generation = Generation.NEW,
        limits: Limits | None = None,
        compact: bool = False,
    ) -> None:
        first = editor_of(data, generation, limits=limits, compact=compact)
        volume = first.store.volume
        end = len(data) if volume is None else volume.span.end
        self.whole = data
        self.editor = (
            first
            if end == len(data)
            else editor_of(data[:end], generation, limits=first.limits, compact=compact)
        )
        self.writes: list[FlashWrite] = []

    def add(self, edit: Edit) -> bool:
        """Take an edit in; whether it wrote anything."""
        self.writes.extend(edit.writes)
        self.editor.go_on(edit)
        return bool(edit.writes)

    def edit(self, title: str) -> Edit:
        """All of them as one."""
        if self.editor.store.json is not None:
            changed = text_change(self.whole, self.editor.data, title)
            return Edit.of_writes(title, self.whole, changed)
        return Edit.of_writes(title, self.whole, tuple(self.writes))
