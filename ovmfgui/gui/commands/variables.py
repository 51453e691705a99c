"""What can be done with the variables: asked for by actions and by the Variables view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox

from ovmfgui.gui.commands.exchange import ExchangeCommands
from ovmfgui.gui.dialogs.boot_entry import BootEntryDialog
from ovmfgui.gui.dialogs.enrol import EnrolDialog
from ovmfgui.gui.dialogs.variable import VariableDialog
from ovmfgui.nvram import vendors
from ovmfgui.nvram.boot_options import BootEditor, option_name
from ovmfgui.nvram.decode.options import ACTIVE
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from PySide6.QtWidgets import QDialog, QWidget

    from ovmfgui.gui.dialogs.boot_entry import NewEntry
    from ovmfgui.gui.shell.window import Window
    from ovmfgui.gui.views.variables.view import VariablesView
    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

    Making = Callable[[bool], Edit]
    """Makes an edit; the argument says whether the store may be compacted for it."""

_SWITCH = "SecureBootEnable"


def toggled_secure_boot(editor: Editor) -> Edit:
    """Secure Boot the other way round, as firmware setup switches it.

    Raises:
        Refused: there is nothing to switch.
    """
    state = secure_boot(editor.store)
    if state is None or state.setup_mode:
        msg = "Secure Boot cannot be switched without a PK: enrol one first"
        raise Refused(msg)
    guid = vendors.SECURE_BOOT_ENABLE
    current = editor.store.by_key.get((guid, _SWITCH))
    attributes = attributes_of(guid, _SWITCH) if current is None else None
    return editor.set_variable(_SWITCH, guid, bytes([not state.enabled]), attributes)


def toggled_activity(editor: Editor, name: str) -> Edit:
    """A boot entry with the bit the other way round that has firmware try it by itself.

    Raises:
        Refused: there is none of that name, or no room.
    """
    record = editor.store.by_key.get((vendors.GLOBAL, name))
    if record is None:
        msg = f"there is no {name}"
        raise Refused(msg)
    first = record.data[0] ^ ACTIVE
    edit = editor.set_variable(name, vendors.GLOBAL, bytes([first]) + record.data[1:])
    word = "Activate" if first & ACTIVE else "Deactivate"
    return replace(edit, title=f"{word} {name}")


class VariableCommands(QObject):
    """Makes edits of the document's store; none of them touches the file."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self._view: VariablesView | None = None
        self.exchange = ExchangeCommands(window, self.do)
        window.middle.tabs.view_made.connect(self._on_made)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "new-variable": lambda: self._ask_value(None),
            "edit-variable": self._on_edit,
            "delete-variable": self._on_delete,
            "boot-order": self._on_boot_order,
            "add-boot-entry": self._on_add_entry,
            "toggle-secure-boot": self._on_toggle,
            "enrol-keys": self._on_enrol,
            "compact-store": self._on_compact,
            **self.exchange.handlers(),
        }

    @property
    def store(self) -> Store | None:
        """The store as edited."""
        return self._document.store

    def live_record(self) -> Record | None:
        """The live variable that is selected."""
        record = self._document.record_at(self._document.selection)
        return record if record is not None and record.status is Status.LIVE else None

    def can_toggle(self) -> bool:
        """Whether Secure Boot can be switched."""
        store = self.store
        if store is None or self._document.read_only_because:
            return False
        return store.authenticated and (vendors.GLOBAL, "PK") in store.by_key

    # Edits

    def do(self, make: Making) -> bool:
        """Make an edit and do it, asking first where the store has to be compacted for it.

        Returns:
            Whether anything was done.
        """
        try:
            edit = make(False)
        except Refused as refusal:
            found = self._with_room(make, refusal)
            if found is None:
                return False
            edit = found
        self._document.edit(edit)
        return True

    def _with_room(self, make: Making, refusal: Refused) -> Edit | None:
        """The edit once the store is compacted, where that helps and is wanted."""
        try:
            edit = make(True)
        except Refused:
            self._document.refused.emit(str(refusal))
            return None
        store = self.store
        dead = store.gauge.dead if store is not None else 0
        answer = QMessageBox.question(
            self._window,
            "No room in the store",
            f"{_sentence(str(refusal))}\n\nCompact the store first? That drops {dead:,} bytes of "
            "replaced and deleted records, as firmware does by itself when there is no room. It "
            "can be undone until it is saved.",
        )
        return edit if answer is QMessageBox.StandardButton.Yes else None

    def _with_editor(self, make: Callable[[Editor], Edit]) -> bool:
        return self.do(lambda compact: make(self._document.editor(compact=compact)))

    def _boot(self, make: Callable[[BootEditor], Edit]) -> bool:
        return self.do(lambda compact: make(self._boot_editor(compact)))

    def _boot_editor(self, compact: bool) -> BootEditor:
        editor = self._document.editor()
        return BootEditor(editor.data, limits=self._document.limits, compact=compact)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # One variable

    def _ask_value(self, record: Record | None) -> None:
        try:
            editor, roomy = self._document.editor(), self._document.editor(compact=True)
        except Refused as refusal:
            self._document.refused.emit(str(refusal))
            return
        dialog = VariableDialog(editor, record, self._window, roomy=roomy)
        dialog.accepted.connect(lambda: self._on_value(dialog))
        self._show(dialog)

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
            self._with_editor(lambda editor: editor.delete_variable(record.name, record.guid))

    def _select(self, key: tuple[UUID, str] | None) -> None:
        store = self.store
        record = store.by_key.get(key) if store is not None and key is not None else None
        if record is not None and store is not None:
            self._document.select(Place(store.space, record.span))

    def _on_compact(self) -> None:
        self._with_editor(lambda editor: editor.compact())

    # Boot entries

    def _on_boot_order(self) -> None:
        self._window.middle.bring_up("variables")
        if self._view is not None:
            self._view.show_boot_order()

    def _on_order(self, numbers: tuple[int, ...]) -> None:
        done = self._boot(lambda editor: editor.order(numbers))
        if not done and self._view is not None:
            # The rows were dragged already.
            self._view.refresh_boot_order()

    def _on_add_entry(self) -> None:
        dialog = BootEntryDialog(self._window)
        dialog.accepted.connect(lambda: self._add_entry(dialog.entry))
        self._show(dialog)

    def _add_entry(self, entry: NewEntry | None) -> None:
        if entry is None:
            return
        self._boot(
            lambda editor: editor.add(
                entry.description,
                entry.paths,
                optional=entry.optional,
                active=entry.active,
                position=0 if entry.first else None,
            )
        )
        self._on_boot_order()

    def _on_remove_entry(self, number: int) -> None:
        self._boot(lambda editor: editor.remove(number))

    def _on_active(self, number: int) -> None:
        name = option_name(number)
        self._with_editor(lambda editor: toggled_activity(editor, name))

    def _on_start_next(self, number: int | None) -> None:
        self._boot(lambda editor: editor.start_next(number))

    # Secure Boot

    def _on_toggle(self) -> None:
        self._with_editor(toggled_secure_boot)

    def _on_enrol(self) -> None:
        try:
            editor = self._document.editor(compact=True)
        except Refused as refusal:
            self._document.refused.emit(str(refusal))
            return
        dialog = EnrolDialog(editor, self._window)
        dialog.accepted.connect(lambda: self._enrol(dialog))
        self._show(dialog)

    def _enrol(self, dialog: EnrolDialog) -> None:
        wish = dialog.wish
        if wish is not None and self._with_editor(wish.make):
            self._select((wish.database.guid, wish.database.name))

    # The view

    def _on_made(self, view: QWidget) -> None:
        if view.objectName() != "view-variables":
            return
        self._view = made = cast("VariablesView", view)
        made.secure_boot.toggle_asked.connect(self._on_toggle)
        made.secure_boot.enrol_asked.connect(self._on_enrol)
        made.boot.order_asked.connect(self._on_order)
        made.boot.add_asked.connect(self._on_add_entry)
        made.boot.remove_asked.connect(self._on_remove_entry)
        made.boot.active_asked.connect(self._on_active)
        made.boot.next_asked.connect(self._on_start_next)
        made.boot.chosen.connect(lambda option: self._select((vendors.GLOBAL, option.name)))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
