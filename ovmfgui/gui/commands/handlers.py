"""What the window's actions do, and when they can."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from ovmfgui.gui.actions.table import THEMES
from ovmfgui.gui.commands.comparison import ComparisonCommands
from ovmfgui.gui.commands.migration import MigrationCommands
from ovmfgui.gui.commands.store import StoreCommands
from ovmfgui.gui.commands.variables import VariableCommands
from ovmfgui.gui.dialogs.about import show_about
from ovmfgui.gui.dialogs.keys import KeysDialog
from ovmfgui.gui.dialogs.palette import CommandPalette
from ovmfgui.gui.views import VIEWS
from ovmfgui.layout.report import report_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QDialog

    from ovmfgui.gui.shell.window import Window


@runtime_checkable
class _Findable(Protocol):
    """A view in which something can be looked for."""

    def show_find(self) -> None: ...


class WindowCommands(QObject):
    """Handlers by action id."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self.variables = VariableCommands(window)
        self.store = StoreCommands(window)
        self.migration = MigrationCommands(window)
        self.comparison = ComparisonCommands(window)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action of the table does."""
        window, files, stack = self._window, self._window.files, self._document.undo_stack
        return {
            "open": files.ask_and_open,
            "open-half": files.ask_half,
            "open-demo": files.open_demo,
            "save": self._document.save,
            "save-as": files.save_as,
            "pictures": self._on_pictures,
            "close": files.close,
            "quit": window.close,
            "undo": stack.undo,
            "redo": stack.redo,
            "copy-bytes": self._on_copy_bytes,
            "copy-offset": self._on_copy_offset,
            "find": self._on_find,
            "reset-layout": window.reset_layout,
            "goto": window.goto.begin,
            "back": window.selections.back,
            "forward": window.selections.forward,
            "parent": self._on_parent,
            "child": self._on_child,
            "next-finding": lambda: window.findings.step(1),
            "previous-finding": lambda: window.findings.step(-1),
            "verdict": window.badge.open_reasons,
            "copy-report": self._on_copy_report,
            "palette": lambda: self._show(CommandPalette(window.actions_of, window)),
            "keys": lambda: self._show(KeysDialog(window.actions_of, window)),
            "about": lambda: show_about(window),
            **self.variables.handlers(),
            **self.store.handlers(),
            **self.migration.handlers(),
            **self.comparison.handlers(),
            **{f"theme-{name}": partial(window.dress, name) for name in THEMES},
            **{f"view-{view.id}": partial(self.bring_up, view.id) for view in VIEWS},
        }

    def view_actions(self) -> tuple[tuple[str, QAction], ...]:
        """The actions that show which view is in front."""
        return tuple((v.id, self._window.actions_of[f"view-{v.id}"]) for v in VIEWS)

    def conditions(self) -> Mapping[str, bool]:
        """Which of the table's conditions hold now."""
        document, window = self._document, self._window
        image = document.image
        editable = not document.read_only_because
        return {
            "open": image is not None,
            "half": image is not None and len(image.files) == 1 and document.verdict is None,
            "editable": editable,
            "variable": editable and self.variables.live_record() is not None,
            "store": document.store is not None and document.store.header_span is not None,
            "secure-boot": self.variables.can_toggle(),
            "recoverable": self.store.recoverable,
            "modified": document.modified,
            "can-undo": document.undo_stack.canUndo(),
            "can-redo": document.undo_stack.canRedo(),
            "can-go-back": window.selections.can_go_back,
            "can-go-forward": window.selections.can_go_forward,
            "selected": document.selection is not None,
            "findings": bool(window.findings.findings),
            "verdict": document.verdict is not None,
            "replay": self.migration.shows_replay,
            "scenario": self.migration.shows_scenario,
            "activity": self.migration.shows_activity,
            "differences": self.comparison.can_step,
        }

    def bring_up(self, view_id: str) -> None:
        """Show a view and give it the keyboard."""
        self._window.middle.bring_up(view_id)
        self._window.middle.tabs.view(view_id).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # The selection

    def _on_copy_bytes(self) -> None:
        image, place = self._document.image, self._document.selection
        if image is not None and place is not None:
            QGuiApplication.clipboard().setText(image.bytes_at(place).hex(" ").upper())

    def _on_copy_offset(self) -> None:
        place = self._document.selection
        if place is not None:
            QGuiApplication.clipboard().setText(f"0x{place.span.start:X}")

    def _on_find(self) -> None:
        view = self._window.middle.tabs.view(self._window.middle.tabs.current_id)
        if isinstance(view, _Findable):
            view.show_find()
        else:
            self._window.goto.begin()

    def _on_parent(self) -> None:
        place = self._document.selection
        around = [r.place for r in self._document.path_at(place) if r.place != place]
        if around:
            self._document.select(around[-1])

    def _on_child(self) -> None:
        path = self._document.path_at(self._document.selection)
        if path and path[-1].children:
            self._document.select(path[-1].children[0].place)

    # The whole

    def _on_copy_report(self) -> None:
        if self._document.inspection is not None:
            QGuiApplication.clipboard().setText(report_text(self._document.inspection))
            self._document.notice.emit("The report is on the clipboard.")

    def _on_pictures(self) -> None:
        from ovmfgui.gui.shell.screenshots import take_pictures

        folder = QFileDialog.getExistingDirectory(self._window, "A folder for the pictures")
        if folder:
            made = take_pictures(self._window, Path(folder))
            self._document.notice.emit(f"{len(made)} pictures are in {folder}.")
