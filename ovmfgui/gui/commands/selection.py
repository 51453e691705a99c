"""What is selected: copied, left for what is around or inside it, gone back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.gui.document.selection_history import SelectionHistory

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench


class SelectionCommands:
    """Moves the document's selection and copies what is in it."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._history = history = SelectionHistory(workbench.document)
        history.changed.connect(workbench.actions.update)
        workbench.actions.bind(
            {
                "copy-bytes": self._copy_bytes,
                "copy-offset": self._copy_offset,
                "parent": self._select_parent,
                "child": self._select_child,
                "back": history.back,
                "forward": history.forward,
            },
            {
                "selected": lambda: self._document.selection is not None,
                "can-go-back": lambda: history.can_go_back,
                "can-go-forward": lambda: history.can_go_forward,
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def _copy_bytes(self) -> None:
        image, place = self._document.image, self._document.selection
        if image is not None and place is not None:
            wrong = self._workbench.copying.copy(image.bytes_at(place))
            if wrong:
                self._workbench.refuse(wrong)

    def _copy_offset(self) -> None:
        place = self._document.selection
        if place is not None:
            QGuiApplication.clipboard().setText(f"0x{place.span.start:X}")

    def _select_parent(self) -> None:
        place = self._document.selection
        around = [r.place for r in self._document.path_at(place) if r.place != place]
        if around:
            self._document.select(around[-1])

    def _select_child(self) -> None:
        path = self._document.path_at(self._document.selection)
        if path and path[-1].children:
            self._document.select(path[-1].children[0].place)
