"""Several edits as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram.edit import Edit, FlashWrite, text_change
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.json_editor import editor_of

if TYPE_CHECKING:
    from ovmfgui.nvram.limits import Limits


class Batch:
    """Edits one after the other that become one; only the volume is copied at each step.

    Files may be 64 MiB. ``editor`` makes the next edit, from where the last one ended.
    """

    def __init__(
        self,
        data: bytes,
        generation: Generation = Generation.NEW,
        limits: Limits | None = None,
        compact: bool = False,
    ) -> None:
        first = editor_of(data, generation, limits=limits)
        volume = first.store.volume
        self.whole = data
        self.end = len(data) if volume is None else volume.span.end
        self.generation, self.limits, self.compact = generation, first.limits, compact
        self.editor = self._editor(data[: self.end])
        self.writes: list[FlashWrite] = []

    def _editor(self, data: bytes) -> Editor:
        return editor_of(data, self.generation, limits=self.limits, compact=self.compact)

    def add(self, edit: Edit) -> bool:
        """Take an edit in; whether it wrote anything."""
        if edit.writes:
            self.writes.extend(edit.writes)
            self.editor = self._editor(edit.after)
        return bool(edit.writes)

    def edit(self, title: str) -> Edit:
        """All of them as one."""
        if self.editor.store.json is not None:
            changed = text_change(self.whole, self.editor.data, title)
            return Edit.of_writes(title, self.whole, changed)
        return Edit.of_writes(title, self.whole, tuple(self.writes))
