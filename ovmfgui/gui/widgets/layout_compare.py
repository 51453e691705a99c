"""Two layouts of a variable store side by side, their boundaries joined by lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ovmfgui.finding import Severity
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets import layout_walk
from ovmfgui.gui.widgets.drawing import declare_drawing
from ovmfgui.gui.widgets.join_words import JoinWords, broken_labels, quiet_height
from ovmfgui.gui.widgets.map_geometry import Wish, without_overlap
from ovmfgui.gui.widgets.map_painting import MapPainter
from ovmfgui.gui.widgets.spoken import SpokenRow, tell_choice
from ovmfgui.layout.columns import LayoutColumn, joins_of
from ovmfgui.layout.verdict import Fit
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from ovmfgui.layout.columns import Area, Join

_PAD = theme.GRID
_FEW = 200
"""Areas of a column that are all drawn; a volume of real firmware has ten."""


class LayoutCompare(QWidget):
    """Both columns on one scale of addresses, the highest on top; what does not meet is broken.

    Signals:
        chosen: 0 for the left column or 1 for the right one, and the ``Area`` clicked there.
    """

    chosen = Signal(object, object)

    hints = ("Click for the bytes in CODE that say so", "Click to select it")
    """What a click does at the left and at the right; ends the tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declare_drawing(self)
        self._columns: tuple[LayoutColumn, ...] = ()
        self._addresses = True
        self._hovered: tuple[int, Area] | None = None
        self._current: tuple[int, Area] | None = None
        self._marked: tuple[int, Area] | None = None
        self._drawing: MapPainter | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What CODE expects against what VARS provides")

    def sizeHint(self) -> QSize:
        """Room for two columns and what is between them."""
        return QSize(720, 420)

    def minimumSizeHint(self) -> QSize:
        """Below this the labels have no room."""
        return QSize(320, 160)

    def set_columns(
        self, left: LayoutColumn | None, right: LayoutColumn | None, *, addresses: bool = True
    ) -> None:
        """What to compare; None for nothing. Without ``addresses`` bases count as offsets."""
        self._columns = (left, right) if left is not None and right is not None else ()
        self._addresses = addresses
        self._hovered = self._marked = None
        self._current = layout_walk.first(self._columns)
        self._describe()
        self.update()

    def mark(self, side: int, area: Area | None) -> None:
        """Outline an area as the selected one; None takes the outline away."""
        marked = None if area is None else (side, area)
        if marked != self._marked:
            self._marked = marked
            self._current = marked or self._current
            tell_choice(self)
            self.update()

    @property
    def current(self) -> tuple[int, Area] | None:
        """The column and the area that the keyboard is at."""
        return self._current

    def _describe(self) -> None:
        texts = [f"{join.name}: {self._join_text(join)}" for join in self.joins]
        if self._current is not None and self.hasFocus():
            side, area = self._current
            here = f"{self._columns[side].title}: {area.name}, {size_text(area.size)}"
            texts.insert(0, here)
        self.setAccessibleDescription("; ".join(texts))
        tell_choice(self)

    @property
    def columns(self) -> tuple[LayoutColumn, ...]:
        """The left and the right column; none where there is nothing to compare."""
        return self._columns

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of area in sight."""
        shown = {area.kind for column in self._columns for area in column.areas}
        return tuple(kind for kind in Kind if kind in shown)

    @property
    def joins(self) -> tuple[Join, ...]:
        """The boundaries that both columns know."""
        return joins_of(*self._columns) if self._columns else ()

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """Both columns from the top down, then where they meet, for a screen reader."""
        rows = [
            SpokenRow(
                f"{column.title}: {area.name}, {size_text(area.size)}, "
                f"from {self._position(column.base + area.start)}",
                self.rect_of(side, area).toAlignedRect(),
                self._current == (side, area),
                partial(self.chosen.emit, side, area),
            )
            for side, column in enumerate(self._columns)
            for area in sorted(column.areas, key=lambda each: -each.start)
        ]
        for join in self.joins:
            (left, width), (right, _width) = self._boxes()
            high, low = sorted((self._y(join.left), self._y(join.right)))
            rect = QRectF(left + width, high - 2, right - left - width, low - high + 4)
            rows.append(SpokenRow(f"{join.name}: {self._join_text(join)}", rect.toAlignedRect()))
        return tuple(rows)

    def _join_text(self, join: Join) -> str:
        if join.meets:
            return f"both at {self._position(join.left)}"
        apart = f"{join.distance:,} bytes {self._apart}"
        return f"{self._position(join.left)} against {self._position(join.right)}, {apart}"

    def _position(self, address: int) -> str:
        return f"0x{address:08X}" if self._addresses else f"+0x{address:X}"

    # Places

    def _pen(self) -> MapPainter:
        if self._drawing is None:
            self._drawing = MapPainter(self.palette(), self.font())
        return self._drawing

    def _boxes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        gutter = round(self._pen().fixed_metrics.horizontalAdvance("0xFFFFFFFF") + 4 * _PAD)
        width = round(min((self.width() - 2 * gutter) * 0.28, 260))
        return (gutter, width), (self.width() - gutter - width, width)

    def _frame(self) -> tuple[float, float]:
        top = round(2 * self._pen().metrics.height() + 4 * _PAD)
        return top, max(self.height() - top - 4 * _PAD, 40)

    def _y(self, address: int) -> float:
        top, height = self._frame()
        lowest = min(column.base for column in self._columns)
        highest = max(column.end for column in self._columns)
        return top + height * (highest - address) / max(highest - lowest, 1)

    def rect_of(self, side: int, area: Area) -> QRectF:
        """Where an area of the left (0) or right (1) column is drawn."""
        column, (left, width) = self._columns[side], self._boxes()[side]
        top = self._y(column.base + area.start + area.size)
        return QRectF(left, top, width, self._y(column.base + area.start) - top)

    def _seen(self, column: LayoutColumn) -> Sequence[Area]:
        """A column's areas; of a damaged image's thousands those that drawing can tell apart.

        Of what lies within half a pixel the first stands for the rest.
        """
        if len(column.areas) <= _FEW:
            return column.areas
        base = column.base
        highest = max(each.end for each in self._columns)
        lowest = min(each.base for each in self._columns)
        step = (highest - lowest) / self._frame()[1] / 2
        seen: list[Area] = []
        beyond: float = base
        for area in column.areas:
            if area.size >= step or base + area.start + area.size > beyond:
                seen.append(area)
                beyond = base + area.start + max(area.size, step)
        return seen

    def _area_at(self, point: QPointF) -> tuple[int, Area] | None:
        for side, column in enumerate(self._columns):
            near = [
                (abs(self.rect_of(side, area).center().y() - point.y()), area)
                for area in self._seen(column)
                if self.rect_of(side, area).adjusted(0, -2, 0, 2).contains(point)
            ]
            if near:
                # Of two that overlap by the reach of two pixels the lower one in height is meant.
                smallest = min(near, key=lambda pair: (pair[1].size, pair[0]))
                return side, smallest[1]
        return None

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Columns, then the lines between them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        if self._columns:
            for side in (0, 1):
                self._paint_column(painter, side)
            self._paint_joins(painter)
        painter.end()

    def _paint_column(self, painter: QPainter, side: int) -> None:
        drawing, column = self._pen(), self._columns[side]
        left, width = self._boxes()[side]
        drawing.heading(painter, left, width + 8 * _PAD, column.title, column.note)
        frame = QRectF(left, self._y(column.end), width, self._y(column.base) - self._y(column.end))
        for area in self._seen(column):
            rect = self.rect_of(side, area)
            drawing.kind_ground(painter, area.kind, rect)
            drawing.caption(painter, area.name, size_text(area.size), rect)
            painter.setPen(QPen(drawing.line, 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
        painter.setPen(QPen(drawing.line, 1))
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        self._paint_outlines(painter, side)
        wishes = [Wish(self._y(column.base), self._position(column.base), 0)]
        wishes += [Wish(frame.top(), self._position(column.end), 0)]
        # Where variables end is what most depends on; near it others go without a number.
        wishes += [
            Wish(self._y(each.address), self._position(each.address), rank)
            for rank, each in enumerate(column.boundaries(), 1)
            if each.address not in (column.base, column.end)
        ]
        if side == 0:
            drawing.addresses(painter, wishes, left, left)
        else:
            self._addresses_right(painter, wishes, left + width)

    def _paint_outlines(self, painter: QPainter, side: int) -> None:
        walked = self._current if self.hasFocus() else None
        for spot, strong in ((self._hovered, False), (walked, False), (self._marked, True)):
            if spot is not None and spot[0] == side:
                self._pen().outline(painter, self.rect_of(*spot), strong=strong)

    def _addresses_right(self, painter: QPainter, wishes: list[Wish], left: float) -> None:
        drawing = self._pen()
        painter.setFont(drawing.fixed)
        for wish in without_overlap(wishes, drawing.fixed_metrics.height()):
            y = round(wish.y) - 0.5
            painter.setPen(QPen(drawing.line, 1))
            painter.drawLine(QPointF(left, y), QPointF(left + 2 * _PAD, y))
            painter.setPen(drawing.muted)
            where = QPointF(left + 2 * _PAD, y - drawing.fixed_metrics.descent())
            painter.drawText(where, wish.text)

    def _paint_joins(self, painter: QPainter) -> None:
        drawing = self._pen()
        bad = theme.severity_style(Severity.ERROR, self.palette()).colour
        (left, width), (right, _width) = self._boxes()
        start, stop = left + width, right
        for join in self.joins:
            ends = QPointF(start, self._y(join.left)), QPointF(stop, self._y(join.right))
            if join.meets:
                painter.setPen(QPen(drawing.line, 1))
            else:
                painter.setPen(QPen(bad, 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(*ends)
        centre = (start + stop) / 2
        room = stop - start - 4 * _PAD
        labels = broken_labels(self.joins, self._y, self._words(room - 4 * _PAD))
        for wish in without_overlap(labels, drawing.metrics.height() + 2 * _PAD):
            drawing.plate(painter, wish.text, QPointF(centre, wish.y), room, bad)
        if not labels:
            style = theme.fit_style(Fit.FITS, self.palette())
            text = f"{style.sign} all boundaries meet"
            where = QPointF(
                centre, quiet_height([self._y(join.left) for join in self.joins], self._frame())
            )
            drawing.plate(painter, text, where, room, style.colour)

    def _words(self, room: float) -> JoinWords:
        metrics = self._pen().metrics
        return JoinWords(
            self._position, self._apart, lambda text: metrics.horizontalAdvance(text) <= room
        )

    @property
    def _apart(self) -> str:
        """What becomes of the bytes between two boundaries that do not meet."""
        left, right = self._columns
        same = (left.base, left.size) == (right.base, right.size)
        return "overlap" if same else "apart"

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what a click would select."""
        self._hover(self._area_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, found: tuple[int, Area] | None) -> None:
        if found != self._hovered:
            self._hovered = found
            clickable = found is not None
            shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the mouse."""
        found = self._area_at(event.position())
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self._current = found
            self._describe()
            self.update()
            self.chosen.emit(*found)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from area to area, Enter selects."""
        here = self._current
        if here is None:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                by = 1 if event.key() == Qt.Key.Key_Up else -1
                self._walk_to(layout_walk.up_or_down(self._columns, here, by))
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                side = 0 if event.key() == Qt.Key.Key_Left else 1
                self._walk_to(layout_walk.across(self._columns, here, side))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.chosen.emit(*here)
            case _:
                super().keyPressEvent(event)

    def _walk_to(self, spot: tuple[int, Area]) -> None:
        self._current = spot
        self._describe()
        self.update()
        QToolTip.showText(
            self.mapToGlobal(self.rect_of(*spot).center().toPoint()), self._tip(spot), self
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Draw without the outline around the current area."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._drawing = None
            self.update()

    def event(self, event: QEvent) -> bool:
        """Tooltips: what, where, and whether it meets."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._area_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._tip(found), self)
            return True
        return super().event(event)

    def _tip(self, found: tuple[int, Area] | None) -> str:
        if found is None:
            return ""
        side, area = found
        lines = [area.name, f"from 0x{area.start:X} on, {size_text(area.size)} (0x{area.size:X})"]
        lines += [self._join_text(join) for join in self.joins if join.name == area.name]
        return "\n".join([*lines, self.hints[side]])
