"""What the colours and patterns of a map mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.spoken import SpokenRow, tell_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.flash.region import Kind

_SWATCH = 3 * theme.GRID


class Legend(QWidget):
    """A swatch and a word for each kind, in as many lines as the width asks for.

    Args:
        parent: where it stands.
        soft: whether the kinds are the grounds of bytes, fainter and without a pattern.
    """

    def __init__(self, parent: QWidget | None = None, *, soft: bool = False) -> None:
        super().__init__(parent)
        self._soft = soft
        self._kinds: tuple[Kind, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Legend")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds shown."""
        return self._kinds

    def set_kinds(self, kinds: Iterable[Kind]) -> None:
        """Which kinds to explain, in this order."""
        kinds = tuple(kinds)
        if kinds != self._kinds:
            self._kinds = kinds
            labels = [label for _kind, label in self._entries()]
            self.setAccessibleDescription(", ".join(labels))
            tell_rows(self)
            self.updateGeometry()
            self.update()

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """A row for each swatch, for a screen reader."""
        line = self.fontMetrics().height()
        places, _height = self._places(self.width())
        rows = []
        for place, (_kind, label) in zip(places, self._entries(), strict=True):
            wide = _SWATCH + theme.GRID + self.fontMetrics().horizontalAdvance(label)
            rows.append(SpokenRow(label, QRect(place.toPoint(), QSize(wide, line))))
        return tuple(rows)

    def _entries(self) -> list[tuple[Kind, str]]:
        palette = self.palette()
        return [(kind, theme.kind_style(kind, palette).label) for kind in self._kinds]

    def _places(self, width: int) -> tuple[list[QPointF], int]:
        metrics = self.fontMetrics()
        line = metrics.height() + theme.GRID
        x, y = 2 * theme.GRID, theme.GRID
        places: list[QPointF] = []
        for _kind, label in self._entries():
            wide = _SWATCH + theme.GRID + metrics.horizontalAdvance(label)
            if places and x + wide > width - theme.GRID:
                x, y = 2 * theme.GRID, y + line
            places.append(QPointF(x, y))
            x += wide + 4 * theme.GRID
        return places, (y + line if places else 0)

    def hasHeightForWidth(self) -> bool:
        """Its height depends on its width, since its line breaks."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As many lines as it takes."""
        return self._places(width)[1]

    def sizeHint(self) -> QSize:
        """At the present width."""
        width = max(self.width(), 320)
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may want other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a swatch and a word for each kind."""
        painter = QPainter(self)
        metrics, palette = self.fontMetrics(), self.palette()
        for place, (kind, label) in zip(
            self._places(self.width())[0], self._entries(), strict=True
        ):
            style = theme.kind_style(kind, palette)
            top = place.y() + (metrics.height() - _SWATCH) / 2
            swatch = QRectF(place.x(), top, _SWATCH, _SWATCH)
            if self._soft:
                painter.fillRect(swatch, theme.ground_of_bytes(kind, palette))
            else:
                style.paint(painter, swatch)
            ground = palette.color(self.backgroundRole())
            painter.setPen(QPen(contrast.readable(style.edge, ground, 3.0), 1))
            painter.drawRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(palette.windowText().color())
            x = place.x() + _SWATCH + theme.GRID
            painter.drawText(QPointF(x, place.y() + metrics.ascent()), label)
        painter.end()
