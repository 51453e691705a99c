"""What stands in the Migration menu."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.role import role_of
from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.views.migration_view import MigrationView
    from ovmfgui.gui.window import Window

LESSON = "scenarios/demo.toml"
"""The built-in story, among the shipped files."""


class MigrationCommands(QObject):
    """Drives the migration view, which is made when it is first wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._view: MigrationView | None = None
        window.middle.tabs.view_made.connect(self._on_made)
        window.files.scenario_asked.connect(lambda path: self.play(Path(path)))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action of the menu does."""
        return {
            "play-lesson": self.play_lesson,
            "open-scenario": self._on_open,
            "next-step": lambda: self.view().player.step_forward(),
            "previous-step": lambda: self.view().player.step_back(),
            "first-step": lambda: self.view().player.to_first(),
            "last-step": lambda: self.view().player.to_last(),
        }

    @property
    def shows_replay(self) -> bool:
        """Whether there are steps to go through."""
        return self._view is not None and self._view.replay is not None

    def view(self) -> MigrationView:
        """The view; made now where it has not been."""
        self._window.middle.tabs.view("migration")
        assert self._view is not None
        return self._view

    def play_lesson(self) -> None:
        """Play the built-in story."""
        self.play(resource_path(LESSON))

    def play(self, path: Path) -> None:
        """Play a scenario file, the view in front."""
        self._window.middle.bring_up("migration")
        self.view().run_scenario(path)

    def _on_open(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self._window,
            "Open a migration scenario",
            str(resource_path("scenarios")),
            "Scenarios (*.toml);;All files (*)",
        )
        if path:
            self.play(Path(path))

    def _on_made(self, view: QWidget) -> None:
        from ovmfgui.gui.views.migration_view import MigrationView

        if isinstance(view, MigrationView):
            self._view = view
            view.replay_changed.connect(self._window.refresh)
            view.bytes_requested.connect(self._on_bytes)

    def _on_bytes(self, title: str, data: bytes) -> None:
        """Open what a host's file or chip holds at this step, like any other image."""
        role = role_of(data)
        if role is None:
            self._window.document.refused.emit(
                f"{title}: there is no firmware volume in these bytes, so nothing to inspect."
            )
            return
        files = (FlashFile(title, data, Format.RAW, role),)
        self._window.files.leave(lambda: self._show_bytes(title, files))

    def _show_bytes(self, title: str, files: tuple[FlashFile, ...]) -> None:
        self._window.document.open_made(title, lambda: files)
        self._window.middle.bring_up("hex")
