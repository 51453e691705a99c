"""The window within its screen, frame and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_FRAME = QSize(2, 38)
"""What window managers put around a window; theirs is known only once it has been shown."""


def within(room: QRect, wanted: QRect, frame: QSize, least: QSize) -> QRect:
    """Where a window stands so that all of it is seen.

    Args:
        room: of the screen, without the desktop's panels.
        wanted: the window, frame and all.
        frame: how much of that is the frame.
        least: the window's least size, without the frame; it counts where the room is less.

    Returns:
        The window, frame and all.
    """
    size = wanted.size().boundedTo(room.size()).expandedTo(least + frame)
    at = QPoint(
        max(min(wanted.left(), room.right() + 1 - size.width()), room.left()),
        max(min(wanted.top(), room.bottom() + 1 - size.height()), room.top()),
    )
    return QRect(at, size)


def keep_on_screen(window: QWidget) -> None:
    """Make a window as small as its screen and move it there, where it is larger or beside it."""
    if window.isMaximized() or window.isFullScreen():
        return
    inner, outer = window.geometry(), window.frameGeometry()
    frame = outer.size() - inner.size()
    if not window.isVisible() or frame.isEmpty():
        frame = _FRAME
        outer = QRect(outer.topLeft(), inner.size() + frame)
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    kept = within(window.screen().availableGeometry(), outer, frame, least)
    if kept.size() != outer.size():
        window.resize(kept.size() - frame)
    if kept.topLeft() != outer.topLeft():
        window.move(kept.topLeft())
