"""All commands, each bound to its action; the views and the window bind what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.gui.commands.files import FileCommands
from ovmfgui.gui.commands.migration import MigrationCommands
from ovmfgui.gui.commands.selection import SelectionCommands
from ovmfgui.gui.commands.store import StoreCommands
from ovmfgui.gui.commands.variables import VariableCommands
from ovmfgui.gui.dialogs.about import show_about
from ovmfgui.gui.dialogs.keys import KeysDialog
from ovmfgui.gui.dialogs.palette import CommandPalette
from ovmfgui.layout.report import report_text

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench


class Commands:
    """What the actions do, by what they are about.

    Attributes:
        files: what opens, saves and closes.
        variables: what edits the variables.
        store: what concerns the store's file as a whole.
        migration: what opens in the migration view.
        selection: what moves and copies the selection.
    """

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.variables = VariableCommands(workbench)
        self.store = StoreCommands(workbench)
        self.migration = MigrationCommands(workbench)
        self.files = FileCommands(workbench, self.migration.open)
        self.selection = SelectionCommands(workbench)
        actions = workbench.actions
        actions.bind(
            {
                "undo": lambda: self._document.undo_stack.undo(),
                "redo": lambda: self._document.undo_stack.redo(),
                "copy-report": self._copy_report,
                "palette": lambda: workbench.open_dialog(CommandPalette(actions, workbench.owner)),
                "keys": lambda: workbench.open_dialog(KeysDialog(actions, workbench.owner)),
                "about": lambda: show_about(workbench.owner),
            },
            {
                "can-undo": lambda: self._document.undo_stack.canUndo(),
                "can-redo": lambda: self._document.undo_stack.canRedo(),
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def _copy_report(self) -> None:
        inspection = self._document.inspection
        if inspection is not None:
            QGuiApplication.clipboard().setText(report_text(inspection))
            self._workbench.tell("The report is on the clipboard.")
