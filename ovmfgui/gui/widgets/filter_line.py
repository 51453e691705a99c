"""A line that leaves out rows, and a sentence below it where what it asks for is no pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_TIP = "Words, in any order; or a pattern between slashes, such as /^Boot000[1-3]$/"
_LEAST = 110 * theme.GRID


class _Note(WrappedLabel):
    def paintEvent(self, event: QPaintEvent) -> None:
        """With an edge: it lies over other text."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.line(self.palette()))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class FilterLine(QLineEdit):
    """Words, or a pattern between slashes.

    Attributes:
        note: what is wrong with the pattern. It lies over what is below the line: nothing moves
            under somebody's hands.
    """

    def __init__(self, hint: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setToolTip(plain_tip(_TIP))
        self.note = _Note("", parent)
        self.note.setMargin(2 * theme.GRID)
        self.note.setAutoFillBackground(True)
        Tint(self.note, theme.error_colour)
        self.note.hide()

    def tell(self, wrong: str) -> None:
        """Say what is wrong with the pattern, as whoever filters found it; nothing where empty."""
        self.setAccessibleDescription(wrong)
        self.note.setText(wrong)
        self.note.setVisible(bool(wrong))
        self._place()

    def _place(self) -> None:
        """Below the line, as wide as that or as it takes, within the view."""
        view = self.note.parentWidget()
        if self.note.isHidden() or view is None:
            return
        at = self.mapTo(view, QPoint(0, self.height()))
        wide = min(max(self.width(), _LEAST), view.width())
        left = max(min(at.x(), view.width() - wide), 0)
        self.note.setGeometry(QRect(left, at.y(), wide, self.note.heightForWidth(wide)))
        self.note.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The note goes along."""
        super().resizeEvent(event)
        self._place()
