"""What was played is a document: it is opened, comes to the front, and goes on at its step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ovmfgui.gui.keeping import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.views.migration.player import Player
    from ovmfgui.migration.recorded.prepared import Prepared


class InFront(QObject):
    """Follows the documents for the migration view.

    Args:
        document: what is open.
        player: where the step is that is shown.
        parent: who owns this.

    Attributes:
        shown: what the view shows; None for the index of what can be played.

    Signals:
        wanted: the ``Prepared`` that the view is to show; None for the index.
    """

    wanted = Signal(object)

    def __init__(self, document: Document, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._player = player
        self.shown: Prepared | None = None
        # Before it is told that something has returned, and at which step.
        document.inspection_changed.connect(self.follow)

    def open(self, prepared: Prepared) -> None:
        """Open what was played; the chips of a recording are in all other views too."""
        self.wanted.emit(prepared)
        chips = prepared.chips
        if chips:
            self._document.open_made(prepared.replay.scenario.title, lambda: chips, prepared)
        else:
            self._document.show_played(prepared)

    def follow(self) -> None:
        """Show what is in front, where that was played."""
        played = self._document.played
        if played is not self.shown:
            self.wanted.emit(played)

    @property
    def heading(self) -> str:
        """What is shown, where that is not in front yet."""
        there = self.shown is None or self.shown is self._document.played
        return "" if there or self.shown is None else self.shown.replay.scenario.title

    def keep(self) -> dict[str, Any]:
        """The step that is shown."""
        return {"step": self._player.current} if self.shown is not None else {}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """The step that was shown as something else came to the front."""
        if self.shown is not None and "step" in kept:
            self._player.timeline.go(number_of(kept, "step"))
