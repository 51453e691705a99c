"""Where everything stands in the hex grid: pure arithmetic, in logical pixels."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPoint, QRect

from ovmfgui.dataclass import dataclass
from ovmfgui.span import Span

GROUP = 8
"""Bytes between two gaps; a 64-bit word reads as one."""


class Column(Enum):
    """The part of a row that a point lies in."""

    BYTES = "bytes"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class HexRow:
    """The bytes of one row.

    Attributes:
        span: their offsets.
        place: where in the row the first of them stands, from 0 on.
    """

    span: Span
    place: int = 0

    def place_of(self, offset: int) -> int:
        """Where a byte of the row stands in it."""
        return offset - self.span.start + self.place


@dataclass(frozen=True, slots=True)
class HexLayout:
    """The geometry of a grid of bytes.

    Attributes:
        size: bytes shown.
        per_row: bytes a row.
        cell: width of one character, a whole number of pixels so that digits align.
        line: height of a row.
        offset_digits: digits of the offset column.
        address_digits: digits of the guest address column; 0 where there is none.
    """

    size: int
    per_row: int
    cell: int
    line: int
    offset_digits: int = 8
    address_digits: int = 0

    @property
    def rows(self) -> int:
        """Rows that all bytes take."""
        return -(-self.size // self.per_row)

    @property
    def margin(self) -> int:
        """The space left and right of the whole."""
        return self.cell

    @property
    def address_left(self) -> int:
        """Left edge of the guest address column."""
        return self.margin + (self.offset_digits + 2) * self.cell

    @property
    def bytes_left(self) -> int:
        """Left edge of the first byte."""
        if not self.address_digits:
            return self.address_left
        return self.address_left + (self.address_digits + 2) * self.cell

    @property
    def text_left(self) -> int:
        """Left edge of the first character of the text column."""
        return self.byte_x(self.per_row - 1) + 4 * self.cell

    @property
    def width(self) -> int:
        """The width of all columns together, in pixels."""
        return self.text_x(self.per_row) + self.margin

    def byte_x(self, column: int) -> int:
        """Left edge of the two digits of the byte in this column of a row."""
        return self.bytes_left + (3 * column + column // GROUP) * self.cell

    def text_x(self, column: int) -> int:
        """Left edge of the character of the byte in this column of a row."""
        return self.text_left + column * self.cell

    def cell_of(self, offset: int, scrolled: QPoint) -> QRect:
        """The digits of a byte, below the header; ``scrolled`` by pixels across and rows down."""
        top = (self.row_of(offset) - scrolled.y() + 1) * self.line
        left = self.byte_x(offset % self.per_row) - scrolled.x()
        return QRect(left, top, 2 * self.cell, self.line)

    def row(self, number: int) -> HexRow:
        """The bytes of a row, by its number."""
        start = number * self.per_row
        return HexRow(Span.between(start, min(start + self.per_row, self.size)))

    def row_of(self, offset: int) -> int:
        """The row that a byte stands in."""
        return offset // self.per_row

    def offset_at(self, x: int, row: int, column: Column | None = None) -> int | None:
        """The byte nearest to ``x`` in ``row``; None where there are no bytes at all.

        With ``column`` given the point counts as lying in that part, wherever it is: a drag that
        began among the digits stays there.
        """
        if not self.size:
            return None
        place = self.place_at(x, column)
        row = min(max(row, 0), self.rows - 1)
        return min(row * self.per_row + place, self.size - 1)

    def place_at(self, x: int, column: Column | None = None) -> int:
        """The place in a row nearest to ``x``, from 0 on; ``column`` as for ``offset_at``."""
        if (column or self.column_at(x)) is Column.TEXT:
            place = (x - self.text_left) // self.cell
        else:
            place = self._byte_column(x)
        return min(max(place, 0), self.per_row - 1)

    def column_at(self, x: int) -> Column:
        """Which part of a row ``x`` lies in; left of the text column all belongs to the bytes."""
        return Column.TEXT if x >= self.text_left - self.cell else Column.BYTES

    def over_a_byte(self, x: int, row: int) -> bool:
        """Whether the point is on a byte or its character, not beside."""
        if not 0 <= row < self.rows:
            return False
        inside_bytes = self.bytes_left <= x < self.byte_x(self.per_row - 1) + 2 * self.cell
        inside_text = self.text_left <= x < self.text_x(self.per_row)
        if not (inside_bytes or inside_text):
            return False
        column = self._byte_column(x) if inside_bytes else (x - self.text_left) // self.cell
        return row * self.per_row + column < self.size

    def _byte_column(self, x: int) -> int:
        half_gap = self.cell // 2
        group_width = (3 * GROUP + 1) * self.cell
        group, rest = divmod(x - self.bytes_left + half_gap, group_width)
        return group * GROUP + min(rest // (3 * self.cell), GROUP - 1)
