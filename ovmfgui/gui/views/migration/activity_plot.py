"""The writes over time and the wear of each block, plotted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.drawing import declare_drawing
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.spoken import Grouped
from ovmfgui.migration.recorded.activity import wear_bars

_hook = sys.excepthook
import pyqtgraph  # noqa: E402 after PySide6, so that it takes that

# It puts a hook of its own in place as it is imported.
sys.excepthook = _hook

if TYPE_CHECKING:
    from ovmfgui.migration.recorded.activity import Activity


class ActivityPlot(QWidget, Grouped):
    """Two plots side by side: steps to the right, blocks to the right.

    Signals:
        step_chosen: the step that was clicked on.
    """

    step_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activity: Activity | None = None
        self._step = 0
        self.amounts = self._plot()
        self.wear = self._plot()
        self._words = [PlainLabel(self), PlainLabel(self)]
        self.setAccessibleName("Activity")
        declare_drawing(self)
        self.worn = QWidget(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, 0)
        row.setSpacing(2 * theme.GRID)
        written = QWidget(self)
        pairs = zip((written, self.worn), self._words, (self.amounts, self.wear), strict=True)
        for half, label, plot in pairs:
            column = QVBoxLayout(half)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label)
            column.addWidget(plot, 1)
            row.addWidget(half, 3 if half is written else 2)
        self._amount_bars = pyqtgraph.BarGraphItem(x=[], height=[], width=0.8)
        self._wear_bars = pyqtgraph.BarGraphItem(x=[], height=[], width=0.8)
        self._marker = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self.amounts.addItem(self._amount_bars)
        self.amounts.addItem(self._marker)
        self.wear.addItem(self._wear_bars)
        self.amounts.viewport().installEventFilter(self)
        self.setMinimumHeight(20 * theme.GRID)
        self._dress()

    def _plot(self) -> pyqtgraph.PlotWidget:
        plot = pyqtgraph.PlotWidget(self)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFrameShape(plot.Shape.NoFrame)
        for side in ("bottom", "left"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        return plot

    def set_activity(self, activity: Activity) -> None:
        """Another replay's, at its first step."""
        self._activity = activity
        count = len(activity.amounts)
        self._amount_bars.setOpts(x=list(range(count)), height=list(activity.amounts))
        top = max(activity.amounts, default=0)
        self.amounts.setXRange(-0.6, max(count - 0.4, 0.6), padding=0)
        self.amounts.setYRange(0, max(top, 1) * 1.05, padding=0)
        self._words[0].setText(f"{activity.unit.capitalize()} at each step")
        self.amounts.setAccessibleName(self._words[0].text())
        # Most of what is recorded erases nothing.
        self.worn.setVisible(any(activity.erased))
        self.show_step(0)

    def show_step(self, index: int) -> None:
        """Mark a step, and show the wear up to it."""
        activity = self._activity
        self._step = index
        if activity is None or index >= len(activity.amounts):
            return
        self._marker.setValue(index)
        here = f"{activity.amounts[index]:,} {activity.unit} at step {index}"
        self.amounts.setAccessibleDescription(here)
        blocks, erases = wear_bars(activity, index)
        _last, final = wear_bars(activity, len(activity.amounts) - 1)
        self._wear_bars.setOpts(x=list(blocks), height=list(erases))
        if blocks:
            self.wear.setXRange(blocks[0] - 0.6, blocks[-1] + 0.6, padding=0)
        self.wear.setYRange(0, max(final, default=1) * 1.05, padding=0)
        least = "" if activity.counted else "at least "
        size = f"{activity.block_size // 1024} KiB"
        self._words[1].setText(f"Erases of each {size} block up to here: {least}{sum(erases):,}")
        self.wear.setAccessibleName(self._words[1].text())

    def step_at(self, x: float) -> int | None:
        """The step whose bar stands at ``x`` of the plot; None beside all of them."""
        if self._activity is None:
            return None
        step = round(x)
        return step if 0 <= step < len(self._activity.amounts) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The left button goes to a step, and scrubs while it is held."""
        moves = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove)
        if (
            event.type() in moves
            and isinstance(event, QMouseEvent)
            and event.buttons() & Qt.MouseButton.LeftButton
        ):
            scene = self.amounts.mapToScene(event.position().toPoint())
            step = self.step_at(self.amounts.plotItem.vb.mapSceneToView(scene).x())
            if step is not None and step != self._step:
                self.step_chosen.emit(step)
            return True
        return super().eventFilter(watched, event)

    def _dress(self) -> None:
        palette = self.palette()
        muted, accent = theme.muted(palette), theme.accent(palette)
        for plot in (self.amounts, self.wear):
            plot.setBackground(palette.base().color())
            for side in ("bottom", "left"):
                plot.getAxis(side).setPen(theme.line(palette))
                plot.getAxis(side).setTextPen(muted)
                plot.getAxis(side).setTickFont(self.font())
        worn = theme.severity_style(Severity.WARNING, palette).colour
        for bars, colour in ((self._amount_bars, accent), (self._wear_bars, worn)):
            # With an outline a bar among a thousand is still a pixel wide.
            bars.setOpts(brush=colour, pen=pyqtgraph.mkPen(colour, width=1))
        self._marker.setPen(pyqtgraph.mkPen(palette.text().color(), width=2))
        for label in self._words:
            label.setForegroundRole(palette.ColorRole.PlaceholderText)

    def changeEvent(self, event: QEvent) -> None:
        """The plots have their colours from the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
