"""What views ask the window for, and the steps from difference to difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.shell.window import Window
    from ovmfgui.gui.views.compare.view import CompareView
    from ovmfgui.gui.views.matrix.view import MatrixView


class ComparisonCommands(QObject):
    """Connects views as they come into being."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._compare: CompareView | None = None
        window.middle.tabs.view_made.connect(self._on_made)
        window.files.compare_asked.connect(self.compare)
        window.files.matrix_asked.connect(self.judge)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "next-difference": lambda: self._step(1),
            "previous-difference": lambda: self._step(-1),
        }

    @property
    def can_step(self) -> bool:
        """Whether there are differences to step through."""
        return self._compare is not None and self._compare.can_step

    def compare(self, first: Sequence[str], second: Sequence[str]) -> None:
        """Open one image or pair, with the other beside it in the Compare view."""
        self._window.files.leave(lambda: self._open_beside(tuple(first), tuple(second)))

    def _open_beside(self, first: tuple[str, ...], second: tuple[str, ...]) -> None:
        self._window.document.open(first)
        self._window.middle.bring_up("compare")
        if self._compare is not None:
            self._compare.choose(second)

    def judge(self, paths: Sequence[str]) -> None:
        """Every CODE among these against every store, in the Matrix view."""
        self._window.middle.bring_up("matrix")
        view = cast("MatrixView", self._window.middle.tabs.view("matrix"))
        view.add(tuple(paths))

    def _step(self, direction: int) -> None:
        if self._compare is not None:
            self._compare.step(direction)

    def _on_made(self, view: QWidget) -> None:
        # By name: a view says what it wants, and only those in front have been imported.
        for name, slot in (("bytes_wanted", self._on_bytes), ("open_wanted", self._on_open)):
            signal = getattr(view, name, None)
            if signal is not None:
                signal.connect(slot)
        if view.objectName() == "view-compare":
            self._compare = cast("CompareView", view)
            self._compare.stepping_changed.connect(self._window.refresh)

    def _on_bytes(self) -> None:
        self._window.middle.bring_up("hex")

    def _on_open(self, paths: Sequence[str]) -> None:
        self._window.files.open(paths)
