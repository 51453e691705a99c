"""Two contents drawn side by side, with room left where only one side has bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.hex_layout import HexLayout, HexRow
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_painting import HexContent, HexPainter, digits_for
from ovmfgui.gui.widgets.hex_style import HEX_STYLE
from ovmfgui.gui.widgets.pair_rows import PairRow, PairRows
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ovmfgui.flash.byte_alignment import Stretch

_WIDE, _NARROW = 16, 8


@dataclass(frozen=True)
class PairSide:
    """One of the two contents.

    Attributes:
        data: the bytes.
        marks: what they mean.
        changed: those that the other side has not, or other ones.
        describe: what the byte at an offset is, in words.
    """

    data: bytes
    marks: Marks
    changed: SpanList
    describe: Callable[[int], str]


class HexPairArea(QAbstractScrollArea):
    """Bytes of A and B; those that differ are bold and underlined, those that lack are hatched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        nothing = PairSide(b"", Marks(), SpanList(), lambda _offset: "")
        self._sides = (nothing, nothing)
        self._marks = (Marks(), Marks())
        self._changed = (SpanList(), SpanList())
        self._stretches: Sequence[Stretch] = ()
        self._rows = PairRows()
        self._side = 0
        self._selection: Span | None = None
        self._cursor = 0
        self._painter: HexPainter | None = None
        self._layout = HexLayout(0, _WIDE, 8, 16)
        self.setFont(theme.fixed_font())
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        HEX_STYLE.changed.connect(self._lay_out)
        self._lay_out()

    # What is shown

    def set_sides(self, first: PairSide, second: PairSide, stretches: Sequence[Stretch]) -> None:
        """Show two contents; ``stretches`` say what stands beside what."""
        self._sides, self._stretches = (first, second), stretches
        self._marks = (first.marks, second.marks)
        self._changed = (first.changed, second.changed)
        self._selection, self._side = None, 0
        self._cursor = 0
        self._lay_out()

    @property
    def side(self) -> int:
        """Which side the keyboard is on: 0 for A, 1 for B."""
        return self._side

    @property
    def selection(self) -> Span | None:
        """The selected bytes of that side; empty where it has none at the place shown."""
        return self._selection

    @property
    def rows(self) -> PairRows:
        """What stands beside what."""
        return self._rows

    @property
    def sides(self) -> tuple[PairSide, PairSide]:
        """The two contents."""
        return self._sides

    def bytes_of(self, side: int) -> bytes:
        """A side's content."""
        return self._sides[side].data

    def reveal(self, offset: int) -> None:
        """Bring a byte of the active side into sight."""
        bar = self.verticalScrollBar()
        row = self._rows.row_of(self._side, offset)
        if not bar.value() <= row < bar.value() + max(bar.pageStep(), 1):
            bar.setValue(max(row - bar.pageStep() // 4, 0))

    # Where it stands

    def _lay_out(self) -> None:
        metrics = QFontMetricsF(self.font())
        cell = max(round(metrics.horizontalAdvance("0")), 1)
        line = max(round(metrics.height() * 1.2), 1)
        size = max(len(side.data) for side in self._sides)
        for per_row in (_WIDE, _NARROW):
            self._layout = HexLayout(size, per_row, cell, line, digits_for(size))
            if 2 * self._layout.width <= self.viewport().width():
                break
        self._rows = PairRows(self._stretches, self._layout.per_row)
        self._painter = None
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(self._in_sight())
        vertical.setRange(0, max(len(self._rows) - self._in_sight(), 0))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setRange(0, max(2 * self._layout.width - self.viewport().width(), 0))
        self.viewport().update()

    def _in_sight(self) -> int:
        return max(self.viewport().height() // self._layout.line - 1, 1)

    def _chosen_rows(self) -> range:
        """The rows that the selection is seen in, on either side."""
        if self._selection is None or not len(self._rows):
            return range(0)
        ours, theirs = self._side, 1 - self._side
        spans = ((ours, self._selection), (theirs, self._rows.across(ours, self._selection)))
        ends = [
            self._rows.row_of(side, offset)
            for side, span in spans
            for offset in (span.start, max(span.end - 1, span.start))
        ]
        return range(min(ends), max(ends) + 1)

    def _update_rows(self, *changed: range) -> None:
        """Draw rows anew, and the header, which marks the cursor's column."""
        first, line = self.verticalScrollBar().value(), self._layout.line
        width = self.viewport().width()
        self.viewport().update(0, 0, width, line)
        for rows in changed:
            shown = range(max(rows.start, first), min(rows.stop, first + self._in_sight() + 2))
            if shown:
                top = (shown.start - first + 1) * line
                self.viewport().update(0, top, width, len(shown) * line)

    def _left(self, side: int) -> int:
        """Left edge of a side: half of the room, and never less than it takes."""
        return side * max(self._layout.width, self.viewport().width() // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Half as many bytes a row where both sides would not be in sight."""
        super().resizeEvent(event)
        top = self._rows.row(self.verticalScrollBar().value()) if len(self._rows) else None
        self._lay_out()
        if top is not None:
            side = 0 if top.sides[0].size else 1
            self.verticalScrollBar().setValue(self._rows.row_of(side, top.sides[side].start))

    def changeEvent(self, event: QEvent) -> None:
        """Another font or palette: everything is measured anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._lay_out()

    def _content(self, side: int) -> HexContent:
        selection, cursor = self._selection, self._cursor
        if side != self._side and selection is not None:
            selection = self._rows.across(self._side, selection)
            cursor = -1
        return HexContent(
            self._sides[side].data,
            None,
            self._marks[side],
            self._changed[side],
            SpanList(),
            selection,
            cursor,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in sight, of both sides."""
        if self._painter is None:
            self._painter = HexPainter(self.palette(), self.font(), self._layout)
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        painter.translate(-self.horizontalScrollBar().value(), 0)
        first = self.verticalScrollBar().value()
        last = min(first + self._in_sight() + 1, len(self._rows))
        line, width = self._layout.line, self.viewport().width()
        # Most often the selection goes from one row to another.
        tops = {number: (number - first + 1) * line for number in range(first, last)}
        rows = {
            top: self._rows.row(number)
            for number, top in tops.items()
            if event.region().intersects(QRect(0, top, width, line))
        }
        for side in (0, 1):
            painter.save()
            painter.translate(self._left(side), 0)
            self._paint_side(painter, side, rows)
            painter.restore()
        middle = self._left(1) - 0.5
        painter.setPen(theme.line(self.palette()))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.viewport().height()))
        painter.end()

    def _paint_side(self, painter: QPainter, side: int, rows: Mapping[int, PairRow]) -> None:
        """Draw a side's header, and rows by their upper edges."""
        assert self._painter is not None
        layout, content = self._layout, self._content(side)
        here = self._cursor_place() if self._selection is not None else None
        self._painter.header(painter, here, max(layout.width, self._left(1)))
        missing = QBrush(theme.muted(self.palette()), Qt.BrushStyle.BDiagPattern)
        for top, row in rows.items():
            span = row.sides[side]
            if span.size:
                placed = HexRow(span, row.place)
                self._painter.row(painter, content, placed, top)
                self._underline(painter, content, placed, top)
            elif row.size:
                absent = Span(0, row.size)
                for box in self._painter.boxes(absent, HexRow(absent, row.place), top):
                    painter.fillRect(box.adjusted(0, 1, 0, -1), missing)

    def _underline(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        """What differs is told by more than its ground: bold digits, and a line below them."""
        assert self._painter is not None
        painter.setPen(QPen(self.palette().text().color(), 1))
        for part in content.changed.within(row.span):
            for box in self._painter.boxes(part, row, top):
                y = box.bottom() - 1.5
                painter.drawLine(QPointF(box.left() + 1, y), QPointF(box.right() - 1, y))

    def _cursor_place(self) -> int:
        row = self._rows.row(self._rows.row_of(self._side, self._cursor))
        return row.place + max(self._cursor - row.sides[self._side].start, 0)
