"""The box in the toolbar that takes an offset, an address, a GUID or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.layout.lookup import completions, find_place
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from ovmfgui.gui.workbench import Workbench


class GoToBox(QLineEdit):
    """Enter selects what was named."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document = workbench.document
        self.setPlaceholderText("Go to: offset, address, GUID, variable …")
        self.setAccessibleName("Go to an offset, a guest address, a GUID or a name")
        self._show_key()
        workbench.actions.keys_changed.connect(self._show_key)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(70 * theme.GRID)
        self.setMaximumWidth(100 * theme.GRID)
        self._names = QStringListModel(self)
        self._stale = True
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.returnPressed.connect(self._on_return)
        document.inspection_changed.connect(self._on_inspection)
        workbench.actions.bind({"goto": self.begin})
        self._on_inspection()

    def _show_key(self) -> None:
        tip = "Offset in this file or guest address (hex), GUID, or a name"
        self.setToolTip(plain_tip(self._workbench.actions.tip_with_key(tip, "goto")))

    def begin(self) -> None:
        """Put the cursor here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _on_inspection(self) -> None:
        inspection = self._document.inspection
        self.setEnabled(inspection is not None)
        self._stale = True
        if self.hasFocus():
            self._renew()

    def _renew(self) -> None:
        """Gather the names: there are thousands, and nobody needs them before typing."""
        if self._stale:
            inspection, self._stale = self._document.inspection, False
            self._names.setStringList(completions(inspection) if inspection is not None else [])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have the names ready."""
        self._renew()
        super().focusInEvent(event)

    def _on_return(self) -> None:
        inspection, here = self._document.inspection, self._document.selection
        if inspection is None:
            return
        try:
            place = find_place(inspection, self.text(), here.space if here is not None else 0)
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        self._document.select(place)
