"""How the parts of the migration view lie, and which share of the height each gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedLayout, QWidget

from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QResizeEvent

    from ovmfgui.gui.views.migration.bytes_drawer import BytesDrawer
    from ovmfgui.gui.views.migration.side import Side
    from ovmfgui.gui.views.migration.stage import Stage
    from ovmfgui.gui.views.migration.step_words import StepWords


class Arrangement(QWidget):
    """The index of lessons, or what is played: stage and side above drawer, words and plot."""

    def __init__(
        self,
        index: QWidget,
        stage: Stage,
        side: Side,
        drawer: BytesDrawer,
        words: StepWords,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawer = drawer
        self._words = words
        self._plot: QWidget | None = None
        self._divided = False
        self._hosts = _scrolled(stage)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.addWidget(self._hosts)
        across.addWidget(side)
        across.setStretchFactor(0, 5)
        across.setStretchFactor(1, 2)
        across.setSizes([680, 320])
        across.setChildrenCollapsible(False)
        drawer.hide()
        self._down = QSplitter(Qt.Orientation.Vertical, self)
        for widget, stretch in ((across, 6), (drawer, 3), (words, 1)):
            self._add(widget, stretch)
        self._down.setChildrenCollapsible(False)
        self._down.splitterMoved.connect(self._on_divided)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(index)
        self._stack.addWidget(self._down)

    def _add(self, widget: QWidget, stretch: int) -> None:
        self._down.addWidget(widget)
        self._down.setStretchFactor(self._down.count() - 1, stretch)

    def show_index(self) -> None:
        """The index of lessons."""
        self._stack.setCurrentIndex(0)

    def show_played(self) -> None:
        """What is played."""
        self._stack.setCurrentIndex(1)

    def add_plot(self, plot: QWidget) -> None:
        """Below all else; it is made when it is first wanted."""
        self._plot = plot
        self._add(plot, 2)

    def reveal(self, rect: QRectF) -> None:
        """Scroll to a rectangle of the stage, in its pixels."""
        middle = rect.center().toPoint()
        self._hosts.ensureVisible(middle.x(), middle.y(), 0, round(rect.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As long as nobody has moved a divider, the text gets its share of the height."""
        super().resizeEvent(event)
        self.share_unless_divided()

    def share_unless_divided(self) -> None:
        """Share the height anew, if the user has not done so."""
        if not self._divided:
            self.share_height()

    def share_height(self) -> None:
        """The words get what they need, drawer and plot a third each, the stage the rest."""
        whole = self._down.height()
        words = self._words.wanted_height(whole)
        drawer = 0 if self._drawer.isHidden() else whole // 3
        plot = 0 if self._plot is None or self._plot.isHidden() else whole // 3
        sizes = [whole - words - drawer - plot, drawer, words]
        self._down.setSizes([*sizes, plot] if self._plot is not None else sizes)

    def _on_divided(self) -> None:
        self._divided = True


def _scrolled(stage: Stage) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(stage)
    area.setMinimumHeight(24 * theme.GRID)
    return area
