"""What stands in the Migration menu, and what is shown in the migration view when it is opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QObject, QSaveFile, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.role import role_of
from ovmfgui.refusal import Refused
from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.shell.window import Window
    from ovmfgui.gui.views.migration.view import MigrationView
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.progress import Report

LESSON = "scenarios/demo.toml"
"""The built-in story, among the shipped files."""


class MigrationCommands(QObject):
    """Drives the migration view, which is made when it is first wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._view: MigrationView | None = None
        window.middle.tabs.view_made.connect(self._on_made)
        window.files.migration_asked.connect(self.open)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action of the menu does."""
        return {
            "play-lesson": self.play_lesson,
            "open-scenario": self._on_open,
            "attach-qemu": self._on_attach,
            "edit-scenario": lambda: self.view().bar.edit_button.toggle(),
            "show-activity": lambda: self.view().bar.plot_button.toggle(),
            "next-step": lambda: self.view().player.step_forward(),
            "previous-step": lambda: self.view().player.step_back(),
            "first-step": lambda: self.view().player.to_first(),
            "last-step": lambda: self.view().player.to_last(),
            "export-lesson": self._on_export,
            "explain-error": self.explain,
        }

    @property
    def shows_replay(self) -> bool:
        """Whether there are steps to go through."""
        return self._view is not None and self._view.replay is not None

    @property
    def shows_scenario(self) -> bool:
        """Whether those are a scenario's."""
        return self._view is not None and self._view.bar.edit_button.isEnabled()

    @property
    def shows_activity(self) -> bool:
        """Whether there is something to plot."""
        return self._view is not None and self._view.bar.plot_button.isEnabled()

    def view(self) -> MigrationView:
        """The view; made now where it has not been."""
        self._window.middle.tabs.view("migration")
        assert self._view is not None
        return self._view

    # Opening

    def open(self, kind: str, path: str) -> None:
        """Open what is no image: a scenario, a recording or a trace."""
        match kind:
            case "scenario":
                self.play(Path(path))
            case "recording":
                self._window.files.leave(partial(self._open_recording, path))
            case "trace":
                self._ask_before(path)

    def play_lesson(self) -> None:
        """Play the built-in story."""
        self.play(resource_path(LESSON))

    def play(self, path: Path) -> None:
        """Play a scenario file, the view in front."""
        self._window.middle.bring_up("migration")
        self.view().playing.scenario(path)

    def _open_recording(self, path: str) -> None:
        self._window.middle.bring_up("migration")
        self.view().playing.recording(path)

    def _ask_before(self, path: str) -> None:
        """A log does not say what the chip held before it."""
        from ovmfgui.gui.dialogs.trace import TraceDialog

        document = self._window.document
        image, index = document.image, document.store_file
        opened = image.files[index].path if image is not None and index is not None else ""
        dialog = TraceDialog(path, opened if Path(opened).is_file() else "", self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.open_trace(path, dialog.before.text()))
        dialog.open()

    def open_trace(self, path: str, before: str) -> None:
        """Play a trace on the chip whose file is ``before``, the view in front."""
        self._window.middle.bring_up("migration")
        self.view().playing.trace(path, before)

    def _on_open(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self._window,
            "Open a migration scenario",
            str(resource_path("scenarios")),
            "Scenarios (*.toml);;All files (*)",
        )
        if path:
            self.play(Path(path))

    def _on_attach(self) -> None:
        """A socket is no file that a file dialog would offer."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Look at a running QEMU")
        dialog.setLabelText(
            "Path of its QMP socket (-qmp unix:PATH,server=on,wait=off). The guest is left alone."
        )
        dialog.setOkButtonText("Look")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(self.attach)
        dialog.open()

    def attach(self, socket: str) -> None:
        """Show the chips of a running QEMU, and open them in the other views."""
        if socket.strip():
            self._window.files.leave(partial(self._attach, socket.strip()))

    def _attach(self, socket: str) -> None:
        self._window.middle.bring_up("migration")
        self.view().playing.running(socket)

    def _on_made(self, view: QWidget) -> None:
        from ovmfgui.gui.views.migration.view import MigrationView

        if isinstance(view, MigrationView):
            self._view = view
            view.replay_changed.connect(self._window.refresh)
            view.bytes_requested.connect(self._on_bytes)
            view.chips_opened.connect(self._on_chips)

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

    def _on_chips(self, title: str, files: tuple[FlashFile, ...]) -> None:
        """A recording's chips, in all other views too; the view stays in front."""
        self._window.document.open_made(title, lambda: files)

    # Lessons and errors

    def _on_export(self) -> None:
        replay = self.view().replay
        if replay is None:
            return
        path, _filter = QFileDialog.getSaveFileName(
            self._window,
            "Save the lesson as a web page",
            f"{replay.scenario.name}.html",
            "Web pages (*.html)",
        )
        if path:
            self.export(replay, path)

    def export(self, replay: Replay, path: str) -> None:
        """Write the lesson's page, whole or not at all."""
        document = self._window.document
        document.tasks.start(
            f"Writing {Path(path).name}",
            partial(_write_page, replay, path),
            lambda size: document.notice.emit(f"The lesson is in {path} ({size:,} bytes)."),
            self._on_failure,
        )

    def _on_failure(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self._window.document.refused.emit(str(error))

    def explain(self) -> None:
        """A place to paste what QEMU or libvirt printed."""
        from ovmfgui.gui.dialogs.explain import ExplainDialog

        dialog = ExplainDialog(self._window.document, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _write_page(replay: Replay, path: str, report: Report) -> int:
    from ovmfgui.migration.lesson.page import lesson_page

    report(0, 2, "drawing the pictures")
    page = lesson_page(replay).encode()
    report(1, 2, "writing")
    file = QSaveFile(path)
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(page) == len(page)
    if not written or not file.commit():
        msg = f"{path} cannot be written: {file.errorString()}; choose another place"
        raise Refused(msg)
    return len(page)
