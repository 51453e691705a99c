"""A line of text that gives way: cut at the end where there is no room for all of it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class ElidedLabel(PlainLabel):
    """A label that never asks for more width than there is; its tooltip has all that is cut.

    Args:
        text: plain, of any length.
        parent: where it stands.
        wide: whether it takes the room that its text needs, as far as there is that much.
    """

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wide: bool = False
    ) -> None:
        super().__init__(text, parent)
        across = QSizePolicy.Policy.Maximum if wide else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def event(self, event: QEvent) -> bool:
        """What is cut can be read in a tooltip, unless it has one that says more."""
        if event.type() == QEvent.Type.ToolTip and not self.toolTip():
            cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
            if isinstance(event, QHelpEvent):
                QToolTip.showText(event.globalPos(), f"<p>{escape(self.text())}</p>" if cut else "")
            return True
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters: the text is cut where there is no more."""
        return QSize(4 * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, cut where it has to be."""
        painter = QPainter(self)
        rect = self.contentsRect()
        mode = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), mode, rect.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(rect, self.alignment(), shown)
        painter.end()
