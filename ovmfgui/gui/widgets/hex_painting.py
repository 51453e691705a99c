"""How one row of a hex grid is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.hex_style import HEX_STYLE
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.flash.region import Kind
    from ovmfgui.gui.widgets.hex_layout import HexLayout, HexRow
    from ovmfgui.gui.widgets.hex_marks import Marks
    from ovmfgui.gui.widgets.spans import SpanList

_PAIRS = {
    True: tuple(f"{byte:02X}" for byte in range(256)),
    False: tuple(f"{byte:02x}" for byte in range(256)),
}
"""Every byte, by whether its digits are capitals."""
_CHARACTERS = tuple(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in range(256))
_BLANK = (0x00, 0xFF)


def plain_offset(offset: int) -> str:
    """An offset from the first byte, in eight digits."""
    return HEX_STYLE.written(f"{offset:08X}")


@dataclass(frozen=True, slots=True)
class HexNote:
    """What a person noted on bytes.

    Attributes:
        span: the bytes.
        sign: stands beside the row that they begin in.
        name: in a few words.
        colour: of the sign, and of the line below the bytes.
    """

    span: Span
    sign: str
    name: str
    colour: QColor


@dataclass(frozen=True, slots=True)
class HexContent:
    """What a grid shows.

    Attributes:
        data: the bytes.
        address: guest address of the first byte; None where there is none.
        offset: an offset as it stands at the left of its row.
        notes: what was noted, ascending; they may overlap.
        marks: what the bytes mean.
        changed: bytes to be lit.
        found: matches of a search.
        selection: the selected bytes.
        cursor: the byte that the keyboard moves from.
    """

    data: bytes
    address: int | None
    marks: Marks
    changed: SpanList
    found: SpanList
    selection: Span | None
    cursor: int
    offset: Callable[[int], str] = plain_offset
    notes: tuple[HexNote, ...] = ()


class HexPainter:
    """Draws rows with one palette, font and style; made anew when any changes."""

    def __init__(self, palette: QPalette, font: QFont, layout: HexLayout) -> None:
        self._layout = layout
        self._pairs = _PAIRS[HEX_STYLE.capitals]
        self._palette = palette
        base, text = palette.base().color(), palette.text().color()
        self._base = base
        self._ink = text
        self._muted = theme.muted(palette)
        self._faint = contrast.mix(text, base, 0.48)
        self._accent = theme.accent(palette)
        self._selected = contrast.mix(palette.highlight().color(), base, 0.42)
        self._changed = theme.changed_colour(palette)
        self._rule = theme.line(palette)
        self._fills: dict[Kind, QColor] = {}
        self._inks: dict[tuple[int, bool], QColor] = {}
        self.font = font
        self.bold = QFont(font)
        self.bold.setBold(True)
        metrics = QFontMetricsF(font)
        self._baseline = round((layout.line - metrics.height()) / 2 + metrics.ascent())

    def header(
        self, painter: QPainter, cursor: int | None, width: int, title: str = "offset"
    ) -> None:
        """The digits above the columns; the cursor's column stands out."""
        layout = self._layout
        painter.setFont(self.font)
        painter.setPen(self._muted)
        y = self._baseline
        painter.drawText(layout.margin, y, title)
        if layout.address_digits:
            painter.drawText(layout.address_left, y, "guest")
        for column in range(layout.per_row):
            here = cursor is not None and column == cursor % layout.per_row
            painter.setPen(self._accent if here else self._muted)
            painter.drawText(layout.byte_x(column), y, self._pairs[column])
        painter.setPen(self._muted)
        painter.drawText(layout.text_left, y, "text")
        painter.setPen(self._rule)
        painter.drawLine(QPointF(0, layout.line - 0.5), QPointF(width, layout.line - 0.5))

    def row(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        """One row, its upper edge at ``top``."""
        grounds = self._grounds(painter, content, row, top)
        self._addresses(painter, content, row, top)
        self._bytes(painter, content, row, top, grounds)
        self._matches(painter, content, row, top)
        self._notes(painter, content, row, top)
        self._cursor(painter, content, row, top)

    def _grounds(
        self, painter: QPainter, content: HexContent, row: HexRow, top: int
    ) -> list[QColor]:
        """Paint what is behind the row; returns the ground of each byte."""
        grounds = [self._base] * row.span.size

        def fill(part: Span, colour: QColor) -> None:
            self._fill(painter, part, row, top, colour)
            first = part.start - row.span.start
            grounds[first : first + part.size] = [colour] * part.size

        for mark in content.marks.within(row.span):
            part = mark.span.overlap(row.span)
            if part is not None:
                fill(part, self._mark_fill(mark.kind))
        for part in content.changed.within(row.span):
            fill(part, self._changed)
        if content.selection is not None:
            chosen = content.selection.overlap(row.span)
            if chosen is not None:
                fill(chosen, self._selected)
        return grounds

    def _matches(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        """An outline: what a byte means goes on being seen behind it."""
        painter.setPen(QPen(self._ink, 1))
        for part in content.found.within(row.span):
            for rect in self.boxes(part, row, top):
                painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -1.5))

    def _notes(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        """A sign before the row that a note begins in, and a line below all of its bytes."""
        for note in content.notes:
            part = note.span.overlap(row.span)
            if part is None:
                continue
            if note.span.start in row.span:
                painter.setFont(self.font)
                painter.setPen(note.colour)
                painter.drawText(0, top + self._baseline, note.sign)
            painter.setPen(QPen(note.colour, 2))
            for box in self.boxes(part, row, top):
                y = box.bottom() - 1
                painter.drawLine(QPointF(box.left() + 2, y), QPointF(box.right() - 2, y))

    def _mark_fill(self, kind: Kind) -> QColor:
        fill = self._fills.get(kind)
        if fill is None:
            fill = theme.ground_of_bytes(kind, self._palette)
            self._fills[kind] = fill
        return fill

    def _fill(self, painter: QPainter, part: Span, row: HexRow, top: int, colour: QColor) -> None:
        for rect in self.boxes(part, row, top):
            painter.fillRect(rect, colour)

    def boxes(self, part: Span, row: HexRow, top: int) -> Iterator[QRectF]:
        """The ground of ``part``, bytes of ``row``: behind digits and characters."""
        layout = self._layout
        first, last = row.place_of(part.start), row.place_of(part.end - 1)
        half = layout.cell / 2
        left = layout.byte_x(first) - half
        right = layout.byte_x(last) + 2 * layout.cell + half
        yield QRectF(left, top, right - left, layout.line)
        left = layout.text_x(first)
        yield QRectF(left, top, layout.text_x(last + 1) - left, layout.line)

    def _addresses(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        layout = self._layout
        painter.setFont(self.font)
        painter.setPen(self._muted)
        y = top + self._baseline
        painter.drawText(layout.margin, y, content.offset(row.span.start))
        if layout.address_digits and content.address is not None:
            address = content.address + row.span.start
            text = HEX_STYLE.written(f"{address:0{layout.address_digits}X}")
            painter.drawText(layout.address_left, y, text)

    def _bytes(
        self,
        painter: QPainter,
        content: HexContent,
        row: HexRow,
        top: int,
        grounds: list[QColor],
    ) -> None:
        layout, y = self._layout, top + self._baseline
        lit = {
            offset
            for part in content.changed.within(row.span)
            for offset in range(part.start, part.end)
        }
        pen: QColor | None = None
        bold = False
        for number, byte in enumerate(row.span.of(content.data)):
            column = row.place + number
            changed = row.span.start + number in lit
            if changed is not bold:
                painter.setFont(self.bold if changed else self.font)
                bold = changed
            wanted = self._pen(byte in _BLANK and not changed, grounds[number])
            if wanted is not pen:
                painter.setPen(wanted)
                pen = wanted
            painter.drawText(layout.byte_x(column), y, self._pairs[byte])
            painter.drawText(layout.text_x(column), y, _CHARACTERS[byte])

    def _pen(self, faint: bool, ground: QColor) -> QColor:
        """Ink that can be read on this ground: what is blank steps back no further than that."""
        key = ground.rgb(), faint
        ink = self._inks.get(key)
        if ink is None:
            ink = contrast.readable(self._faint if faint else self._ink, ground)
            self._inks[key] = ink
        return ink

    def _cursor(self, painter: QPainter, content: HexContent, row: HexRow, top: int) -> None:
        if content.selection is None or content.cursor not in row.span:
            return
        painter.setPen(QPen(self._accent, 1.5))
        for rect in self.boxes(Span(content.cursor, 1), row, top):
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def digits_for(largest: int) -> int:
    """Hex digits of an offset or address column: 8, or 12 or 16 where 4 GiB are not enough."""
    for digits in (8, 12):
        if largest < 1 << (4 * digits):
            return digits
    return 16
