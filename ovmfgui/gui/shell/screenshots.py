"""Pictures of the window and of every view."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent

from ovmfgui.gui.views import VIEWS
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.shell.window import Window
    from ovmfgui.gui.views import Pose

_LONGEST_WAIT = 60.0
"""Seconds for background work, such as the reading of a file."""


@runtime_checkable
class _Posing(Protocol):
    def poses(self) -> Sequence[Pose]: ...


@runtime_checkable
class _Filling(Protocol):
    """A view that shows nothing by itself, and knows what makes a good picture."""

    def fill_for_picture(self) -> None: ...


_WITHOUT_FILE = ("matrix", "migration")
"""Views that show something with nothing open."""


def settle(window: Window, longest: float = _LONGEST_WAIT) -> None:
    """Let background work end and everything be drawn."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        if not window.document.tasks.tasks:
            break
        time.sleep(0.005)
    for _round in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


class _Camera:
    def __init__(self, window: Window, folder: Path) -> None:
        self._window = window
        self._folder = folder
        self.made: list[Path] = []

    def take(self, widget: QWidget, name: str) -> None:
        settle(self._window)
        path = self._folder / f"{name}.png"
        if not widget.grab().save(str(path), "PNG"):
            msg = f"{path} could not be written; choose another folder"
            raise Refused(msg)
        self.made.append(path)


def select_something(window: Window) -> None:
    """Select what shows most: a live variable, or else the first region with fields."""
    document, store = window.document, window.document.store
    if store is not None and store.live:
        record = next((r for r in store.live if r.name == "Boot0000"), store.live[0])
        document.select(Place(store.space, record.span))
        return
    for root in document.map:
        for region in root.walk():
            if region.fields:
                document.select(region.place)
                return


def take_pictures(window: Window, folder: Path, *, poses: bool = False) -> list[Path]:
    """Write a PNG of the window with each view in front, and of each view by itself.

    Args:
        window: shown, with something open or not.
        folder: made where it does not exist.
        poses: also of the states of interest that views name; they stay in the last one.

    Returns:
        The files written.

    Raises:
        Refused: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror}; choose another folder"
        raise Refused(msg) from error
    camera, tabs = _Camera(window, folder), window.middle.tabs
    front = tabs.current_id
    if window.document.inspection is None:
        camera.take(window, "welcome")
    for spec in VIEWS:
        if poses:
            select_something(window)
        if window.document.inspection is None and spec.id not in _WITHOUT_FILE:
            continue
        window.middle.bring_up(spec.id)
        view = tabs.view(spec.id)
        if poses and isinstance(view, _Filling):
            view.fill_for_picture()
        camera.take(window, f"window-{spec.id}")
        camera.take(view, spec.id)
        if spec.id == "migration":
            _take_steps(camera, window)
        if poses and isinstance(view, _Posing):
            _take_poses(camera, view, spec.id, view.poses())
    _take_verdict(camera, window)
    tabs.bring_up(front)
    return camera.made


def _take_steps(camera: _Camera, window: Window) -> None:
    migration = window.commands.migration
    if migration.shows_replay:
        view = migration.view()
        for step in view.replay.steps if view.replay is not None else ():
            view.show_step(step.n)
            camera.take(view, f"migration-step-{step.n:02}")


def _take_poses(camera: _Camera, view: QWidget, view_id: str, poses: Sequence[Pose]) -> None:
    for name, pose in poses:
        pose()
        camera.take(view, f"{view_id}-{name}")


def _take_verdict(camera: _Camera, window: Window) -> None:
    if window.document.verdict is not None:
        window.badge.open_reasons()
        camera.take(window.badge.window_of_reasons, "verdict")
        window.badge.window_of_reasons.hide()
