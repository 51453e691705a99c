"""The bytes of both sides beside each other, and the places where they differ as a list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ovmfgui.flash.byte_meaning import describe, marks_of
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.compare.table_page import TablePage
from ovmfgui.gui.views.compare.tables import place_columns, places_text, stepping_text
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_pair import LETTERS, HexPair
from ovmfgui.gui.widgets.hex_pair_area import PairSide
from ovmfgui.gui.widgets.pair_minimap import PairMinimap
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.layout.comparison_words import place_text
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.alignment import AlignedFile, PlaceRow
    from ovmfgui.layout.comparison import Comparison

_SAMPLES = ("CODE n", "− 000,000 bytes only in A", *["0x00000000", "00 " * 9] * 2, "n" * 40)


def sides_of(comparison: Comparison, file: AlignedFile) -> tuple[PairSide, PairSide]:
    """What both sides of a file are drawn from; slow where much differs, for a worker."""
    first, second = (
        PairSide(
            inspection.image.spaces[space].data,
            Marks(marks_of(inspection.map, space)),
            SpanList((each.first, each.second)[side] for each in file.places),
            partial(describe, inspection.map, space),
        )
        for side, (inspection, space) in enumerate(
            zip((comparison.first, comparison.second), file.spaces, strict=True)
        )
    )
    return first, second


class BytesPage(QWidget):
    """Two grids of bytes that go together, over the list of places.

    Signals:
        selected: the ``Place`` in A of what the user selected.
        activated: Enter was pressed on a place of the list, or it was double-clicked.
    """

    selected = Signal(object)
    activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._files: Sequence[AlignedFile] = ()
        self._places: Sequence[PlaceRow] = ()
        self._sides: Sequence[tuple[PairSide, PairSide]] = ()
        self._shown: AlignedFile | None = None
        self._leading = False
        self.keys = stepping_text("", "")
        self.current: int | None = None
        """The number of the place that was gone to last, until something else is selected."""
        self.files = QComboBox(self)
        self.files.setAccessibleName("File")
        self.pair = HexPair(self)
        self.minimap = PairMinimap(self.pair, self)
        self.told = (ElidedLabel("", self), ElidedLabel("", self))
        self.list = TablePage("places where bytes differ", lambda _row: None, self)
        self._build()
        self.files.activated.connect(self._on_file)
        self.pair.selected.connect(self._on_selected)
        self.list.current_changed.connect(self._on_row)
        self.list.activated.connect(self.activated)

    def _build(self) -> None:
        words = QHBoxLayout()
        words.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        words.setSpacing(2 * theme.GRID)
        words.addWidget(self.files)
        for label in self.told:
            words.addWidget(label, 1)
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(words)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.pair, 1)
        beside.addWidget(self.minimap)
        column.addLayout(beside, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(top)
        split.addWidget(self.list)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self.pair.setMinimumHeight(20 * theme.GRID)
        self.list.table.setMinimumHeight(14 * theme.GRID)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setFocusProxy(self.pair)

    def show_comparison(
        self,
        found: Comparison,
        files: Sequence[AlignedFile],
        sides: Sequence[tuple[PairSide, PairSide]],
        places: Sequence[PlaceRow],
    ) -> None:
        """Show other sides, from the first place where they differ."""
        self._comparison, self._files, self._places = found, files, places
        self._sides = sides
        self.current, self._shown = None, None
        self.files.clear()
        self.files.addItems([file.role for file in files])
        self.files.setVisible(len(files) > 1)
        self.list.show_rows(places, place_columns(found), _SAMPLES, places_text(files, self.keys))
        self.pair.setVisible(bool(files))
        self.minimap.setVisible(bool(files))
        if files:
            self._show_file(places[0].file if places else files[0])
            if places:
                self._show_sides(places[0])
        self._tell()

    def show_place(self, number: int) -> str:
        """Go to a place, in the list too; returns which of how many it is, in words."""
        self.list.go_to(number)
        row = self._places[number]
        self._lead(number, row)
        told = f"Place {number + 1:,} of {len(self._places):,}: {place_text(row.place)}."
        self.list.text.setText(f"{told} {self.keys}")
        return told

    def follow(self, place: Place | None) -> None:
        """Show bytes of A that were selected elsewhere."""
        if self._leading or place is None:
            return
        self.current = None
        for number, row in enumerate(self._places):
            if self._comparison is not None and row.in_first(self._comparison) == place:
                self.list.go_to(number)
                break
        file = next((each for each in self._files if each.spaces[0] == place.space), None)
        if file is not None:
            self._show_file(file)
            self.pair.select(0, place.span)
            self._tell()

    def begin_filter(self) -> None:
        """Put the cursor into the filter line of the list."""
        self.list.begin_filter()

    # What is shown

    def _show_file(self, file: AlignedFile) -> None:
        if file is self._shown or self._comparison is None:
            return
        self._shown = file
        number = list(self._files).index(file)
        self.files.setCurrentIndex(number)
        self.pair.set_sides(*self._sides[number], file.stretches)
        self.minimap.refresh()

    def _show_sides(self, row: PlaceRow) -> None:
        self._show_file(row.file)
        side = 0 if row.place.first.size else 1
        self.pair.select(side, (row.place.first, row.place.second)[side])
        self._tell()

    def _lead(self, number: int, row: PlaceRow) -> None:
        """The user has come to a place."""
        self.current = number
        self._show_sides(row)
        if self._comparison is not None:
            self._say(row.in_first(self._comparison))

    def _say(self, place: Place) -> None:
        self._leading = True
        try:
            self.selected.emit(place)
        finally:
            self._leading = False

    def _tell(self) -> None:
        """What both sides are where the selection is."""
        here = self.pair.selection
        for side, label in enumerate(self.told):
            span = here
            if here is not None and side != self.pair.side:
                span = self.pair.rows.across(self.pair.side, here)
            text = ""
            if span is not None:
                what = self.pair.description(side, span.start) if span.size else "no bytes here"
                text = f"{LETTERS[side]}  0x{span.start:X}  " + what.replace("\n", " · ")
            label.setText(text)

    # What the user does

    def _on_file(self, index: int) -> None:
        self._show_file(self._files[index])
        self._tell()

    def _on_row(self, row: PlaceRow) -> None:
        number = next((n for n, each in enumerate(self._places) if each is row), None)
        if number is not None:
            self._lead(number, row)

    def _on_selected(self, side: int, span: Span) -> None:
        self.current = None
        self._tell()
        if self._shown is None:
            return
        ours = span if side == 0 else self.pair.rows.across(1, span)
        if ours.size:
            self._say(Place(self._shown.spaces[0], ours))
