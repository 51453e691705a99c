"""Where the keyboard is: one ring in the accent colour, the same around everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from shiboken6 import isValid

from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_WIDE = 2
_MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.LayoutRequest,
)


class FocusRing(QWidget):
    """Lies over a window and follows the focus in it; the mouse goes through it.

    Qt's style marks buttons and lines of text, faintly, and nothing that paints itself.

    Args:
        window: that it lies over.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._around: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if isValid(self._window):
            self._follow(now if now is not None and now.window() is self._window else None)

    def _follow(self, widget: QWidget | None) -> None:
        for each in self._around:
            # What had the focus may be gone.
            if isValid(each):
                each.removeEventFilter(self)
        self._around = []
        # What the widget lies in moves it, too: as it is scrolled, or a pane is dragged.
        while widget is not None:
            self._around.append(widget)
            widget.installEventFilter(self)
            widget = None if widget is self._window else widget.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around it, wherever it goes."""
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        rect = self._ringed()
        if rect.isEmpty():
            self.hide()
            return
        self.setGeometry(rect)
        whole = QRect(QPoint(0, 0), rect.size())
        inner = whole.adjusted(_WIDE, _WIDE, -_WIDE, -_WIDE)
        self.setMask(QRegion(whole) - QRegion(inner))
        self.show()
        self.raise_()

    def _ringed(self) -> QRect:
        """What the ring goes around, in the window's coordinates; nothing where nothing is."""
        # Filters are told of moves while a dialog with the focus in it goes, parents first.
        if not self._around or not all(isValid(each) for each in self._around):
            return QRect()
        if not self._around[0].isVisible():
            return QRect()
        widget = self._around[0]
        own = widget.rect()
        if isinstance(widget, QTabBar):
            own = widget.tabRect(widget.currentIndex())
        rect = QRect(widget.mapTo(self._window, own.topLeft()), own.size())
        for around in self._around[1:]:
            # As much of it as is in sight.
            rect &= QRect(around.mapTo(self._window, QPoint(0, 0)), around.size())
        return rect

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The mask leaves the ring of it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.accent(QGuiApplication.palette()))
        painter.end()
