"""Edits as steps that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.nvram.editor import Edit, FlashWrite


class EditCommand(QUndoCommand):
    """One edit of the variable store.

    It keeps the writes there and back, not the file before and after: ARM stores have 64 MiB.
    Everything that can go wrong has gone well before: the writes are known.
    """

    def __init__(
        self,
        edit: Edit,
        write: Callable[[tuple[FlashWrite, ...]], None],
    ) -> None:
        super().__init__(edit.title)
        self.writes = edit.writes
        self._reverts = edit.reverts
        self._write = write

    def redo(self) -> None:
        """Do the edit's flash writes."""
        self._write(self.writes)

    def undo(self) -> None:
        """Put back what was there before the edit."""
        self._write(self._reverts)
