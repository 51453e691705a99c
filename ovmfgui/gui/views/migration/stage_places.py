"""Where everything stands on the stage, so that nothing jumps from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ovmfgui.gui.views.migration.stage_painting import StagePainter
    from ovmfgui.migration.lesson.host_cast import HostCast

_PAD = theme.GRID

_WIDE = 17
"""A column that is this many lines' height wide takes most sentences without breaking them."""

LOWEST_STRIP, HIGHEST_STRIP = 12.0, 28.0
_OF_LINE = 0.8
"""Beside large letters a strip is this part of a line at least."""
_OF_HEIGHT = 6
"""On a high stage a strip may be this part of it, if that is no more than three lines of text."""
_MOST_BETWEEN = 3
"""Lines of text that may be left free between two sections."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a section has room for.

    Attributes:
        words: for each row, the height of the words below its strip.
        lines: height of the sentences at the end.
        heading: whether there is a line above the rows.
        lens: whether the last row's strip is drawn once more, enlarged.
    """

    words: tuple[float, ...]
    lines: float = 0.0
    heading: bool = True
    lens: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A section's place: all of it; for each row the row, the strip at full length, the lens."""

    rect: QRectF
    rows: tuple[tuple[QRectF, QRectF, QRectF], ...]


class StagePlaces:
    """The places for the casts of the hosts in sight, in a widget of a given size.

    Strips take the height that letters leave, within reason; what is left then goes between the
    sections, so that the picture fills the widget.

    Args:
        pen: whose letters.
        casts: who is on the hosts in sight.
        width: of the widget.
        height: that the hosts have of it.
        lens: whether a guest's store is drawn once more, enlarged.
    """

    def __init__(
        self,
        pen: StagePainter,
        casts: Sequence[HostCast],
        width: float,
        height: float,
        *,
        lens: bool = False,
    ) -> None:
        self._lens = lens
        self._pen = pen
        self._casts = casts
        words = max(
            pen.metrics.horizontalAdvance(each) for each in ("flash0 000 KiB", "mid-command")
        )
        self.gap = float(round(words + max(5 * _PAD, pen.line_height)))
        self.columns = self._columns(width)
        self._rooms = [list(self._rooms_of(host, cast)) for host, cast in enumerate(casts)]
        self.lowest = max(LOWEST_STRIP, round(_OF_LINE * pen.line_height))
        self._between = 0.0
        self.strip = self._fitting_strip(height)
        self._between = self._fitting_gap(height)

    def _columns(self, width: float) -> tuple[tuple[float, float], ...]:
        """Left edge and width of each: a host's, or the packages' and the domains' of one alone."""
        count = 2
        if len(self._casts) == 1:
            # No stream goes between the columns of one host.
            self.gap = 6.0 * _PAD
            (cast,) = self._casts
            count = int(cast.stored) + max(len(cast.seats), 1)
            fitting = int((width - 4 * _PAD) // (_WIDE * self._pen.line_height + self.gap))
            count = min(count, max(fitting, 1 + int(cast.stored)))
        wide = (width - 4 * _PAD - (count - 1) * self.gap) / count
        return tuple((2 * _PAD + index * (wide + self.gap), wide) for index in range(count))

    @property
    def title_height(self) -> float:
        """Of a host's heading."""
        return round(1.4 * self._pen.line_height)

    def needed_height(self) -> float:
        """With strips as low as they may be."""
        return self._height(self.lowest)

    def _height(self, strip: float) -> float:
        ends = [end for host in range(len(self._casts)) for end in self._ends(host, strip).values()]
        return max(ends, default=200.0) + 2 * _PAD

    def _fitting_strip(self, height: float) -> float:
        """Strips as high as the widget has room for, within reason."""
        rows = max((self._most_rows(host) for host in range(len(self._casts))), default=1)
        spare = (height - self.needed_height()) // max(rows, 1)
        highest = max(HIGHEST_STRIP, min(height / _OF_HEIGHT, 3 * self._pen.line_height))
        return round(min(max(self.lowest + spare, self.lowest), highest))

    def _fitting_gap(self, height: float) -> float:
        """What is still left, shared by the sections of the column that has the most."""
        sections = max((self._most_sections(host) for host in range(len(self._casts))), default=1)
        left = max((height - self._height(self.strip)) // max(sections - 1, 1), 0.0)
        return min(left, _MOST_BETWEEN * self._pen.line_height)

    def _most_rows(self, host: int) -> int:
        counts: dict[int, int] = {}
        for column, room in self._rooms[host]:
            counts[column] = counts.get(column, 0) + len(room.words)
        return max(counts.values(), default=1)

    def _most_sections(self, host: int) -> int:
        columns = [column for column, _room in self._rooms[host]]
        return max(map(columns.count, columns), default=1)

    def _rooms_of(self, host: int, cast: HostCast) -> Iterator[tuple[int, Room]]:
        """The sections' rooms, each with the number of its column.

        A host that is alone has its packages at the left and its domains at the right of them.
        """
        alone, last = len(self._casts) == 1, len(self.columns) - 1
        width = self.columns[0][1]
        first = 0 if alone else host
        package = Room((0.0,) * cast.package_files)
        private = Room((0.0,), heading=False)
        words = tuple(self._pen.tallest(texts, width) for texts in cast.words)
        said = self._pen.tallest(cast.said, width) + _PAD
        guest = Room(words, said, lens=self._lens)
        yield from [(first, package)] * cast.packages
        for number, seat in enumerate(cast.seats, int(cast.stored)):
            column = min(number, last) if alone else host
            if cast.stored:
                yield from [(column, private)] * (1 + cast.kept_in(seat))
            yield column, guest

    def _section_height(self, room: Room, strip: float) -> float:
        rows = sum(self._pen.row_height(strip, words) for words in room.words)
        heading = self._pen.line_height if room.heading else 0
        lens = self._pen.lens_gap + self._pen.lens_height if room.lens else 0
        return heading + room.lines + rows + lens + 3 * _PAD

    def _ends(self, host: int, strip: float) -> dict[int, float]:
        """For each column that a host uses, where its sections end."""
        ends: dict[int, float] = {}
        for column, room in self._rooms[host]:
            top = self._top(ends, column)
            ends[column] = top + self._section_height(room, strip)
        return ends

    def _top(self, ends: Mapping[int, float], column: int) -> float:
        """Of the next section in a column."""
        below = ends.get(column)
        return _PAD + self.title_height if below is None else below + self._between

    def slots(self, host: int) -> list[Slot]:
        """The places of a host's sections, by the host's number from the left."""
        found: list[Slot] = []
        ends: dict[int, float] = {}
        for column, room in self._rooms[host]:
            left, width = self.columns[column]
            top = self._top(ends, column)
            height = self._section_height(room, self.strip)
            ends[column] = top + height
            rect = QRectF(left, top, width, height)
            found.append(Slot(rect, tuple(self._rows(rect, room))))
        return found

    def _rows(self, rect: QRectF, room: Room) -> Iterator[tuple[QRectF, QRectF, QRectF]]:
        pen = self._pen
        y = rect.top() + (pen.line_height + 2 * _PAD if room.heading else _PAD)
        for index, words in enumerate(room.words, 1):
            strip = QRectF(rect.left(), round(y + pen.line_height), rect.width(), self.strip)
            tall, lens = pen.row_height(self.strip, words), QRectF()
            if room.lens and index == len(room.words):
                top = strip.bottom() + pen.lens_gap
                lens = QRectF(rect.left(), top, rect.width(), pen.lens_height)
                tall += pen.lens_gap + pen.lens_height
            yield QRectF(rect.left(), y, rect.width(), tall), strip, lens
            y += tall
