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
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.dialogs.value_input import ValueInput
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.guid import guid_name
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.editor import DEFAULT_ATTRIBUTES
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.forms import form_for
from ovmfgui.nvram.hot_keys import keys_passed_over, with_hot_keys
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.vendors import GLOBAL, IMAGE_SECURITY
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

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
        self,
        editor: Editor,
        record: Record | None = None,
        parent: QWidget | None = None,
        *,
        roomy: Editor | None = None,
    ) -> None:
        """Edit ``record``, or make a new variable where None.

        Args:
            editor: of the store.
            record: the variable.
            parent: the window.
            roomy: the same that compacts the store where there is no room; None: not an offer.
        """
        super().__init__(parent)
        self._editor = editor
        self._roomy = roomy
        self._record = record
        self.edit: Edit | None = None
        self.key: tuple[UUID, str] | None = record.key if record is not None else None
        name = visible_name(record.name) if record is not None else ""
        self.setWindowTitle(f"Edit {name}" if record is not None else "New variable")
        self.name = QLineEdit(name, self)
        self.vendor = QComboBox(self)
        self.attributes = {flag: QCheckBox(word, self) for flag, word, _tip in _ATTRIBUTES}
        self.value = (
            ValueInput(record.data, self, form=form_for(record.guid, record.name))
            if record is not None
            else ValueInput(b"", self)
        )
        self.keep_keys = QCheckBox("", self)
        self._kept: tuple[str, ...] = ()
        self.message = WrappedLabel("", self)
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
            box.setToolTip(plain_tip(tip))
            wanted = known.attributes if known is not None else DEFAULT_ATTRIBUTES
            box.setChecked(bool(wanted & flag))
            box.setEnabled(flag is not Attributes.NV)
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
        self.keep_keys.setChecked(True)
        self.keep_keys.setToolTip(
            plain_tip("Firmware passes over a hot key that holds another CRC than its boot entry's")
        )
        self.keep_keys.hide()
        # Two lines are kept free, so that the dialog does not jump while somebody types.
        self.message.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addLayout(form)
        column.addWidget(self.value, 1)
        column.addWidget(self.keep_keys)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        wide = 190 if self.value.form is not None else 150
        self.resize(wide * theme.GRID, 136 * theme.GRID)
        self.name.textChanged.connect(self._check)
        self.vendor.currentTextChanged.connect(self._check)
        for box in self.attributes.values():
            box.toggled.connect(self._check)
        self.keep_keys.toggled.connect(self._check)
        self.value.changed.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        if known is not None:
            self.value.begin()
        else:
            self.name.setFocus()

    def _guid(self) -> UUID:
        text = self.vendor.currentText().split(" ")[0].strip()
        try:
            return UUID(text)
        except ValueError:
            msg = "The vendor is a GUID, such as 8be4df61-93ca-11d2-aa0d-00e098032b8c."
            raise Refused(msg) from None

    def _make(self, editor: Editor) -> Edit:
        value = self.value.value()
        name, guid = self.name.text(), self._guid()
        if not name:
            msg = "Give the variable a name."
            raise Refused(msg)
        if not value:
            msg = "Give it a value, as hex, as text or from a file."
            raise Refused(msg)
        known = self._record
        attributes = sum(int(flag) for flag, box in self.attributes.items() if box.isChecked())
        if known is not None:
            return self._with_keys(editor, self._change(editor, known, attributes, value))
        if editor.store.by_key.get((guid, name)) is not None:
            msg = f"There is a variable {name} of this vendor already; edit that one."
            raise Refused(msg)
        self.key = (guid, name)
        return editor.set_variable(name, guid, value, attributes)

    def _change(self, editor: Editor, known: Record, ticked: int, value: bytes) -> Edit:
        """Another value, other attributes and another name, as far as they are others."""
        shown = sum(int(flag) for flag in self.attributes)
        attributes = known.attributes & ~shown | ticked
        # Names can hold what no line of text can.
        same_name = self.name.text() == visible_name(known.name)
        name, guid = known.name if same_name else self.name.text(), self._guid()
        self.key = (guid, name)
        if self.key == known.key and attributes == known.attributes:
            return editor.set_variable(known.name, known.guid, value)
        batch = Batch(editor.data, editor.generation, editor.limits, editor.compact_if_full)
        edit = (
            batch.editor.set_variable(known.name, known.guid, value)
            if attributes == known.attributes
            else batch.editor.change_attributes(known.name, known.guid, attributes, data=value)
        )
        title = edit.title
        batch.add(edit)
        if self.key != known.key:
            edit = batch.editor.rename_variable(known.name, known.guid, name, guid)
            title = edit.title
            batch.add(edit)
        return batch.edit(title)

    def _with_keys(self, editor: Editor, edit: Edit) -> Edit:
        """The edit, with the hot keys that it would break where that is wanted."""
        if self.key is None or self.key[0] != GLOBAL:
            return edit
        kept, keys = with_hot_keys(editor, edit)
        if keys:
            named = " and ".join(keys)
            self.keep_keys.setText(f"Keep hot &keys working: {named} with the new CRC of the entry")
        self.keep_keys.setVisible(bool(keys))
        self._kept = keys if self.keep_keys.isChecked() else ()
        return kept if self._kept else edit

    def _check(self, _what: object = None) -> None:
        word = "OK"
        try:
            self.edit = self._make(self._editor)
            self.message.setText(self._will_do(self.edit))
        except Refused as refusal:
            self.edit = self._with_room()
            if self.edit is not None:
                word = "Compact and write"
                dead = self._editor.store.gauge.dead
                self.message.setText(
                    f"{refusal}. The store is compacted for it: {dead:,} bytes of superseded "
                    "and deleted records go, as when firmware finds no room."
                )
            else:
                self.message.setText(str(refusal))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(word)
        ok.setEnabled(self.edit is not None and bool(self.edit.writes))

    def _with_room(self) -> Edit | None:
        if self._roomy is None:
            return None
        try:
            return self._make(self._roomy)
        except Refused:
            return None

    def _will_do(self, edit: Edit) -> str:
        if not edit.writes:
            return "This is the value that it has: firmware would write nothing."
        room = self._editor.store.gauge.free - sum(
            len(write.data) for write in edit.writes if write.offset >= self._editor.store.end
        )
        writes = count(len(edit.writes), "flash write")
        told = f"{writes}, as firmware makes them; about {max(room, 0):,} bytes stay free."
        return " ".join((told, *self._keys_passed_over()))

    def _keys_passed_over(self) -> tuple[str, ...]:
        if self.key is None or self.key[0] != GLOBAL:
            return ()
        return keys_passed_over(self._editor.store, self.key[1], self.value.value(), self._kept)
