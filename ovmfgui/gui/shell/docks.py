"""The panes around the views: where each stands, and when it gives way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QTabBar

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow, QWidget

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_BELOW = ("Findings", "History", "Search", "Notes")
_AREAS = {"Sources": _LEFT, "Details": _RIGHT, **dict.fromkeys(_BELOW, _BOTTOM)}
_SPEAK_OF_WHAT_IS_OPEN = ("Details", *_BELOW)

_SIDES = (("Sources", 52 * theme.GRID, 0.145), ("Details", 80 * theme.GRID, 0.21))
"""Their width, and their share of a window in which all tabs would not be seen beside them."""

_ROOMY = 1200


class Docks:
    """The panes as docks of a window.

    Args:
        window: that they stand in.
        panes: Sources, Details, Findings, History, Search and Notes, by these titles.
    """

    def __init__(self, window: QMainWindow, panes: dict[str, QWidget]) -> None:
        self._window = window
        self._docks = {title: self._make(title, pane) for title, pane in panes.items()}
        self._folded: set[str] = set()
        self._widths: dict[str, int] = {}
        # What is measured of the view that was in front is out of date until the next turn.
        self._widening = QTimer(window)
        self._widening.setSingleShot(True)
        self._widening.setInterval(0)
        self._widening.timeout.connect(self._give_widths)
        self._place()

    def _make(self, title: str, pane: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock-{title.lower()}")
        dock.setWidget(pane)
        dock.toggleViewAction().setToolTip(plain_tip(f"Show or hide the pane {title}"))
        dock.toggleViewAction().setStatusTip(f"Show or hide the pane {title}")
        return dock

    def _place(self) -> None:
        window = self._window
        for title, dock in self._docks.items():
            window.addDockWidget(_AREAS[title], dock)
            dock.show()
        for first, second in pairwise(_BELOW):
            window.tabifyDockWidget(self._docks[first], self._docks[second])
        self._docks["Findings"].raise_()
        # Qt makes this bar itself, and names it nothing.
        for bar in window.findChildren(QTabBar):
            if not bar.accessibleName():
                bar.setAccessibleName("Panes")
        for corner in (Qt.Corner.TopLeftCorner, Qt.Corner.TopRightCorner):
            window.setCorner(corner, _LEFT if corner is Qt.Corner.TopLeftCorner else _RIGHT)
        self.fit_sides(_ROOMY)
        below = [self._docks["Findings"]]
        window.resizeDocks(below, [36 * theme.GRID], Qt.Orientation.Vertical)

    def toggles(self) -> Iterator[QAction]:
        """An action for each pane, that shows and hides it."""
        for dock in self._docks.values():
            yield dock.toggleViewAction()

    def reset(self) -> None:
        """All of them where they were at first."""
        self._folded.clear()
        self._widths.clear()
        self._place()

    def bring_up(self, title: str) -> None:
        """Show a pane, also where the view in front takes the room of all, and put it in front."""
        self._folded.discard(title)
        self._docks[title].show()
        self._docks[title].raise_()

    def make_way(self, *, first_page: bool, wide: bool, several: bool) -> None:
        """Hide the panes that have nothing to say now; the others come back as they were.

        Args:
            first_page: whether no view is in front: then there is nothing open to speak of.
            wide: whether the view in front tells all of itself and takes the room.
            several: whether there is something else to go to: Sources stays where it has room.
        """
        if first_page:
            self._fold(_SPEAK_OF_WHAT_IS_OPEN)
        elif not wide:
            self._fold(())
        elif several and self._window.width() >= _ROOMY:
            self._fold(_SPEAK_OF_WHAT_IS_OPEN)
        else:
            self._fold(tuple(self._docks))

    def bring_back(self) -> None:
        """All panes that gave way, so that a saved layout has them."""
        self._fold(())
        self._give_widths()

    def _fold(self, titles: tuple[str, ...]) -> None:
        for title, dock in self._docks.items():
            if title in titles:
                if not dock.isHidden():
                    self._folded.add(title)
                    # One that nobody has seen yet has no width of its own.
                    if dock.isVisible() and title not in self._widths:
                        self._widths[title] = dock.width()
                    dock.hide()
            elif title in self._folded:
                self._folded.remove(title)
                dock.show()
                self._widening.start()
                if title == "Findings":
                    dock.raise_()

    def _give_widths(self) -> None:
        """Those that have come back are as wide as they were."""
        back = [
            (self._docks[title], self._widths.pop(title))
            for title, _wide, _share in _SIDES
            if title in self._widths and not self._docks[title].isHidden()
        ]
        if back:
            # The least width of the view that was in front may still be waiting to be forgotten.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            docks, widths = map(list, zip(*back, strict=True))
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def fit_sides(self, width: int) -> None:
        """Give the panes at the sides their width, in a small window no more than their share.

        Those that are hidden have it once they come back.
        """
        self._widths = {
            title: wide if width >= _ROOMY else min(wide, round(share * width))
            for title, wide, share in _SIDES
        }
        self._give_widths()

    def fit_findings(self, wanted: int) -> None:
        """Give the findings the height that they want."""
        dock = self._docks["Findings"]
        if not dock.isHidden() and not dock.isFloating():
            title = dock.height() - dock.widget().height()
            # Those that share the place have a bar of tabs below them.
            bars = [
                bar for bar in self._window.findChildren(QTabBar) if bar.parent() is self._window
            ]
            tabs = max((bar.height() for bar in bars if bar.isVisible()), default=0)
            self._window.resizeDocks([dock], [wanted + title + tabs], Qt.Orientation.Vertical)

    def count_findings(self, counts: str) -> None:
        """How many there are, in the title of their pane."""
        self._docks["Findings"].setWindowTitle(f"Findings  {counts}" if counts else "Findings")
