"""The head of tables and trees, painted from the palette that is in use at the moment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOption, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.term_hints import explain_terms

_SIDE = theme.GRID + 3
"""As far in as the text of the cells below."""

_ARROW = 2 * theme.GRID


class QuietHeader(QHeaderView):
    """Titles of lesser weight on the window's ground, a hairline below, no boxes.

    A style sheet would do, but Qt works one out as the widget is polished, with the palette before
    the one that a change of theme brings.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setStretchLastSection(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        explain_terms(self)

    def _text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _sorted_by(self, section: int) -> bool:
        return self.isSortIndicatorShown() and self.sortIndicatorSection() == section

    def sectionSizeFromContents(self, section: int) -> QSize:
        """Room for the title, air around it, and the arrow of a sorted column."""
        metrics = self.fontMetrics()
        arrow = _ARROW + theme.GRID if self._sorted_by(section) else 0
        wide = metrics.horizontalAdvance(self._text(section)) + 2 * _SIDE + arrow
        return QSize(wide, metrics.height() + theme.GRID + 1)

    def paintEvent(self, event: object) -> None:
        """The ground also where there is no column, then the columns."""
        painter = QPainter(self.viewport())
        self._ground(painter, self.viewport().rect())
        painter.end()
        super().paintEvent(event)  # type: ignore[arg-type]

    def _ground(self, painter: QPainter, rect: QRect) -> None:
        painter.fillRect(rect, self.palette().window())
        painter.setPen(QPen(theme.line(self.palette()), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One title."""
        painter.save()
        self._ground(painter, rect)
        inner = rect.adjusted(_SIDE, 0, -_SIDE, -1)
        if self._sorted_by(section):
            inner = self._arrow(painter, inner)
        given = self.model().headerData(
            section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole
        )
        sides = self.defaultAlignment() if given is None else given
        ground = self.palette().window().color()
        painter.setPen(contrast.readable(theme.muted(self.palette()), ground))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            inner,
            Qt.AlignmentFlag(sides) | Qt.AlignmentFlag.AlignVCenter,
            self.fontMetrics().elidedText(self._text(section), elide, inner.width()),
        )
        painter.restore()

    def _arrow(self, painter: QPainter, inner: QRect) -> QRect:
        """Draw the direction of sorting at the right; returns what is left for the title."""
        option = QStyleOption()
        option.initFrom(self)
        top = inner.center().y() - _ARROW // 2
        option.rect = QRect(inner.right() - _ARROW, top, _ARROW, _ARROW)
        down = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        arrow = QStyle.PrimitiveElement
        kind = arrow.PE_IndicatorArrowDown if down else arrow.PE_IndicatorArrowUp
        self.style().drawPrimitive(kind, option, painter, self)
        return inner.adjusted(0, 0, -_ARROW - theme.GRID, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Other colours, another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.viewport().update()
