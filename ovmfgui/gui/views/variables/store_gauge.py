"""How the room in a variable store is spent, as a bar with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.drawing import declare_drawing

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from ovmfgui.nvram.store import Gauge

_BAR = 4 * theme.GRID
_SQUARE = 3 * theme.GRID


class StoreGauge(QProgressBar):
    """Live, dead and free bytes to scale, each with sign, word and number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[Kind, str, int], ...] = ()
        self._note = ""
        self._notes: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Room in the variable store")
        declare_drawing(self)

    def show_gauge(self, gauge: Gauge, largest: int, compacted: int) -> None:
        """Show how room is spent.

        Args:
            gauge: the figures.
            largest: bytes of name and value that still fit.
            compacted: that many once the dead bytes are won back.
        """
        self._parts = (
            (Kind.VARIABLE, "live", gauge.live),
            (Kind.DEAD_VARIABLE, "dead", gauge.dead),
            (Kind.FREE, "free", gauge.free),
        )
        more = f", {compacted:,} after compaction" if compacted > largest else ""
        self._note = f"largest new variable: {largest:,} bytes of name and value{more}"
        self._notes = (self._note, f"largest new: {largest:,}{more}", f"largest new: {largest:,}")
        # Its value is what a screen reader tells; it is drawn here.
        # A bar whose value changes repaints at once, and with it all of the window that waits for
        # being painted; that would be done twice.
        self.setUpdatesEnabled(False)
        self.setRange(0, max(gauge.total, 1))
        self.setValue(min(gauge.live + gauge.dead, gauge.total))
        self.setUpdatesEnabled(True)
        words = ", ".join(f"{size:,} bytes {word}" for _kind, word, size in self._parts)
        self.setAccessibleDescription(f"{words}; {self._note}")
        self.setToolTip(
            plain_tip(
                f"{words}, of {gauge.total:,}.\nFirmware wins the dead bytes back when it compacts "
                f"the store.\n{self._note[0].upper()}{self._note[1:]}."
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text under the bar."""
        height = _BAR + 2 * theme.GRID + self.fontMetrics().height()
        return QSize(80 * theme.GRID, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bar, then the figures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_bar(painter, QRectF(0, 0, self.width() - 1, _BAR))
        self._paint_words(painter, _BAR + 2 * theme.GRID)
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        total, left = sum(size for *_, size in self._parts), bar.left()
        edge = QPen(self._outline(theme.line(self.palette())), 1)
        for kind, _word, size in self._parts:
            # What there is at all must be seen.
            width = max(bar.width() * size / total, 2.0) if size else 0.0
            part = QRectF(left, bar.top(), min(width, bar.right() - left), bar.height())
            theme.kind_style(kind, self.palette()).paint(painter, part)
            left += width
            painter.setPen(edge)
            painter.drawLine(QPointF(left, bar.top()), QPointF(left, bar.bottom()))
        painter.setPen(edge)
        painter.drawRect(bar)

    def _outline(self, colour: QColor) -> QColor:
        """A colour as it can be seen on the window: some fills hardly differ from that."""
        return contrast.readable(colour, self.palette().window().color(), 3.0)

    def _paint_words(self, painter: QPainter, top: float) -> None:
        metrics, palette = self.fontMetrics(), self.palette()
        baseline, x = top + metrics.ascent(), 0.0
        for kind, word, size in self._parts:
            style = theme.kind_style(kind, palette)
            box = QRectF(x, top + (metrics.height() - _SQUARE) // 2, _SQUARE - 1, _SQUARE - 1)
            style.paint(painter, box)
            painter.setPen(QPen(self._outline(style.edge), 1))
            painter.drawRect(box)
            text = f"{word} {size:,}"
            painter.setPen(palette.text().color())
            painter.drawText(QPointF(x + _SQUARE + theme.GRID, baseline), text)
            x += _SQUARE + 5 * theme.GRID + metrics.horizontalAdvance(text)
        for note in self._notes:
            width = metrics.horizontalAdvance(note)
            if x + width <= self.width():
                painter.setPen(theme.muted(palette))
                painter.drawText(QPointF(self.width() - width, baseline), note)
                break
