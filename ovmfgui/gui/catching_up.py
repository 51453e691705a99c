"""A view that reads the document anew only once somebody looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from ovmfgui.gui.workbench import Workbench


class CatchingUp(QWidget):
    """Stale as soon as the document is another one; ``refresh`` is called when that is seen.

    A class that derives from this ends its building with ``follow_document``.
    """

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = workbench.document
        self._stale = True

    def follow_document(self) -> None:
        """Show what is open, and from now on what comes after it."""
        self._document.inspection_changed.connect(self._on_inspection)
        self._catch_up()

    @property
    def stale(self) -> bool:
        """Whether what is shown is not what is open: no selection can be followed in it."""
        return self._stale

    def refresh(self) -> None:
        """Show what is open."""
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of what is shown while nobody sees it; it is shown anew before somebody does."""

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the view was hidden."""
        super().showEvent(event)
        if self._stale:
            self._catch_up()

    def _on_inspection(self) -> None:
        self._stale = True
        if self.isVisible():
            self._catch_up()
        else:
            self.forget()

    def _catch_up(self) -> None:
        self._stale = False
        self.refresh()
