"""What a person noted on bytes, as signs on a drawing of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPen

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QPainter, QPalette

    from ovmfgui.flash.region import Region
    from ovmfgui.span import Place


@dataclass(frozen=True, slots=True)
class MapNote:
    """A note on bytes.

    Attributes:
        place: the bytes.
        sign: is drawn.
        name: in a few words.
        number: of the sign, which gives the colour.
    """

    place: Place
    sign: str
    name: str
    number: int

    def begins_in(self, region: Region) -> bool:
        """Whether its first byte lies in a region."""
        return self.place.space == region.place.space and self.place.span.start in region.span


def noted(notes: Iterable[MapNote], region: Region) -> tuple[str, ...]:
    """The names of the notes that begin in a region, each after its sign."""
    return tuple(f"{note.sign} {note.name}" for note in notes if note.begins_in(region))


def paint_notes(
    painter: QPainter,
    palette: QPalette,
    notes: Sequence[MapNote],
    spots: Iterable[tuple[Region, QRectF]],
) -> None:
    """A sign beside each region that a note begins in, as far up as it lies."""
    metrics = QFontMetricsF(painter.font())
    half = (metrics.ascent() - metrics.descent()) / 2
    for region, rect in spots:
        for note in notes:
            if note.begins_in(region):
                share = (note.place.span.start - region.span.start) / region.span.size
                # Beside the column, and as in all of the map the first byte is at the bottom.
                y = rect.bottom() - share * rect.height()
                at = QPointF(rect.right() + 1, min(y, rect.bottom() - half) + half)
                # Ground below it: a sign has to be told from any kind's pattern.
                box = metrics.tightBoundingRect(note.sign).translated(at)
                painter.fillRect(box.adjusted(-1, -1, 1, 1), palette.base())
                painter.setPen(QPen(theme.note_colour(note.number, palette), 1))
                painter.drawText(at, note.sign)
