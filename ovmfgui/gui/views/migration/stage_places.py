"""Where everything stands on the stage, so that nothing jumps from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.views.migration.stage_painting import StagePainter
    from ovmfgui.migration.lesson.host_rows import HostCast

_PAD = theme.GRID
_WIDE = 272
"""From this width of a host on most sentences fit without breaking."""

LOWEST_STRIP, HIGHEST_STRIP = 14.0, 28.0
_OF_HEIGHT = 14
"""On a high stage a strip may be this part of it."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a section has room for.

    Attributes:
        words: for each row, the lines of words below its strip.
        lines: lines of sentences at the end.
        heading: whether there is a line above the rows.
    """

    words: tuple[int, ...]
    lines: int
    heading: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """A section's place: all of it, and for each row the row and the strip at full length."""

    rect: QRectF
    rows: tuple[tuple[QRectF, QRectF], ...]


class StagePlaces:
    """The places for the casts of the hosts in sight, in a widget of a given size."""

    def __init__(
        self, pen: StagePainter, casts: Sequence[HostCast], width: float, height: float
    ) -> None:
        self._pen = pen
        self._casts = casts
        words = max(
            pen.metrics.horizontalAdvance(each) for each in ("flash0 000 KiB", "mid-command")
        )
        self.gap = float(round(words + max(5 * _PAD, pen.line_height)))
        column = (width - self.gap - 4 * _PAD) / 2
        self.columns: tuple[tuple[float, float], ...]
        self.columns = ((2.0 * _PAD, column), (width - 2 * _PAD - column, column))
        if len(casts) == 1 and not casts[0].stored:
            self.columns = ((2.0 * _PAD, width - 4 * _PAD),)
        self.strip = LOWEST_STRIP
        self.strip = self._fitting_strip(height)

    @property
    def title_height(self) -> float:
        """Of a host's heading."""
        return round(1.6 * self._pen.line_height)

    def needed_height(self) -> float:
        """With strips as low as they may be."""
        return self._height(LOWEST_STRIP)

    def _height(self, strip: float) -> float:
        ends = [
            end for index in range(len(self._casts)) for end in self._ends(index, strip).values()
        ]
        return max(ends, default=200.0) + 2 * _PAD

    def _fitting_strip(self, height: float) -> float:
        """Strips as high as the widget has room for, within reason."""
        rows = max((self._row_count(cast) for cast in self._casts), default=1)
        spare = (height - self.needed_height()) / max(rows, 1)
        highest = max(HIGHEST_STRIP, height / _OF_HEIGHT)
        return round(min(max(LOWEST_STRIP + spare, LOWEST_STRIP), highest))

    def _row_count(self, cast: HostCast) -> int:
        return sum(len(room.words) for room in self._rooms(cast))

    def _rooms(self, cast: HostCast) -> list[Room]:
        wide = self.columns[0][1] >= _WIDE
        words = ((1, 2) if wide else (1, 3))[-cast.chips :]
        package = Room((0,) * cast.package_files, 0)
        private = Room((0,), 0, heading=False)
        guest = Room(words, 3 if wide else 5)
        rooms = [package] * cast.packages
        for name in cast.domains:
            files = 1 + len(cast.kept.get(name, ())) if cast.stored else 0
            rooms += [*[private] * files, guest]
        return rooms

    def _section_height(self, room: Room, strip: float) -> float:
        rows = sum(self._pen.row_height(strip, words) for words in room.words)
        heading = self._pen.line_height if room.heading else 0
        return heading + room.lines * self._pen.line_height + rows + 3 * _PAD

    def _column_of(self, host: int, section: int) -> int:
        """A host that is alone has its packages at the left and its domains at the right."""
        if len(self._casts) > 1 or len(self.columns) == 1:
            return host
        return 0 if section < self._casts[host].packages else 1

    def _ends(self, host: int, strip: float) -> dict[int, float]:
        """For each column that a host uses, where its sections end."""
        ends: dict[int, float] = {}
        for index, room in enumerate(self._rooms(self._casts[host])):
            column = self._column_of(host, index)
            top = ends.get(column, _PAD + self.title_height)
            ends[column] = top + self._section_height(room, strip)
        return ends

    def slots(self, host: int) -> list[Slot]:
        """The places of a host's sections, by the host's number from the left."""
        found: list[Slot] = []
        ends: dict[int, float] = {}
        for index, room in enumerate(self._rooms(self._casts[host])):
            column = self._column_of(host, index)
            left, width = self.columns[column]
            top = ends.get(column, _PAD + self.title_height)
            height = self._section_height(room, self.strip)
            ends[column] = top + height
            rect = QRectF(left, top, width, height)
            found.append(Slot(rect, tuple(self._rows(rect, room))))
        return found

    def _rows(self, rect: QRectF, room: Room) -> list[tuple[QRectF, QRectF]]:
        found = []
        y = rect.top() + (self._pen.line_height + 2 * _PAD if room.heading else _PAD)
        for words in room.words:
            tall = self._pen.row_height(self.strip, words)
            row = QRectF(rect.left(), y, rect.width(), tall)
            top = round(y + self._pen.line_height)
            found.append((row, QRectF(rect.left(), top, rect.width(), self.strip)))
            y += tall
        return found
