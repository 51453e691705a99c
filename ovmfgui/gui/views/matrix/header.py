"""The names at the head of rows and columns, lit where the mouse or the current cell is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.term_hints import explain_terms
from ovmfgui.gui.views.matrix.model import NAMED_ROLE
from ovmfgui.gui.widgets.broken_name import name_lines
from ovmfgui.hosts.matrix_board import Named

_PAD = 2 * theme.GRID
_MOST_LINES = 3
_WIDEST = 64 * theme.GRID


class NamesHeader(QHeaderView):
    """A name and a note for each file; across, the name is broken into lines."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        explain_terms(self)
        self.hovered = -1
        self.current = -1
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

    def _named(self, section: int) -> Named | None:
        model = self.model()
        found = model.headerData(section, self.orientation(), NAMED_ROLE) if model else None
        return found if isinstance(found, Named) else None

    def sizeHint(self) -> QSize:
        """As high as the most lines, or as wide as the widest name within reason."""
        metrics = QFontMetrics(self._bold())
        named = [n for n in map(self._named, range(self.count())) if n is not None]
        if self._across:
            room = self.defaultSectionSize() - 2 * _PAD
            lines = [len(name_lines(n.name, metrics, room, _MOST_LINES)) for n in named]
            return QSize(0, (max(lines, default=1) + 1) * metrics.height() + 2 * _PAD)
        wide = max((metrics.horizontalAdvance(n.name) for n in named), default=0)
        return QSize(min(wide + 2 * _PAD, _WIDEST), 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Name and note on a ground that tells whether the section is lit."""
        named, palette = self._named(section), self.palette()
        ground = palette.window().color()
        lit = section in (self.hovered, self.current)
        if lit:
            ground = theme.mix(theme.accent(palette), ground, 0.16)
        painter.save()
        painter.fillRect(rect, ground)
        painter.setPen(QPen(theme.line(palette), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if named is not None:
            self._paint_name(painter, rect.adjusted(_PAD, _PAD, -_PAD, -_PAD), named, lit=lit)
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRect, named: Named, *, lit: bool) -> None:
        font = self._bold() if lit else self.font()
        metrics = QFontMetrics(self._bold())
        most = _MOST_LINES if self._across else 1
        lines = name_lines(named.name, metrics, rect.width(), most)
        high = metrics.height() * (len(lines) + 1)
        top = rect.bottom() + 1 - high if self._across else rect.center().y() - high // 2 + 1
        baseline = top + metrics.ascent()
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        for text in lines:
            painter.drawText(rect.left(), baseline, text)
            baseline += metrics.height()
        painter.setFont(self.font())
        painter.setPen(theme.muted(self.palette()))
        plain = QFontMetrics(self.font())
        note = plain.elidedText(named.note, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect.left(), baseline, note)
