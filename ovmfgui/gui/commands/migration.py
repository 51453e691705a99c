"""What is opened in the migration view, and what explains its errors."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog

from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.views.migration.playing import Playing
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.scenario.draft import Draft

LESSON = "scenarios/demo.toml"
"""The built-in story, among the shipped files."""


class MigrationCommands:
    """Opens in the migration view, which is made when it is first wanted."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        workbench.play_asked.connect(self.play)
        workbench.actions.bind(
            {
                "play-lesson": self.play_lesson,
                "lessons": self.show_lessons,
                "new-scenario": self.new_scenario,
                "scenario-of-open": self.scenario_of_open,
                "open-scenario": self._on_open,
                "attach-qemu": self._on_attach,
                "follow-machine": self._on_follow,
                "explain-error": self.explain,
            }
        )

    def _playing(self) -> Playing:
        from ovmfgui.gui.views.migration.view import MigrationView

        return self._workbench.show_view(MigrationView).playing

    # Opening

    def open(self, kind: str, path: str) -> None:
        """Open what is no image: a scenario, a recording or a trace."""
        match kind:
            case "scenario":
                self.play(Path(path))
            case "recording":
                self._playing().recording(path)
            case "trace":
                self._ask_before(path)

    def play_lesson(self) -> None:
        """Play the built-in story."""
        self.play(resource_path(LESSON))

    def show_lessons(self) -> None:
        """Show the index of the lessons, the view in front."""
        from ovmfgui.gui.views.migration.view import MigrationView

        self._workbench.show_view(MigrationView).show_lessons()

    def new_scenario(self) -> None:
        """Two hosts, a package and a guest, to be gone on with in the editor."""
        from ovmfgui.gui.views.migration.view import MigrationView
        from ovmfgui.migration.scenario.cast import TEMPLATE

        self._workbench.show_view(MigrationView).edit_played(str(resource_path(TEMPLATE)))

    def scenario_of_open(self) -> None:
        """Two hosts that both have the firmware that is open."""
        from ovmfgui.gui.views.migration.view import MigrationView
        from ovmfgui.migration.scenario.cast import begun_with

        image = self._workbench.document.image
        paths = tuple(file.path for file in image.files) if image is not None else ()
        if not paths or not all(Path(path).is_file() for path in paths):
            self._workbench.refuse("What is open lies in no file; save it, and open that.")
            return
        draft = begun_with(paths)
        self._workbench.show_view(MigrationView).edit_played(draft.path, draft)

    def play(self, scenario: Path | Draft) -> None:
        """Play a scenario, from its file or as it was made, the view in front."""
        playing = self._playing()
        if isinstance(scenario, Path):
            playing.scenario(scenario)
            return
        again = partial(playing.draft, scenario)
        playing.remember(scenario.path, again)
        again()

    def _ask_before(self, path: str) -> None:
        """A log does not say what the chip held before it."""
        from ovmfgui.gui.dialogs.trace import TraceDialog

        document = self._workbench.document
        image, index = document.image, document.store_file
        opened = image.files[index].path if image is not None and index is not None else ""
        dialog = TraceDialog(path, opened if Path(opened).is_file() else "", self._workbench.owner)
        dialog.accepted.connect(lambda: self.open_trace(path, dialog.before.text()))
        self._workbench.open_dialog(dialog)

    def open_trace(self, path: str, before: str) -> None:
        """Play a trace on the chip whose file is ``before``, the view in front."""
        self._playing().trace(path, before)

    def _on_open(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self._workbench.owner,
            "Open a migration scenario",
            str(resource_path("scenarios")),
            "Scenarios (*.toml);;All files (*)",
        )
        if path:
            self.play(Path(path))

    def _on_attach(self) -> None:
        self._ask_path(
            "Look at a running QEMU",
            "Path of its QMP socket (-qmp unix:PATH,server=on,wait=off). The guest is left alone.",
            "Look",
            self.attach,
        )

    def _on_follow(self) -> None:
        self._ask_path(
            "Follow a running machine",
            "Path of its QMP socket (-qmp unix:PATH,server=on,wait=off): each write is named.\n"
            "Or of its store's file, as under libvirt: what changed between two looks is named.\n"
            "The guest is left alone.",
            "Follow",
            self.follow,
        )

    def _ask_path(self, title: str, text: str, ok: str, then: Callable[[str], None]) -> None:
        """A socket is no file that a file dialog would offer."""
        dialog = QInputDialog(self._workbench.owner)
        dialog.setWindowTitle(title)
        dialog.setLabelText(text)
        dialog.setOkButtonText(ok)
        dialog.textValueSelected.connect(then)
        self._workbench.open_dialog(dialog)

    def follow(self, path: str) -> None:
        """Follow a running machine, the view in front."""
        from ovmfgui.gui.views.migration.view import MigrationView

        path = path.strip()
        if path:
            view = self._workbench.show_view(MigrationView)
            begin = partial(view.following.start, path)
            view.playing.remember(path, begin)
            begin()

    def attach(self, socket: str) -> None:
        """Show the chips of a running QEMU, and open them in the other views."""
        if socket.strip():
            self._playing().running(socket.strip())

    # Errors

    def explain(self) -> None:
        """A place to paste what QEMU or libvirt printed."""
        from ovmfgui.gui.dialogs.explain import ExplainDialog

        self._workbench.open_dialog(ExplainDialog(self._workbench))
