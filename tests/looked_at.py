"""Gross faults of a window as it is painted: what is blank, and labels that are cut off."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton

from ovmfgui.gui.widgets.elided_label import ElidedLabel

FEWEST_COLOURS = 12
"""A window with text has more: letters are smoothed."""
_STEP = 3


def faults(window, image):
    """What is wrong with a window, in words.

    Args:
        window: a top-level widget that is shown.
        image: what was painted of it.
    """
    colours = {
        image.pixel(x, y)
        for x in range(0, image.width(), _STEP)
        for y in range(0, image.height(), _STEP)
    }
    if len(colours) < FEWEST_COLOURS:
        yield f"{name_of(window)} is blank"
    for widget in window.findChildren(QLabel):
        if _seen(widget) and widget.text() and not isinstance(widget, ElidedLabel):
            yield from _cut(widget)
    for button in window.findChildren(QAbstractButton):
        if _seen(button) and button.text() and _shows_text(button):
            wanted = button.minimumSizeHint().width()
            if button.width() < min(wanted, _width_of(button)):
                yield f"{name_of(button)} is cut off: {button.width()} of {wanted} px"


def _seen(widget):
    """Qt keeps the panes behind a tab beyond the window's edge, and calls them visible.

    What has no size at all is looked at: it was squeezed to nothing.
    """
    window = widget.window()
    at = QRect(widget.mapTo(window, QPoint()), widget.size().expandedTo(QSize(1, 1)))
    return widget.isVisible() and window.rect().intersects(at)


def name_of(widget):
    text = widget.text() if hasattr(widget, "text") else widget.windowTitle()
    return f"{type(widget).__name__} “{text or widget.accessibleName()}”"


def _shows_text(button):
    only_icon = Qt.ToolButtonStyle.ToolButtonIconOnly
    shown = isinstance(button, QToolButton) and button.toolButtonStyle() == only_icon
    return not (shown and not button.icon().isNull())


def _width_of(button):
    return button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text()).width()


def _cut(label):
    room = label.contentsRect().size()
    if label.wordWrap():
        wanted = QSize(0, label.heightForWidth(label.width()) - 2 * label.margin())
    else:
        wanted = label.minimumSizeHint()
    if room.width() < wanted.width() - 1 or room.height() < wanted.height() - 1:
        have = f"{room.width()} × {room.height()}"
        yield f"{name_of(label)} is cut off: {have} of {wanted.width()} × {wanted.height()} px"
