"""The minimap of two contents side by side: all rows in one column, and where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.minimap import Minimap
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from ovmfgui.flash.byte_meaning import Mark
    from ovmfgui.gui.widgets.hex_pair import HexPair
    from ovmfgui.gui.widgets.hex_pair_area import PairSide
    from ovmfgui.gui.widgets.pair_rows import PairRows


class _RowMarks(Marks):
    """What rows mean, by their numbers: what A has there, or B where A has nothing."""

    def __init__(self, sides: tuple[PairSide, PairSide], rows: PairRows) -> None:
        super().__init__()
        self._sides, self._rows = sides, rows

    def at(self, offset: int) -> Mark | None:
        """What the row with that number is."""
        if not 0 <= offset < len(self._rows):
            return None
        for side, span in zip(self._sides, self._rows.row(offset).sides, strict=True):
            if span.size:
                return side.marks.at(span.start)
        return None

    def within(self, window: Span) -> Iterator[Mark]:
        """What the first of these rows is; of more than a line's worth nothing is drawn."""
        mark = self.at(window.start)
        return iter(()) if mark is None else iter((mark,))


class _RowsThatDiffer(SpanList):
    """The numbers of rows in which one side has bytes that the other has not, or other ones.

    Asked for the rows of a line, it looks at their bytes: of a hundred thousand places no list by
    rows is made.
    """

    def __init__(self, sides: tuple[PairSide, PairSide], rows: PairRows) -> None:
        super().__init__()
        self._sides, self._rows = sides, rows

    def __len__(self) -> int:
        return sum(len(side.changed) for side in self._sides)

    def meets(self, window: Span) -> bool:
        """Whether one of these rows differs."""
        if window.start >= len(self._rows):
            return False
        first = self._rows.row(window.start)
        last = self._rows.row(min(window.end, len(self._rows)) - 1)
        return any(
            side.changed.meets(Span.between(start.start, max(end.end, start.start)))
            for side, start, end in zip(self._sides, first.sides, last.sides, strict=True)
        )


class PairMinimap(Minimap):
    """Follows two contents side by side and moves them.

    Its scale is that of the rows: what only one side has takes room too.
    """

    # How full what stands side by side is is told in Hex.
    FILL = theme.GRID

    def __init__(self, pair: HexPair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair = pair
        self._shown: PairRows | None = None
        self.setAccessibleName("Minimap of A beside B")
        bar = pair.verticalScrollBar()
        bar.valueChanged.connect(self.refresh)
        bar.rangeChanged.connect(self.refresh)
        self.went.connect(bar.setValue)

    def refresh(self, *_what: int) -> None:
        """Show what the pair shows, and which of it is in sight."""
        rows, sides, bar = self._pair.rows, self._pair.sides, self._pair.verticalScrollBar()
        if rows is not self._shown:
            self._shown = rows
            self.set_contents(len(rows), _RowMarks(sides, rows), self._description)
            self.set_flags([(self._ink, _RowsThatDiffer(sides, rows))])
        self.set_window(bar.value(), bar.pageStep(), len(rows))

    def _ink(self) -> QColor:
        return theme.severity_style(Severity.WARNING, self.palette()).colour

    def _place(self, number: int) -> str:
        spans = self._pair.rows.row(number).sides
        return " · ".join(
            f"{letter} 0x{span.start:X}"
            for letter, span in zip("AB", spans, strict=True)
            if span.size
        )

    def _description(self, number: int) -> str:
        for side, span in enumerate(self._pair.rows.row(number).sides):
            if span.size:
                return self._pair.description(side, span.start)
        return ""

    def name_of(self, offset: int) -> str:
        """Where a row's bytes are on both sides."""
        return self._place(offset)

    def in_words(self, start: int, end: int) -> str:
        """Which rows are in sight, and whether they differ."""
        total = len(self._pair.rows)
        differ = _RowsThatDiffer(self._pair.sides, self._pair.rows)
        told = "they differ" if differ.meets(Span.between(start, end)) else "they are the same"
        return f"rows {start + 1:,} to {end:,} of {total:,} are in sight, {told}"
