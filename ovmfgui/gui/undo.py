"""Edits as steps that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.nvram.editor import Edit


class EditCommand(QUndoCommand):
    """One edit of the variable store; an ``Edit`` holds both sides, so nothing can fail here."""

    def __init__(self, edit: Edit, put: Callable[[bytes], None]) -> None:
        super().__init__(edit.title)
        self.edit = edit
        self._put = put

    def redo(self) -> None:
        """The bytes after the edit."""
        self._put(self.edit.after)

    def undo(self) -> None:
        """The bytes before it."""
        self._put(self.edit.before)
