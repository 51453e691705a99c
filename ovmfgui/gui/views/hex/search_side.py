"""Looking for bytes in those that are shown, or everywhere: the bar, its matches and their list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ovmfgui.flash.search import Notation, needle
from ovmfgui.gui.views.hex.found_pane import FoundPane
from ovmfgui.gui.widgets.byte_finder import ByteFinder
from ovmfgui.gui.widgets.find_bar import FindBar
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.views.hex.minimap_side import MinimapSide
    from ovmfgui.gui.widgets.hex_grid import HexGrid
    from ovmfgui.gui.workbench import Workbench


class SearchSide(QWidget):
    """Marks matches in the grid and its minimap, and goes from one to the next.

    Args:
        workbench: whose document is searched.
        grid: the bytes that are shown.
        minimap: beside them.
        space: the number of what is shown.
        parent: where it stands.
    """

    def __init__(
        self,
        workbench: Workbench,
        grid: HexGrid,
        minimap: MinimapSide,
        space: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = workbench.document
        self._grid, self._minimap, self._space = grid, minimap, space
        self.find_bar = FindBar(self)
        self.finder = ByteFinder(self)
        self.found = FoundPane(workbench, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.found)
        self.find_bar.hide()
        self.find_bar.edited.connect(self._on_find_edited)
        self.find_bar.stepped.connect(self.step_match)
        self.find_bar.closed.connect(self.hide_find)
        self.find_bar.everywhere.connect(self.find_everywhere)
        self.found.chosen.connect(self._document.select)
        self.finder.progressed.connect(self._on_progress)

    def show_find(self) -> None:
        """Open the find bar."""
        self.find_bar.show()
        self.find_bar.begin()
        self.restart()

    def hide_find(self) -> None:
        """Close the find bar."""
        self.find_bar.hide()
        self.found.close_list()
        self.finder.stop()
        self._grid.set_found(())
        self._minimap.mark(found=())
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_everywhere(self) -> None:
        """List every place where it is, in all files and unpacked bodies."""
        try:
            wanted = needle(self.find_bar.notation, self.find_bar.text)
        except Refused as refusal:
            self.find_bar.tell(str(refusal), wrong=True)
            return
        self.found.look_for(wanted, f"“{self.find_bar.text}”")

    def step_found(self, by: int) -> bool:
        """Go on to another match; whether the find bar is open, so that there may be some."""
        if self.find_bar.isHidden():
            return False
        self.step_match(by)
        return True

    def step_match(self, direction: int) -> None:
        """Select the next match, or the one before, going round at the end."""
        if self.find_bar.isHidden():
            self.show_find()
            return
        here = self._grid.selection.start if self._grid.selection is not None else -1
        found = self.finder.after(here) if direction > 0 else self.finder.before(here)
        if found is not None:
            self._document.select(Place(self._space(), found))
            self._tell_matches()

    def restart(self) -> None:
        """Search the bytes that are shown now, where the find bar is open."""
        if not self.find_bar.isHidden():
            self._on_find_edited(self.find_bar.notation, self.find_bar.text)

    def _on_find_edited(self, notation: Notation, text: str) -> None:
        self.finder.stop()
        self._grid.set_found(())
        self._minimap.mark(found=())
        if not text:
            self.find_bar.tell("")
            return
        try:
            wanted = needle(notation, text)
        except Refused as refusal:
            self.find_bar.tell(str(refusal), wrong=True)
            return
        self.finder.start(self._grid.data, wanted)

    def _on_progress(self) -> None:
        if not self.finder.running:
            found = self.finder.spans()
            self._grid.set_found(found)
            self._minimap.mark(found=found)
        self._tell_matches()

    def _tell_matches(self) -> None:
        count = f"{self.finder.count:,}" + (" or more" if self.finder.full else "")
        number = self.finder.number(self._grid.selection)
        if self.finder.running:
            self.find_bar.tell(f"{count} so far …")
        elif not self.finder.count:
            self.find_bar.tell("not found", wrong=True)
        else:
            self.find_bar.tell(f"{number:,} of {count}" if number else f"{count} found")
