"""Drafts that are in no file are changes of their documents: marked, saved and asked about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ovmfgui.gui.document.opened import Pending

if TYPE_CHECKING:
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.views.migration.side import Side
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.scenario.draft import Draft


class Drafts(QObject):
    """Keeps the documents' marks; what no document stands for is unfinished work of the window.

    Args:
        workbench: whose documents they are.
        side: where scenarios are edited.
        parent: who owns this.
    """

    def __init__(self, workbench: Workbench, side: Side, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._side = workbench.document, side
        side.drafts_changed.connect(self._follow)
        # One change more or less, and there is something to undo or nothing left.
        side.drafts_changed.connect(workbench.heading_changed)
        workbench.undoing = self
        workbench.document.presented.connect(self._follow)
        workbench.unfinished.append(self._without_document)

    @property
    def can_undo(self) -> bool:
        """Whether the scenario that is in front has been changed in the editor."""
        editor, path = self._side.editor, _path_of(self._document.front)
        return editor is not None and bool(path) and path == editor.draft.path and editor.can_undo

    def undo(self) -> None:
        """Take its last change back."""
        if self._side.editor is not None:
            self._side.editor.undo()

    def _unsaved(self) -> dict[str, Draft]:
        editor = self._side.editor
        return {} if editor is None else {draft.path: draft for draft in editor.unsaved}

    def _follow(self) -> None:
        unsaved, turned = self._unsaved(), False
        for opened in self._document.all_open:
            draft = unsaved.get(_path_of(opened))
            if (draft is None) is not (opened.pending is None):
                opened.pending = None if draft is None else self._pending(draft)
                turned = True
        self._document.pending_changed.emit()
        if turned:
            self._document.edits_changed.emit()

    def _pending(self, draft: Draft) -> Pending:
        editor, path = self._side.editor, draft.path
        assert editor is not None
        return Pending(
            f"the scenario {draft.name}",
            partial(editor.save, path),
            partial(editor.save_as, path),
            partial(editor.forget, path),
            partial(editor.text_of, path),
        )

    def _without_document(self) -> tuple[str, ...]:
        """Those that could not be played: nothing stands open for them."""
        held = {_path_of(opened) for opened in self._document.all_open}
        return tuple(
            f"the scenario {draft.name}"
            for path, draft in self._unsaved().items()
            if path not in held
        )


def _path_of(opened: Opened) -> str:
    """Of the scenario that it is; empty of anything else."""
    played = opened.played
    return "" if played is None or played.aside is not None else played.replay.scenario.path
