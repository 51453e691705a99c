"""Pictures of the window and of every view."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.shell.pages import PageStack
    from ovmfgui.gui.shell.verdict_badge import VerdictBadge
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.simulation.step import Replay

    Pose = tuple[str, Callable[[], None]]

_LONGEST_WAIT = 60.0
"""Seconds for background work, such as the reading of a file."""


@runtime_checkable
class _Posing(Protocol):
    def poses(self) -> Sequence[Pose]: ...


@runtime_checkable
class _Stepping(Protocol):
    """A view of something that goes on in steps, each worth a picture."""

    @property
    def replay(self) -> Replay | None: ...

    def show_step(self, index: int) -> None: ...


@runtime_checkable
class _Filling(Protocol):
    """A view that shows nothing by itself, and knows what makes a good picture."""

    def fill_for_picture(self) -> None: ...


_WITHOUT_FILE = ("matrix", "migration", "hosts")
"""Views that show something with nothing open."""


@dataclass(frozen=True, slots=True)
class Sitter:
    """What pictures are taken of.

    Attributes:
        whole: the window.
        workbench: what it shows.
        pages: where its views are.
        badge: that of the verdict.
    """

    whole: QWidget
    workbench: Workbench
    pages: PageStack
    badge: VerdictBadge

    @property
    def document(self) -> Document:
        """What is open."""
        return self.workbench.document


def settle(workbench: Workbench, longest: float = _LONGEST_WAIT) -> None:
    """Let background work end and everything be drawn."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        if not workbench.tasks.tasks:
            break
        time.sleep(0.005)
    for _round in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


class _Camera:
    def __init__(self, workbench: Workbench, folder: Path) -> None:
        self._workbench = workbench
        self._folder = folder
        self.made: list[Path] = []

    def take(self, widget: QWidget, name: str) -> None:
        # A picture is of what there is to see, not of where the keyboard happens to be.
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        settle(self._workbench)
        path = self._folder / f"{name}.png"
        if not widget.grab().save(str(path), "PNG"):
            msg = f"{path} could not be written; choose another folder"
            raise Refused(msg)
        self.made.append(path)


def select_something(document: Document) -> None:
    """Select what shows most: a live variable, or else the first region with fields."""
    store = document.store
    if store is not None and store.live:
        record = next((r for r in store.live if r.name == "Boot0000"), store.live[0])
        document.select(Place(store.space, record.span))
        return
    for root in document.map:
        for region in root.walk():
            if region.fields:
                document.select(region.place)
                return


def take_pictures(sitter: Sitter, folder: Path, *, poses: bool = False) -> list[Path]:
    """Write a PNG of the window with each view in front, and of each view by itself.

    Args:
        sitter: shown, with something open or not.
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
    camera, document = _Camera(sitter.workbench, folder), sitter.document
    front, opened = sitter.pages.tabs.current_id, document.front
    if opened.empty:
        camera.take(sitter.whole, "welcome")
    for spec in VIEWS:
        bring_what_fits(document, spec.id)
        if poses:
            select_something(document)
        if document.inspection is None and spec.id not in _WITHOUT_FILE:
            continue
        view = sitter.pages.bring_up(spec.id)
        if poses and isinstance(view, _Filling):
            view.fill_for_picture()
        camera.take(sitter.whole, f"window-{spec.id}")
        camera.take(view, spec.id)
        if isinstance(view, _Stepping) and view.replay is not None:
            for step in view.replay.steps:
                view.show_step(step.n)
                camera.take(view, f"{spec.id}-step-{step.n:02}")
        if poses and isinstance(view, _Posing):
            _take_poses(camera, view, spec.id, view.poses())
    bring_what_fits(document, "map")
    _take_verdict(camera, sitter)
    document.bring_to_front(opened)
    sitter.pages.tabs.bring_up(front)
    return camera.made


def bring_what_fits(document: Document, view_id: str) -> None:
    """Of all that is open, to the front what the view has something to tell of."""
    for opened in (document.front, *document.all_open):
        fits = opened.played if view_id == "migration" else opened.inspection
        if fits is not None:
            document.bring_to_front(opened)
            return


def _take_poses(camera: _Camera, view: QWidget, view_id: str, poses: Sequence[Pose]) -> None:
    for name, pose in poses:
        pose()
        camera.take(view, f"{view_id}-{name}")


def _take_verdict(camera: _Camera, sitter: Sitter) -> None:
    if sitter.document.verdict is not None:
        sitter.badge.open_reasons()
        camera.take(sitter.badge.window_of_reasons, "verdict")
        sitter.badge.window_of_reasons.hide()
