"""Where the selection has been: back and forward, as in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.span import Place

_LIMIT = 500


class SelectionHistory(QObject):
    """Records where the selection of what is in front has been, and brings it back there.

    Signals:
        changed: there is another way to go now.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._moving = False
        document.selection_changed.connect(self._on_selection)
        document.presented.connect(self.changed)
        document.returned.connect(self.changed)

    @property
    def can_go_back(self) -> bool:
        """Whether something was selected before."""
        return self._document.front.been[1] > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether something was selected after."""
        places, at = self._document.front.been
        return at < len(places) - 1

    def back(self) -> None:
        """Select what was selected before."""
        self._go(-1)

    def forward(self) -> None:
        """Select what was selected after."""
        self._go(1)

    def _go(self, step: int) -> None:
        places, at = self._document.front.been
        to = at + step
        if not 0 <= to < len(places):
            return
        self._document.front.been = (places, to)
        self._moving = True
        try:
            self._document.select(places[to])
        finally:
            self._moving = False
        self.changed.emit()

    def _on_selection(self, place: Place | None) -> None:
        places, at = self._document.front.been
        # What comes back to the front has its selection from before.
        here = places[at] if places else None
        if self._moving or place is None or place == here:
            return
        places = [*places[: at + 1], place][-_LIMIT:]
        self._document.front.been = (places, len(places) - 1)
        self.changed.emit()
