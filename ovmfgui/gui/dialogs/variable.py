"""Making a variable, or giving one another value; what firmware would write is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui import theme
from ovmfgui.gui.dialogs.value_input import ValueInput
from ovmfgui.guid import guid_name
from ovmfgui.nvram.editor import DEFAULT_ATTRIBUTES
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.vendors import GLOBAL, IMAGE_SECURITY
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.nvram.editor import Edit, Editor
    from ovmfgui.nvram.record import Record

_VENDORS = (GLOBAL, IMAGE_SECURITY)
_ATTRIBUTES = (
    (Attributes.NV, "NV", "Non-volatile: outlives a power cycle"),
    (Attributes.BS, "BS", "Boot services: firmware and boot loader see it"),
    (Attributes.RT, "RT", "Runtime: the operating system sees it"),
    (Attributes.AT, "AT", "Time-based authenticated: the operating system changes it with a "
     "signature only"),
)  # fmt: skip


class VariableDialog(QDialog):
    """Asks for a value and makes the edit.

    Attributes:
        edit: what was asked for; None until it is sound.
        key: vendor and name of the variable that it makes or changes.
    """

    def __init__(
        self, editor: Editor, record: Record | None = None, parent: QWidget | None = None
    ) -> None:
        """Edit ``record``, or make a new variable where None."""
        super().__init__(parent)
        self._editor = editor
        self._record = record
        self.edit: Edit | None = None
        self.key: tuple[UUID, str] | None = record.key if record is not None else None
        name = visible_name(record.name) if record is not None else ""
        self.setWindowTitle(f"Edit {name}" if record is not None else "New variable")
        self.name = QLineEdit(name, self)
        self.vendor = QComboBox(self)
        self.attributes = {flag: QCheckBox(word, self) for flag, word, _tip in _ATTRIBUTES}
        self.value = ValueInput(record.data if record is not None else b"", self)
        self.message = QLabel(self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._build()
        self._check()

    def _build(self) -> None:
        known = self._record
        self.vendor.setEditable(True)
        self.vendor.setAccessibleName("Vendor GUID")
        self.vendor.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for guid in _VENDORS:
            self.vendor.addItem(f"{guid}  {guid_name(guid)}", guid)
        if known is not None:
            self.vendor.setEditText(f"{known.guid}  {guid_name(known.guid)}".strip())
        for flag, _word, tip in _ATTRIBUTES:
            box = self.attributes[flag]
            box.setToolTip(tip)
            wanted = known.attributes if known is not None else DEFAULT_ATTRIBUTES
            box.setChecked(bool(wanted & flag))
            box.setEnabled(known is None and flag is not Attributes.NV)
            if known is not None:
                box.setToolTip(f"{tip}. Firmware lets no write change the attributes.")
        self.name.setReadOnly(known is not None)
        self.vendor.setEnabled(known is None)
        ticks = QHBoxLayout()
        ticks.setSpacing(4 * theme.GRID)
        for box in self.attributes.values():
            ticks.addWidget(box)
        ticks.addStretch(1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Name", self.name)
        form.addRow("&Vendor", self.vendor)
        form.addRow("Attributes", ticks)
        self.message.setWordWrap(True)
        # Two lines are kept free, so that the dialog does not jump while somebody types.
        self.message.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addLayout(form)
        column.addWidget(self.value, 1)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.resize(150 * theme.GRID, 110 * theme.GRID)
        self.name.textChanged.connect(self._check)
        self.vendor.currentTextChanged.connect(self._check)
        for box in self.attributes.values():
            box.toggled.connect(self._check)
        self.value.changed.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        (self.value if known is not None else self.name).setFocus()

    def _guid(self) -> UUID:
        text = self.vendor.currentText().split(" ")[0].strip()
        try:
            return UUID(text)
        except ValueError:
            msg = "The vendor is a GUID, such as 8be4df61-93ca-11d2-aa0d-00e098032b8c."
            raise Refused(msg) from None

    def _make(self) -> Edit:
        value = self.value.value()
        if self._record is not None:
            return self._editor.set_variable(self._record.name, self._record.guid, value)
        name, guid = self.name.text(), self._guid()
        if not name:
            msg = "Give the variable a name."
            raise Refused(msg)
        if not value:
            msg = "Give it a value, as hex, as text or from a file."
            raise Refused(msg)
        if self._editor.store.by_key.get((guid, name)) is not None:
            msg = f"There is a variable {name} of this vendor already; edit that one."
            raise Refused(msg)
        self.key = (guid, name)
        attributes = sum(int(flag) for flag, box in self.attributes.items() if box.isChecked())
        return self._editor.set_variable(name, guid, value, attributes)

    def _check(self, _what: object = None) -> None:
        try:
            self.edit = self._make()
        except Refused as refusal:
            self.edit = None
            self.message.setText(str(refusal))
        else:
            self.message.setText(self._will_do(self.edit))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(self.edit is not None and bool(self.edit.writes))

    def _will_do(self, edit: Edit) -> str:
        if not edit.writes:
            return "This is the value that it has: firmware would write nothing."
        room = self._editor.store.gauge.free - sum(
            len(write.data) for write in edit.writes if write.offset >= self._editor.store.end
        )
        count = len(edit.writes)
        writes = "1 flash write" if count == 1 else f"{count} flash writes"
        return f"{writes}, as firmware makes them; about {max(room, 0):,} bytes stay free."
