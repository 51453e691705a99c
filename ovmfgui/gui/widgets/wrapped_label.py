"""Text that takes as many lines as it needs in the width that it is given, long words too."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QPaintEvent

_WIDEST, _NARROWEST = 60, 12
"""Characters: the width that it asks for, and the one that it makes do with."""


class WrappedLabel(PlainLabel):
    """A label for text that comes from files: names of any length, and no markup.

    A ``QLabel`` breaks lines between words alone, so that one long name widens the window beyond
    the screen. This one breaks within words where it has to.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _margins(self) -> tuple[int, int]:
        inside, more = self.contentsMargins(), 2 * self.margin()
        return inside.left() + inside.right() + more, inside.top() + inside.bottom() + more

    def _laid_out(self, width: float) -> tuple[QTextLayout, float]:
        """The lines in this width, and how high they are together."""
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        high = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, high))
            high += line.height()
        layout.endLayout()
        return layout, high

    def hasHeightForWidth(self) -> bool:
        """It grows downwards."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the lines take in this width."""
        beside, above = self._margins()
        return ceil(self._laid_out(max(width - beside, 1))[1]) + above

    def sizeHint(self) -> QSize:
        """On one line where that is no wider than a line is read well."""
        beside, _above = self._margins()
        metrics = self.fontMetrics()
        lines = self.text().splitlines() or [""]
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 1
        width = min(wide, _WIDEST * metrics.averageCharWidth()) + beside
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Room for a word."""
        beside, above = self._margins()
        metrics = self.fontMetrics()
        width = min(self.sizeHint().width(), _NARROWEST * metrics.averageCharWidth() + beside)
        return QSize(width, metrics.height() + above)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines, in the middle or at the top as the alignment says."""
        rect = self.contentsRect().adjusted(*[self.margin()] * 2, *[-self.margin()] * 2)
        layout, high = self._laid_out(rect.width())
        middle = self.alignment() & Qt.AlignmentFlag.AlignVCenter
        top = rect.top() + (max(rect.height() - high, 0) / 2 if middle else 0)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout.draw(painter, QPointF(rect.left(), top))
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """All of the text can be copied."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy").triggered.connect(
            lambda: QGuiApplication.clipboard().setText(self.text())
        )
        menu.popup(event.globalPos())
