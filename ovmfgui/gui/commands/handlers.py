"""All commands, each bound to its action; the views and the window bind what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.commands.curing import CureCommands
from ovmfgui.gui.commands.files import FileCommands
from ovmfgui.gui.commands.migration import MigrationCommands
from ovmfgui.gui.commands.reports import ReportCommands
from ovmfgui.gui.commands.secure_boot import SecureBootCommands
from ovmfgui.gui.commands.selection import SelectionCommands
from ovmfgui.gui.commands.session import SessionCommands
from ovmfgui.gui.commands.store import StoreCommands
from ovmfgui.gui.commands.variables import VariableCommands
from ovmfgui.gui.look.term_hints import term_here

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench


class Commands:
    """What the actions do, by what they are about.

    Attributes:
        files: what opens, saves and closes.
        variables: what edits the variables.
        secure_boot: what enrols profiles of keys.
        session: what brings back what was open.
        store: what concerns the store's file as a whole.
        reports: what is written for others to read.
        cures: what verdicts and findings advise.
        migration: what opens in the migration view.
        selection: what moves and copies the selection.
    """

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.variables = VariableCommands(workbench)
        self.secure_boot = SecureBootCommands(workbench)
        self.store = StoreCommands(workbench)
        self.cures = CureCommands(workbench)
        ReportCommands(workbench)
        self.migration = MigrationCommands(workbench)
        self.files = FileCommands(workbench, self.migration.open)
        self.session = SessionCommands(workbench, self.migration.open)
        self.selection = SelectionCommands(workbench)
        workbench.term_asked.connect(self.explain_term)
        workbench.actions.bind(
            {
                "undo": self._undo,
                "redo": lambda: self._document.undo_stack.redo(),
                "palette": self._show_palette,
                "help": self._show_help,
                "keys": self._show_keys,
                "settings": self._show_settings,
                "about": self._show_about,
            },
            {
                "can-undo": lambda: self._undoing or self._document.undo_stack.canUndo(),
                "can-redo": lambda: self._document.undo_stack.canRedo(),
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    @property
    def _undoing(self) -> bool:
        """Whether a change of a scenario is what comes next."""
        return self._workbench.undoing is not None and self._workbench.undoing.can_undo

    def _undo(self) -> None:
        other = self._workbench.undoing
        if other is not None and other.can_undo:
            other.undo()
        else:
            self._document.undo_stack.undo()

    def _show_palette(self) -> None:
        from ovmfgui.gui.dialogs.palette import CommandPalette

        workbench = self._workbench
        workbench.open_dialog(CommandPalette(workbench.actions, workbench.owner))

    def _show_help(self) -> None:
        """The help, at the term that is chosen or below the mouse."""
        self.explain_term(term_here())

    def explain_term(self, term: str) -> None:
        """Show the help, at a term of the glossary where one is named."""
        from ovmfgui.gui.dialogs.help import HelpDialog

        dialog = HelpDialog(self._workbench.actions, self._workbench.owner)
        if term:
            dialog.show_term(term)
        self._workbench.open_dialog(dialog)

    def _show_keys(self) -> None:
        from ovmfgui.gui.dialogs.keys import KeysDialog

        workbench = self._workbench
        workbench.open_dialog(KeysDialog(workbench.actions, workbench.settings, workbench.owner))

    def _show_settings(self) -> None:
        from ovmfgui.gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._workbench)
        dialog.keys_wanted.connect(self._show_keys)
        self._workbench.open_dialog(dialog)

    def _show_about(self) -> None:
        from ovmfgui.gui.dialogs.about import show_about

        show_about(self._workbench.owner)
