"""How hosts are added, in the Hosts view and in the settings: by a folder, or by a URI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget
from shiboken6 import isValid

from ovmfgui.hosts.crossing import hosts_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.refusal import Refused

FOLDER_TIP = "A host's folder that 'collect' made, or a folder of such"
URI_TIP = "A host that libvirt reaches"
_ASK_URI = (
    "A libvirt URI, such as qemu+ssh://host/system. It is connected to read-write: files are read "
    "through storage pools, which are removed afterwards; nothing else is changed on the host."
)


class AddingHosts(QObject):
    """Asks for hosts, and looks for them in the background: a folder may lie far away.

    Args:
        workbench: whose tasks look, and which shows dialogs.
        owner: what the dialogs belong to.
        parent: who owns this, and may be closed meanwhile.

    Signals:
        found: the names of hosts, one or more.
        refused: the ``Refused`` that says why there are none.
    """

    found = Signal(tuple)
    refused = Signal(object)

    def __init__(self, workbench: Workbench, owner: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench, self._owner = workbench, owner

    def ask_folder(self) -> None:
        """A folder, by the file dialog."""
        title = "A host's folder, or a folder of hosts"
        folder = QFileDialog.getExistingDirectory(self._owner, title)
        if folder:
            self.add((folder,))

    def ask_uri(self) -> None:
        """A URI, typed; nothing is connected to yet."""
        dialog = QInputDialog(self._owner)
        dialog.setWindowTitle("Add a host")
        dialog.setLabelText(_ASK_URI)
        dialog.setTextValue("qemu+ssh://")
        dialog.setOkButtonText("Add")
        dialog.textValueSelected.connect(lambda text: self.add((text.strip(),)))
        self._workbench.open_dialog(dialog)

    def add(self, names: Sequence[str]) -> None:
        """URIs, hosts' folders, or folders of such."""

        def work(_report: object) -> tuple[str, ...]:
            return tuple(host for name in names for host in hosts_in(name))

        self._workbench.tasks.start("Looking for hosts", work, self._on_found, self._on_refusal)

    def _on_found(self, names: tuple[str, ...]) -> None:
        if isValid(self):
            self.found.emit(names)
        else:
            # Who asked has been closed meanwhile; the hosts are wanted all the same.
            self._workbench.settings.add_hosts(names)

    def _on_refusal(self, refusal: Refused) -> None:
        if isValid(self):
            self.refused.emit(refusal)
        else:
            self._workbench.refuse(refusal)
