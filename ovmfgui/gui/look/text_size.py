"""Text of another size, at once: of all that stands, and of what is made from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import row_height

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def resize_text(application: QApplication, share: int) -> None:
    """All text at ``share`` per cent of the desktop's size.

    A widget with a size of its own, such as a heading, stays as much larger than the rest as it
    was; columns keep as many letters.
    """
    before = application.font().pointSizeF()
    every = application.allWidgets()
    own = [
        (widget, widget.font().pointSizeF())
        for widget in every
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)
    ]
    theme.size_text(application, share)
    # Qt tells them later, and some never: those that have not been shown yet.
    for widget in application.topLevelWidgets():
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.ApplicationFontChange))
    ratio = application.font().pointSizeF() / before if before > 0 else 1.0
    if ratio == 1.0:
        return
    for widget, points in own:
        if points > 0 and widget.font().pointSizeF() == points:
            font = widget.font()
            font.setPointSizeF(points * ratio)
            widget.setFont(font)
    _resize_sections(every, ratio)


def _resize_sections(every: Iterable[QWidget], ratio: float) -> None:
    for widget in every:
        if isinstance(widget, QTableView):
            rows = widget.verticalHeader()
            rows.setMinimumSectionSize(row_height(widget))
            rows.setDefaultSectionSize(row_height(widget))
        if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
            for section in range(widget.count()):
                mode = widget.sectionResizeMode(section)
                last = section == widget.count() - 1 and widget.stretchLastSection()
                if mode is QHeaderView.ResizeMode.Interactive and not last:
                    widget.resizeSection(section, round(widget.sectionSize(section) * ratio))


class _FontWatch(QObject):
    """Calls a slot as a widget's font changes."""

    def __init__(self, widget: QWidget, slot: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget, self._slot = widget, slot
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure anew."""
        if event.type() is QEvent.Type.FontChange and watched is self._widget:
            self._slot()
        return super().eventFilter(watched, event)


def measured(widget: QWidget, slot: Callable[[], object]) -> None:
    """Have ``slot`` give sizes that come from a widget's font: now, and as that changes."""
    _FontWatch(widget, slot)
    slot()


def lines_high(widget: QWidget, lines: float) -> None:
    """Give a widget room for so many lines at least, whatever size its text has."""
    measured(
        widget,
        lambda: widget.setMinimumHeight(round(lines * widget.fontMetrics().lineSpacing())),
    )
