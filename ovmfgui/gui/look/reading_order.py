"""The Tab key goes the way that the eye does: from the top down, from left to right, by columns.

Qt goes by the order in which widgets were made, which nobody sees and every change upsets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QTabBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Thing = TypeVar("_Thing")


def in_reading_order(things: Sequence[_Thing], rect_of: Callable[[_Thing], QRect]) -> list[_Thing]:
    """Rectangles in the order in which they are read.

    The picture is cut by the gaps that go right across it, into bands; a band by the gaps that go
    from its top to its bottom, into columns; and so on.
    """
    if len(things) < 2:
        return list(things)
    bands = _cut(things, lambda t: rect_of(t).top(), lambda t: rect_of(t).bottom())
    columns = _cut(things, lambda t: rect_of(t).left(), lambda t: rect_of(t).right())
    for groups in (bands, columns):
        if len(groups) > 1:
            return [each for group in groups for each in in_reading_order(group, rect_of)]
    return sorted(things, key=lambda t: (rect_of(t).top(), rect_of(t).left()))


def _cut(
    things: Sequence[_Thing], low: Callable[[_Thing], int], high: Callable[[_Thing], int]
) -> list[list[_Thing]]:
    """Groups with a gap between them along one axis."""
    groups: list[list[_Thing]] = []
    reach = 0
    for thing in sorted(things, key=low):
        if not groups or low(thing) > reach:
            groups.append([])
            reach = high(thing)
        groups[-1].append(thing)
        reach = max(reach, high(thing))
    return groups


def tab_stops(window: QWidget) -> list[QWidget]:
    """Where the Tab key stops in a window as it is now, in reading order."""
    stops = [widget for widget in window.findChildren(QWidget) if _is_stop(widget, window)]
    return _ordered(stops, window)


def _ordered(stops: Sequence[QWidget], root: QWidget) -> list[QWidget]:
    """Stops in ``root``; those in a scroll area come together, also where it is scrolled away."""
    groups: dict[QWidget, list[QWidget]] = {}
    for stop in stops:
        groups.setdefault(_area_around(stop, root) or stop, []).append(stop)

    def rect_of(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())

    found: list[QWidget] = []
    for each in in_reading_order(tuple(groups), rect_of):
        found += _ordered(groups[each], each) if isinstance(each, QScrollArea) else [each]
    return found


def _area_around(stop: QWidget, root: QWidget) -> QScrollArea | None:
    """The outermost scroll area in ``root`` that a stop lies in; None where there is none."""
    found, around = None, stop.parentWidget()
    while around is not None and around is not root:
        if isinstance(around, QScrollArea):
            found = around
        around = around.parentWidget()
    return found


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    # A scroll area that holds others is nothing by itself: what it holds is scrolled to.
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.window() is window
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollArea)
        and not (isinstance(widget, QTabBar) and widget.count() < 2)
        and _is_in_sight(_area_around(widget, window) or widget, window)
    )


def _is_in_sight(widget: QWidget, window: QWidget) -> bool:
    """Whether it lies in the window: Qt puts what other panes cover, and bars, beside it."""
    rect = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return rect.intersects(window.rect())


def step_focus(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the stop after the one that has it, or to that before; going round."""
    stops = tab_stops(window)
    if not stops:
        return False
    focused = QApplication.focusWidget()
    by = 1 if forward else -1
    before_all = -1 if forward else 0
    at = by + (stops.index(focused) if focused in stops else before_all)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    give_focus(stops[at % len(stops)], reason)
    return True


def give_focus(stop: QWidget, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> None:
    """Give a stop the keyboard, and scroll to where it can be seen."""
    stop.setFocus(reason)
    around = stop.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(stop)
        around = around.parentWidget()
