"""What can be done with the keys of Secure Boot as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.gui.dialogs.profile import ProfileDialog
    from ovmfgui.gui.workbench import Workbench


class SecureBootCommands:
    """Enrols profiles of public keys; one edit, which can be undone."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        workbench.actions.bind({"enrol-profile": self._on_profile}, {"keys": self._can_enrol})

    def _can_enrol(self) -> bool:
        document = self._workbench.document
        store = document.store
        return store is not None and store.authenticated and not document.read_only_because

    def _on_profile(self) -> None:
        from ovmfgui.gui.dialogs.profile import ProfileDialog

        dialog = ProfileDialog(self._workbench.document, self._workbench.owner)
        dialog.text.asked.connect(self._workbench.term_asked)
        dialog.accepted.connect(lambda: self._enrol(dialog))
        self._workbench.open_dialog(dialog)

    def _enrol(self, dialog: ProfileDialog) -> None:
        if dialog.review is not None and not dialog.review.nothing:
            self._workbench.document.edit(dialog.review.edit)
            key = self._workbench.actions.key_text("save")
            saved = f" {key} saves it." if key else ""
            self._workbench.tell(f"{dialog.review.edit.title}.{saved}")
