"""Where the selection has been: back and forward, as in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.span import Place

_LIMIT = 500


class SelectionHistory(QObject):
    """Records the document's selections and brings them back.

    Signals:
        changed: there is another way to go now.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._places: list[Place] = []
        self._at = -1
        self._moving = False
        document.selection_changed.connect(self._on_selection)
        document.presented.connect(self.clear)

    @property
    def can_go_back(self) -> bool:
        """Whether something was selected before."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether something was selected after."""
        return self._at < len(self._places) - 1

    def back(self) -> None:
        """Select what was selected before."""
        self._go(-1)

    def forward(self) -> None:
        """Select what was selected after."""
        self._go(1)

    def clear(self) -> None:
        """Forget everything: another image is open."""
        self._places, self._at = [], -1
        self.changed.emit()

    def _go(self, step: int) -> None:
        to = self._at + step
        if not 0 <= to < len(self._places):
            return
        self._at, self._moving = to, True
        try:
            self._document.select(self._places[to])
        finally:
            self._moving = False
        self.changed.emit()

    def _on_selection(self, place: Place | None) -> None:
        if self._moving or place is None:
            return
        self._places = [*self._places[: self._at + 1], place][-_LIMIT:]
        self._at = len(self._places) - 1
        self.changed.emit()
