"""Tabs that are drawn anew only where they change."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget


class SteadyTabs(QTabWidget):
    """Lays itself out where its tabs or its pages ask for another size, and leaves it there.

    A label anywhere on a page whose text changes asks all that is around it to be laid out, and
    QTabWidget then repaints the whole page, whether or not any size is another one
    (QTabWidget::setUpLayout).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[QSize, ...] = ()

    def event(self, event: QEvent) -> bool:
        """Pass over a request for a layout that would be the one there is."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            asked = (self.tabBar().sizeHint(), self.sizeHint(), self.minimumSizeHint())
            if asked == self._asked:
                return True
            self._asked = asked
        return super().event(event)
