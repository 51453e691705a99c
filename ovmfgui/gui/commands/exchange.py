"""Variables out of the store into a file, and back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ovmfgui.flash.source import read_regular
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.importing import Import

_IMPORT = "Variables (*.json *.dmp *.dmpstore *-????????-????-*);;All files (*)"
_EXPORT = "JSON of virt-firmware and QEMU (*.json);;UEFI shell's dmpstore (*.dmpstore)"


class ExchangeCommands:
    """Variables from files into the store, and from the store into files."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        workbench.actions.bind(
            {"import-variables": self._on_import, "export-variables": self._on_export}
        )

    def _on_import(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self._workbench.owner, "Import variables", filter=_IMPORT
        )
        if path:
            self.import_from(path)

    def import_from(self, path: str) -> None:
        """Set every variable in a file, as one step."""
        from ovmfgui.gui.dialogs.importing import start_import

        document = self._workbench.document
        place = document.front

        def done(made: Import) -> None:
            document.edit(made.edit, place)
            if made.skipped:
                names = ", ".join(made.skipped[:4]) + (" …" if len(made.skipped) > 4 else "")
                self._workbench.tell(f"{made.edit.title}; left out as volatile: {names}")

        title = f"Importing {Path(path).name}"
        start_import(self._workbench, title, partial(_variables_in, path), done, place=place)

    def _on_export(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self._workbench.owner,
            "Export variables",
            "variables.json",
            _EXPORT,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write every live variable, as edited, into a new file: JSON, or dmpstore by its name."""
        from ovmfgui.nvram.exchange import to_dmpstore, to_json, variables_of
        from ovmfgui.nvram.saving import create

        store = self._workbench.document.store
        if store is None:
            return
        variables = variables_of(store)
        as_json = Path(path).suffix.casefold() == ".json"
        try:
            create(path, to_json(variables).encode() if as_json else to_dmpstore(variables))
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        what = count(len(variables), "variable is", "variables are")
        self._workbench.tell(f"{what} in {Path(path).name}.")


def _variables_in(path: str) -> tuple[Variable, ...]:
    from ovmfgui.nvram.exchange_formats import read_variables

    name = Path(path).name
    try:
        return read_variables(name, read_regular(path))
    except Refused as refusal:
        msg = f"{name}: {refusal}"
        raise Refused(msg) from refusal
