"""The bytes of every file and unpacked body, with what they mean, a search and a go-to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.byte_meaning import describe, marks_of
from ovmfgui.flash.difference import differing
from ovmfgui.flash.notes import SIGNS
from ovmfgui.flash.search import Notation
from ovmfgui.gui.catching_up import CatchingUp
from ovmfgui.gui.document.settings import OFFSETS, PER_ROW
from ovmfgui.gui.keeping import number_of
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.views.hex.minimap_side import MinimapSide
from ovmfgui.gui.views.hex.search_side import SearchSide
from ovmfgui.gui.views.hex.top_bar import HexTopBar
from ovmfgui.gui.widgets.byte_inspector import ByteInspector
from ovmfgui.gui.widgets.byte_readings import REACH
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.hex_grid import HexGrid
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_painting import HexNote
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.gui.widgets.offset_base import offset_base
from ovmfgui.span import Place, Span
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from ovmfgui.flash.image import Image
    from ovmfgui.gui.workbench import Workbench

_ROOMY = 100 * theme.GRID
"""The height from which on there is room for the legend and every reading."""


class HexView(CatchingUp):
    """Follows the document's selection and sets it."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, parent)
        document = workbench.document
        self._workbench = workbench
        self.bar = HexTopBar(workbench.settings, self)
        workbench.actions.keys_changed.connect(self._show_key)
        self._show_key()
        self.spaces, self.target = self.bar.spaces, self.bar.target
        self.grid = HexGrid(self)
        self.grid.copying = workbench.copying
        self.inspector = ByteInspector(self)
        self.legend = Legend(self, soft=True)
        self.minimap = MinimapSide(workbench, self.grid, self)
        self.search = SearchSide(workbench, self.grid, self.minimap, lambda: self.space, self)
        self.find_bar, self.finder = self.search.find_bar, self.search.finder
        self.found = self.search.found
        self._build()
        self.grid.set_describe(self._describe)
        self.grid.selected.connect(self._on_selected)
        self.grid.asked.connect(self._on_asked)
        self.bar.space_chosen.connect(self._on_space)
        self.bar.asked.connect(lambda text: self.bar.tell(self.go_to(text)))
        self.bar.rows_chosen.connect(self.grid.set_bytes_per_row)
        self.bar.base_chosen.connect(self.grid.set_offset_base)
        self.bar.find_wanted.connect(self.show_find)
        self.found.shown_or_hidden.connect(self._make_room)
        document.selection_changed.connect(self._on_selection)
        self.keeping = self
        workbench.notes.changed.connect(self._show_notes)
        self.follow_document()

    # Building

    def _show_key(self) -> None:
        tip = self._workbench.actions.tip_with_key("Look for bytes, text or a GUID", "filter")
        self.bar.find_button.setToolTip(plain_tip(tip))

    def _build(self) -> None:
        settings = self._workbench.settings
        self.grid.set_offset_base(offset_base(str(settings.get(OFFSETS))))
        self.grid.set_bytes_per_row(int(settings.get(PER_ROW)))
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.grid, 1)
        beside.addWidget(self.minimap)
        column.addWidget(self.bar)
        column.addLayout(beside, 1)
        column.addWidget(self.legend)
        column.addWidget(self.search)
        column.addWidget(self.inspector)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_label("Nothing is open, so there are no bytes to show.", self))
        self._stack.addWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low view the bytes come first."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        roomy = self.height() >= _ROOMY and self.found.isHidden()
        self.legend.setVisible(roomy)
        self.inspector.fold(not roomy)

    # Following the document

    def keep(self) -> dict[str, Any]:
        """Whose bytes, and how far down they are."""
        return {"space": self.space, "top": self.grid.verticalScrollBar().value()}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """As when something else came to the front."""
        if kept and not self.stale:
            if self.space != number_of(kept, "space"):
                self._show_space(number_of(kept, "space"))
            self.grid.verticalScrollBar().setValue(number_of(kept, "top"))

    @property
    def space(self) -> int:
        """Index of the space shown."""
        return max(self.spaces.currentIndex(), 0)

    def refresh(self) -> None:
        """Show what is open."""
        image = self._document.image
        self._stack.setCurrentIndex(0 if image is None else 1)
        if image is None:
            self.spaces.clear()
            self.grid.set_data(b"")
            self._tell_marks(0, b"", Marks(), [])
            return
        self._fill_spaces(image)
        selection = self._document.selection
        self._show_space(selection.space if selection is not None else self.space)
        self._on_selection(selection)

    def _fill_spaces(self, image: Image) -> None:
        self.bar.set_titles(
            [image.title_of(index) for index in range(len(image.spaces))],
            [size_text(len(space.data)) for space in image.spaces],
        )

    def _show_space(self, space: int) -> None:
        image = self._document.image
        if image is None or not 0 <= space < len(image.spaces):
            return
        self.spaces.setCurrentIndex(space)
        data = image.spaces[space].data
        saved = self._document.saved_bytes(space) if space < len(image.files) else data
        self.grid.set_data(data, self._address_of(space))
        marks = Marks(marks_of(self._document.map, space))
        self._tell_marks(space, data, marks, [] if saved is data else differing(saved, data))
        self._show_notes()
        self.search.restart()

    def _tell_marks(self, space: int, data: bytes, marks: Marks, changed: list[Span]) -> None:
        self.grid.set_marks(marks)
        self.grid.set_changed(changed)
        self.legend.set_kinds(dict.fromkeys(mark.kind for mark in marks))
        self.minimap.show_bytes(space, data, marks, self._describe)
        self.minimap.mark(changed=changed)

    def _show_notes(self) -> None:
        palette = self.palette()
        notes = [
            HexNote(note.span, SIGNS[note.sign], note.name, theme.note_colour(note.sign, palette))
            for note in self._workbench.notes.of(self.space)
        ]
        self.grid.set_notes(notes)
        self.minimap.mark(notes=self._workbench.notes.of(self.space))

    def changeEvent(self, event: QEvent) -> None:
        """Notes have the palette's colours in them."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "minimap"):
            self._show_notes()

    def _address_of(self, space: int) -> int | None:
        return self._document.address_of(Place(space, Span(0, 1)))

    def _describe(self, offset: int) -> str:
        return describe(self._document.map, self.space, offset)

    def _on_selection(self, place: Place | None) -> None:
        if self.stale or self._document.image is None:
            return
        if place is None:
            self.grid.select(None)
        else:
            if place.space != self.space:
                self._show_space(place.space)
            self.grid.select(place.span)
        self._inspect()

    # What the user does

    def _on_selected(self, span: Span) -> None:
        self._document.select(Place(self.space, span))
        self._inspect()

    def _on_asked(self, span: Span) -> None:
        self._document.select(Place(self.space, span))

    def _inspect(self) -> None:
        start = self.grid.cursor_offset
        if self.grid.selection is not None:
            start = self.grid.selection.start
        path = self._document.path_at(Place(self.space, Span(start, 1)))
        self.grid.set_item(path[-1].span.start if path else 0)
        self.inspector.show_bytes(self.grid.data[start : start + REACH])

    def _on_space(self, index: int) -> None:
        self._show_space(index)
        self._inspect()

    def go_to(self, text: str) -> str:
        """Select the byte at an offset or guest address, in hex; returns what is wrong, or ""."""
        try:
            number = int(text.strip().replace("_", ""), 16)
        except ValueError:
            return f"“{text.strip()}” is no hex number."
        address, size = self._address_of(self.space), len(self.grid.data)
        if address is not None and address <= number < address + size:
            number -= address
        if not 0 <= number < size:
            last = f"0x{size - 1:X}"
            where = "" if address is None else f", or 0x{address:X} to 0x{address + size - 1:X}"
            return f"Offsets here go from 0 to {last}{where}."
        self._document.select(Place(self.space, Span(number, 1)))
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        return ""

    # Looking for bytes

    def show_find(self) -> None:
        """Open the find bar."""
        self.search.show_find()

    def step_found(self, by: int) -> bool:
        """Go on to another match; whether the find bar is open, so that there may be some."""
        return self.search.step_found(by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the find bar."""
        if event.key() == Qt.Key.Key_Escape and not self.find_bar.isHidden():
            self.search.hide_find()
        else:
            super().keyPressEvent(event)

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        return (("find", self._pose_find), ("find-all", self.search.find_everywhere))

    def _pose_find(self) -> None:
        self.show_find()
        self.find_bar.look_for(Notation.HEX, "5F 46 56 48")
        self.search.step_match(1)
