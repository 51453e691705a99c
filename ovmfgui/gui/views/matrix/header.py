"""The names at the head of rows and columns, lit where the mouse or the current cell is.

In words: name, note and count on lines. In signs: what differs in the name alone, upright above a
column, and the count in the margin beside the cells.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.term_hints import explain_terms
from ovmfgui.gui.views.matrix.model import HEADING_ROLE
from ovmfgui.gui.widgets.broken_name import name_lines
from ovmfgui.hosts.matrix_arrangement import Heading

_PAD = 2 * theme.GRID
_MOST_LINES = 3
_WIDEST = 64 * theme.GRID
_HIGHEST = 44 * theme.GRID


class NamesHeader(QHeaderView):
    """A name and a note for each file; across, the name is broken into lines."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        explain_terms(self)
        self.hovered = -1
        self.current = -1
        self.in_words = True
        self._labels = False
        self.setMinimumSectionSize(4 * theme.GRID)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    @property
    def _across(self) -> bool:
        return self.orientation() is Qt.Orientation.Horizontal

    def light(self, *, hovered: int, current: int) -> None:
        """Which sections light up; -1 for none."""
        if (hovered, current) != (self.hovered, self.current):
            self.hovered, self.current = hovered, current
            self.viewport().update()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def set_in_words(self, in_words: bool) -> None:
        """Lines of words, or what differs alone."""
        self.in_words = in_words
        self._labels = in_words and not self._names_fit()

    def _heading(self, section: int) -> Heading | None:
        model = self.model()
        found = model.headerData(section, self.orientation(), HEADING_ROLE) if model else None
        return found if isinstance(found, Heading) else None

    def _headings(self) -> list[Heading]:
        return [each for each in map(self._heading, range(self.count())) if each is not None]

    def _names_fit(self) -> bool:
        """Whether no name is cut: what differs is often what an ellipsis takes away."""
        metrics = QFontMetrics(self._bold())
        if not self._across:
            return all(metrics.horizontalAdvance(h.named.name) <= _WIDEST for h in self._headings())
        room = self.defaultSectionSize() - 2 * _PAD
        lines = (name_lines(h.named.name, metrics, room, _MOST_LINES) for h in self._headings())
        return not any("…" in line for each in lines for line in each)

    def _text(self, heading: Heading) -> str:
        if not self.in_words:
            return heading.short
        return heading.label if self._labels else heading.named.name

    def sizeHint(self) -> QSize:
        """As high as the most lines, or as wide as the widest name within reason."""
        metrics = QFontMetrics(self._bold())
        headings = self._headings()
        wide = max((metrics.horizontalAdvance(self._text(h)) for h in headings), default=0)
        if not self.in_words:
            counts = max((metrics.horizontalAdvance(str(h.not_well)) for h in headings), default=0)
            most = _HIGHEST if self._across else _WIDEST
            margin = metrics.height() + _PAD if self._across else counts + 2 * _PAD
            long = min(wide + 2 * _PAD, most) + margin
            return QSize(0, long) if self._across else QSize(long, 0)
        if self._across:
            room = self.defaultSectionSize() - 2 * _PAD
            lines = [len(name_lines(self._text(h), metrics, room, _MOST_LINES)) for h in headings]
            return QSize(0, (max(lines, default=1) + 2) * metrics.height() + 2 * _PAD)
        told = max((metrics.horizontalAdvance(_margin(h)) for h in headings), default=0)
        notes = max((metrics.horizontalAdvance(h.note) for h in headings), default=0)
        return QSize(min(max(wide, notes + told + 2 * _PAD) + 2 * _PAD, _WIDEST), 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Name and note on a ground that tells whether the section is lit."""
        heading, palette = self._heading(section), self.palette()
        lit = section in (self.hovered, self.current)
        painter.save()
        painter.fillRect(rect, self._ground(lit=lit))
        if heading is not None and self.in_words:
            self._paint_lines(painter, rect.adjusted(_PAD, _PAD, -_PAD, -_PAD), heading, lit=lit)
        elif heading is not None:
            self._paint_label(painter, rect, heading, lit=lit)
        if self.in_words:
            painter.setPen(QPen(theme.line(palette), 1))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _ground(self, *, lit: bool) -> QColor:
        window = self.palette().window().color()
        return contrast.mix(theme.accent(self.palette()), window, 0.16) if lit else window

    def _ink(self, colour: QColor, *, lit: bool) -> QColor:
        """A colour as text on the section's ground."""
        return contrast.readable(colour, self._ground(lit=lit))

    def _paint_lines(self, painter: QPainter, rect: QRect, heading: Heading, *, lit: bool) -> None:
        font = self._bold() if lit else self.font()
        metrics = QFontMetrics(self._bold())
        most = _MOST_LINES if self._across else 1
        lines = name_lines(self._text(heading), metrics, rect.width(), most)
        high = metrics.height() * (len(lines) + (2 if self._across else 1))
        top = rect.bottom() + 1 - high if self._across else rect.center().y() - high // 2 + 1
        baseline = top + metrics.ascent()
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        for text in lines:
            painter.drawText(rect.left(), baseline, text)
            baseline += metrics.height()
        painter.setFont(self.font())
        painter.setPen(self._ink(theme.muted(self.palette()), lit=lit))
        plain = QFontMetrics(self.font())
        told = _margin(heading)
        room = rect.width()
        if not self._across:
            beside = plain.horizontalAdvance(told)
            room -= beside + _PAD
            self._paint_count(painter, rect.right() - beside, baseline, told, heading, lit=lit)
        note = plain.elidedText(heading.note, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect.left(), baseline, note)
        if self._across:
            self._paint_count(
                painter, rect.left(), baseline + metrics.height(), told, heading, lit=lit
            )

    def _paint_count(
        self,
        painter: QPainter,
        left: int,
        baseline: int,
        told: str,
        heading: Heading,
        *,
        lit: bool,
    ) -> None:
        painter.save()
        if heading.not_well:
            painter.setPen(self._ink(theme.error_colour(self.palette()), lit=lit))
        painter.drawText(left, baseline, told)
        painter.restore()

    def _paint_label(self, painter: QPainter, rect: QRect, heading: Heading, *, lit: bool) -> None:
        """What differs, upright above a column; how many are not well, next to the cells."""
        font = self._bold() if lit else self.font()
        metrics, text = QFontMetrics(font), str(heading.not_well or "")
        painter.setFont(font)
        painter.setPen(self._ink(theme.error_colour(self.palette()), lit=lit))
        if self._across:
            margin = rect.adjusted(0, rect.height() - metrics.height() - _PAD // 2, 0, -_PAD // 2)
            painter.drawText(margin, Qt.AlignmentFlag.AlignCenter, text)
            room = rect.height() - metrics.height() - 2 * _PAD
        else:
            wide = metrics.horizontalAdvance(text)
            margin = rect.adjusted(0, 0, -_PAD // 2, 0)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(margin, right, text)
            room = rect.width() - wide - 2 * _PAD
        painter.setPen(self.palette().windowText().color())
        label = metrics.elidedText(self._text(heading), Qt.TextElideMode.ElideMiddle, room)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self._across:
            painter.translate(rect.left(), rect.bottom() - metrics.height() - _PAD // 2)
            painter.rotate(-90)
            painter.drawText(QRect(_PAD // 2, 0, room, rect.width()), left, label)
        else:
            painter.drawText(rect.adjusted(_PAD, 0, 0, 0), left, label)


def _margin(heading: Heading) -> str:
    """In the margin, in a few words."""
    return f"{heading.not_well} of {heading.met} not well" if heading.not_well else "all well"
