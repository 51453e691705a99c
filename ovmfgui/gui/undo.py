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
        put: Callable[[bytes], None],
    ) -> None:
        super().__init__(edit.title)
        self.writes = edit.writes
        self._reverts = edit.reverts
        self._write, self._put = write, put
        self._after: bytes | None = edit.after

    def redo(self) -> None:
        """What the edit made at first, its writes from then on."""
        if self._after is not None:
            self._put(self._after)
            self._after = None
        else:
            self._write(self.writes)

    def undo(self) -> None:
        """What was there before."""
        self._write(self._reverts)
