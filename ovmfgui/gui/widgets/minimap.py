"""A whole file in one column beside its bytes: kinds, fill, what is marked, what is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.spans import SpanList, as_list
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QColor

    from ovmfgui.flash.byte_meaning import Mark
    from ovmfgui.flash.byte_overview import Part

_KINDS = 6 * theme.GRID
_FLAGS = 2 * theme.GRID
_LEAST = 2.0
"""Pixels that what is in sight, and a mark of one byte, is drawn high."""


class Minimap(QAbstractSlider):
    """From the first byte at the top to the last at the bottom; its value is a row of the grid.

    Left the kinds of region, beside them a bar as long as the part is full and as dark as it is
    mixed, at the right edge what was changed, found or noted.

    Signals:
        went: a row of the grid, to which the user went by mouse or key.
    """

    went = Signal(int)

    FILL = 6 * theme.GRID
    """Pixels that the bar of how full a part is takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = 0
        self._marks = Marks()
        self._parts: Sequence[Part] = ()
        self._flags: tuple[tuple[Callable[[], QColor], SpanList], ...] = ()
        self._drawn: QPixmap | None = None
        self._rows = 0
        self._describe: Callable[[int], str] | None = None
        self.setOrientation(Qt.Orientation.Vertical)
        # As in a scroll bar, down leads to higher offsets.
        self.setInvertedAppearance(True)
        self.setInvertedControls(True)
        self.setAccessibleName("Minimap")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.actionTriggered.connect(self._on_action)

    def sizeHint(self) -> QSize:
        """Narrow, and as high as it may be."""
        return QSize(_KINDS + self.FILL + _FLAGS + 2 * theme.GRID, 20 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    # What is shown

    def set_contents(
        self, size: int, marks: Iterable[Mark], describe: Callable[[int], str]
    ) -> None:
        """Another file of ``size`` bytes; how full it is comes later."""
        self._size, self._parts = size, ()
        self._marks = marks if isinstance(marks, Marks) else Marks(marks)
        self._describe = describe
        self._redraw()

    def set_overview(self, parts: Sequence[Part]) -> None:
        """How full and how mixed its parts are."""
        self._parts = parts
        self._redraw()

    def set_flags(self, flags: Iterable[tuple[Callable[[], QColor], Iterable[Span]]]) -> None:
        """Bytes to be marked at the edge, each group with its colour; the last lies on top."""
        self._flags = tuple((colour, as_list(spans)) for colour, spans in flags)
        self._redraw()

    def set_window(self, first: int, rows: int, total: int) -> None:
        """Which rows of ``total`` are in sight."""
        self._rows = rows
        self.setRange(0, max(total - rows, 0))
        self.setPageStep(max(rows, 1))
        self.setSingleStep(1)
        self.setValue(first)
        self._tell(total)
        self.update()

    def _tell(self, total: int) -> None:
        if not total or not self._size:
            self.setAccessibleDescription("no bytes")
            return
        per_row = -(-self._size // total)
        start = self.value() * per_row
        end = min(start + self._rows * per_row, self._size)
        what = self._describe(start) if self._describe is not None else ""
        told = self.in_words(start, end) + (f", {what}" if what else "").replace("\n", ", ")
        self.setAccessibleDescription(told)

    def name_of(self, offset: int) -> str:
        """What a place is called."""
        return f"0x{offset:X}"

    def in_words(self, start: int, end: int) -> str:
        """What is in sight, from ``start`` to before ``end``."""
        return f"0x{start:X} to 0x{max(end - 1, 0):X} of 0x{self._size:X} bytes are in sight"

    # Painting

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()

    def _picture(self) -> QPixmap:
        """All but the window: drawn once for each size."""
        ratio = self.devicePixelRatio()
        size = self.size() * ratio
        if self._drawn is None or self._drawn.size() != size:
            self._drawn = QPixmap(size)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(self.palette().base().color())
            painter = QPainter(self._drawn)
            self._paint(painter)
            painter.end()
        return self._drawn

    def _paint(self, painter: QPainter) -> None:
        palette, high = self.palette(), self.height()
        ink, base = theme.muted(palette), palette.base().color()
        left = theme.GRID
        for y in range(high if self._size else 0):
            start, end = self._size * y // high, self._size * (y + 1) // high
            # What has the middle of a row stands for it; between two, what comes first in it.
            kind = self._marks.at((start + end) // 2)
            if kind is None:
                kind = next(self._marks.within(self._bytes_at(y)), None)
            if kind is not None:
                fill = theme.kind_style(kind.kind, palette).fill
                painter.fillRect(QRectF(left, y, _KINDS, 1), fill)
            if self._parts:
                at = min(y * len(self._parts) // max(high, 1), len(self._parts) - 1)
                found = self._parts[at]
                shade = contrast.mix(ink, base, 0.25 + 0.75 * found.entropy / 8)
                wide = (self.FILL - 2) * found.used
                painter.fillRect(QRectF(left + _KINDS + 2, y, wide, 1), shade)
        edge = left + _KINDS + self.FILL
        for colour, spans in self._flags:
            # Asked row by row: of a hundred thousand marks a few hundred rows are seen.
            for y in range(high if len(spans) else 0):
                if spans.meets(self._bytes_at(y)):
                    painter.fillRect(QRectF(edge, y, _FLAGS, _LEAST), colour())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, and the window over it."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture())
        painter.setPen(theme.line(self.palette()))
        painter.drawLine(0, 0, 0, self.height())
        total = self.maximum() + self._rows
        if total and self._size:
            top = self.value() * self.height() / total
            high = max(self._rows * self.height() / total, _LEAST + 2)
            top = min(top, self.height() - high)
            painter.setPen(QPen(theme.accent(self.palette()), 2))
            painter.drawRect(QRectF(2, top + 1, self.width() - 4, max(high - 2, 1)))
        painter.end()

    def _bytes_at(self, y: int) -> Span:
        high = max(self.height(), 1)
        start = self._size * y // high
        return Span.between(start, max(self._size * (y + 1) // high, start + 1))

    # Going there

    def _on_action(self, _action: int) -> None:
        # Asked before Qt takes the position over as the value.
        self.went.emit(self.sliderPosition())

    def _go(self, event: QMouseEvent) -> None:
        total = self.maximum() + self._rows
        row = round(event.position().y() * total / max(self.height(), 1)) - self._rows // 2
        self.setValue(row)
        self.went.emit(self.value())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is in sight along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def event(self, event: QEvent) -> bool:
        """Tooltips say what stands there."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._size:
            offset = self._bytes_at(max(event.pos().y(), 0)).start
            what = self._describe(offset) if self._describe is not None else ""
            tip = f"{self.name_of(offset)}\n{what}".strip()
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)
