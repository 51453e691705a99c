"""What is asked for in the boot order becomes edits of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ovmfgui.gui.dialogs.compacting import edit_boot_entries, edit_variables
from ovmfgui.nvram.boot_options import boot_options, option_name
from ovmfgui.nvram.switches import toggled_activity
from ovmfgui.span import Place

if TYPE_CHECKING:
    from ovmfgui.gui.views.variables.boot_order_pane import BootOrderPane
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.boot_options import BootOption


class BootEdits(QObject):
    """Orders, removes, switches and selects the entries of a pane.

    Args:
        workbench: of the window.
        pane: where they are asked for.
    """

    def __init__(self, workbench: Workbench, pane: BootOrderPane) -> None:
        super().__init__(pane)
        self._workbench, self._pane = workbench, pane
        pane.add_asked.connect(workbench.actions["add-boot-entry"].trigger)
        pane.order_asked.connect(self._on_order)
        pane.remove_asked.connect(self._on_remove)
        pane.active_asked.connect(self._on_active)
        pane.next_asked.connect(self._on_next)
        pane.chosen.connect(self._on_chosen)
        pane.edit_asked.connect(workbench.actions["edit-variable"].trigger)

    def _on_order(self, numbers: tuple[int, ...]) -> None:
        done = edit_boot_entries(self._workbench, lambda editor: editor.order(numbers))
        document = self._workbench.document
        if not done and document.store is not None:
            # The rows were dragged already.
            self._pane.show_options(boot_options(document.store), document.read_only_because)

    def _on_remove(self, numbers: tuple[int, ...]) -> None:
        edit_boot_entries(self._workbench, lambda editor: editor.remove(*numbers))

    def _on_active(self, number: int) -> None:
        name = option_name(number)
        edit_variables(self._workbench, lambda editor: toggled_activity(editor, name))

    def _on_next(self, number: int | None) -> None:
        edit_boot_entries(self._workbench, lambda editor: editor.start_next(number))

    def _on_chosen(self, option: BootOption) -> None:
        document = self._workbench.document
        if document.store is not None and option.record is not None:
            document.select(Place(document.store.space, option.record.span))
