"""What can be done with the variables; each dialog is imported when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.commands.exchange import ExchangeCommands
from ovmfgui.gui.dialogs.compacting import edit_boot_entries, edit_variables
from ovmfgui.nvram import vendors
from ovmfgui.nvram.boot_options import boot_options
from ovmfgui.nvram.record import Status
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.gui.dialogs.boot_entry import NewEntry
    from ovmfgui.gui.dialogs.enrol import EnrolDialog
    from ovmfgui.gui.dialogs.variable import VariableDialog
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.record import Record


class VariableCommands:
    """Makes edits of the document's store; none of them touches the file."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.exchange = ExchangeCommands(workbench)
        workbench.actions.bind(
            {
                "new-variable": lambda: self._ask_value(None),
                "edit-variable": self._on_edit,
                "delete-variable": self._on_delete,
                "boot-order": self._show_boot_order,
                "add-boot-entry": self._on_add_entry,
                "toggle-secure-boot": self._on_toggle,
                "enrol-keys": self._on_enrol,
                "compact-store": lambda: edit_variables(workbench, lambda e: e.compact()),
            },
            {
                "editable": lambda: not self._document.read_only_because,
                "store": self._has_store,
                "variable": self._has_editable_variable,
                "secure-boot": self._can_toggle,
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def _has_store(self) -> bool:
        store = self._document.store
        return store is not None and store.readable

    def _has_editable_variable(self) -> bool:
        return not self._document.read_only_because and self.live_record() is not None

    def _can_toggle(self) -> bool:
        store = self._document.store
        if store is None or self._document.read_only_because:
            return False
        return store.authenticated and store.find("PK", vendors.GLOBAL) is not None

    def live_record(self) -> Record | None:
        """The live variable that is selected."""
        record = self._document.record_at(self._document.selection)
        return record if record is not None and record.status is Status.LIVE else None

    # One variable

    def _ask_value(self, record: Record | None) -> None:
        from ovmfgui.gui.dialogs.variable import VariableDialog

        try:
            editor, roomy = self._document.editor(), self._document.editor(compact=True)
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        dialog = VariableDialog(editor, record, self._workbench.owner, roomy=roomy)
        dialog.accepted.connect(lambda: self._on_value(dialog))
        self._workbench.open_dialog(dialog)

    def _on_value(self, dialog: VariableDialog) -> None:
        if dialog.edit is not None:
            self._document.edit(dialog.edit)
            self._select(dialog.key)

    def _on_edit(self) -> None:
        record = self.live_record()
        if record is not None:
            self._ask_value(record)

    def _on_delete(self) -> None:
        record = self.live_record()
        if record is not None:
            edit_variables(
                self._workbench, lambda editor: editor.delete_variable(record.name, record.guid)
            )

    def _select(self, key: tuple[UUID, str] | None) -> None:
        store = self._document.store
        record = store.by_key.get(key) if store is not None and key is not None else None
        if record is not None and store is not None:
            self._document.select(Place(store.space, record.span))

    # Boot entries

    def _show_boot_order(self) -> None:
        from ovmfgui.gui.views.variables.view import VariablesView

        self._workbench.show_view(VariablesView).show_boot_order()

    def _on_add_entry(self) -> None:
        from ovmfgui.gui.dialogs.boot_entry import BootEntryDialog

        dialog = BootEntryDialog(self._workbench.owner)
        dialog.accepted.connect(lambda: self._add_entry(dialog.entry))
        self._workbench.open_dialog(dialog)

    def _add_entry(self, entry: NewEntry | None) -> None:
        if entry is None:
            return
        before = self._boot_entries()
        edit_boot_entries(
            self._workbench,
            lambda editor: editor.add(
                entry.description,
                entry.paths,
                optional=entry.optional,
                active=entry.active,
                position=0 if entry.first else None,
            ),
        )
        self._show_boot_order()
        # What was made is what is worked on next.
        self._select(next(iter(self._boot_entries() - before), None))

    def _boot_entries(self) -> set[tuple[UUID, str]]:
        """The variables of those that are there."""
        store = self._document.store
        options = boot_options(store) if store is not None else ()
        return {option.record.key for option in options if option.record is not None}

    # Secure Boot

    def _on_toggle(self) -> None:
        from ovmfgui.nvram.switches import toggled_secure_boot

        edit_variables(self._workbench, toggled_secure_boot)

    def _on_enrol(self) -> None:
        from ovmfgui.gui.dialogs.enrol import EnrolDialog

        try:
            editor = self._document.editor(compact=True)
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        dialog = EnrolDialog(editor, self._workbench.owner)
        dialog.accepted.connect(lambda: self._enrol(dialog))
        self._workbench.open_dialog(dialog)

    def _enrol(self, dialog: EnrolDialog) -> None:
        wish = dialog.wish
        if wish is not None and edit_variables(self._workbench, wish.make):
            self._select((wish.database.guid, wish.database.name))
