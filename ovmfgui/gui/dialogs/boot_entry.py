"""Making a boot entry: what it is called, and where lies what it starts."""

from __future__ import annotations

from typing import NamedTuple
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
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.nvram.decode import device_path_text
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.typed import bytes_of_hex, bytes_of_text
from ovmfgui.refusal import Refused


class NewEntry(NamedTuple):
    """A boot entry that is wanted.

    Attributes:
        description: as the boot menu shows it.
        paths: its device path, with the end node.
        optional: data for what is started.
        active: whether firmware tries it by itself.
        first: before all others, not behind them.
    """

    description: str
    paths: bytes
    optional: bytes
    active: bool
    first: bool


_TEXT, _HEX = "as text (UCS-2)", "as hex"
_EXAMPLE = r"\EFI\debian\shimx64.efi"


def path_of_file(file: str, partition: str, number: int) -> str:
    """The device path of a file as text.

    Args:
        file: from the file system's root, with slashes of either kind.
        partition: GUID of the GPT partition; empty for the first file system that has the file.
        number: of the partition, from 1.

    Raises:
        Refused: the GUID is none.
    """
    path = "\\" + file.strip().replace("/", "\\").lstrip("\\")
    if not partition.strip():
        return path
    try:
        guid = UUID(partition.strip())
    except ValueError:
        msg = "The partition is a GUID, as lsblk -o +PARTUUID shows it."
        raise Refused(msg) from None
    return f"HD({number},GPT,{str(guid).upper()},0x0,0x0)/{path}"


class BootEntryDialog(QDialog):
    """A form; the device path is checked as it is typed.

    Attributes:
        entry: what was asked for; None until it is sound.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry: NewEntry | None = None
        self.setWindowTitle("Add boot entry")
        self.description = QLineEdit(self)
        self.file = QLineEdit(self)
        self.partition = QLineEdit(self)
        self.number = QSpinBox(self)
        self.path = QLineEdit(self)
        self.optional = QLineEdit(self)
        self.encoding = QComboBox(self)
        self.active = QCheckBox("Active: firmware tries it by itself", self)
        self.first = QCheckBox("First in the boot order", self)
        self.message = WrappedLabel("", self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._build()
        self._check()

    def _build(self) -> None:
        self.description.setPlaceholderText("As the boot menu shows it")
        self.file.setPlaceholderText(_EXAMPLE)
        self.partition.setPlaceholderText("GUID of the partition; without it, any disk")
        self.partition.setAccessibleName("GUID of the partition")
        self.number.setRange(1, 128)
        self.number.setAccessibleName("Number of the partition")
        self.number.setPrefix("no. ")
        self.path.setFont(theme.fixed_font())
        self.path.setPlaceholderText("In the text form of the UEFI specification")
        self.encoding.addItems([_TEXT, _HEX])
        self.encoding.setAccessibleName("How the optional data is given")
        self.active.setChecked(True)
        self.first.setChecked(True)
        self.message.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Description", self.description)
        form.addRow("&File", self.file)
        form.addRow(_label("&Partition", self.partition), _row(self.partition, self.number))
        form.addRow("Device &path", self.path)
        form.addRow(_label("&Optional data", self.optional), _row(self.optional, self.encoding))
        form.addRow("", self.active)
        form.addRow("", self.first)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addLayout(form)
        column.addWidget(self.message)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.resize(150 * theme.GRID, 90 * theme.GRID)
        for edit in (self.file, self.partition):
            edit.textEdited.connect(self._on_file)
        self.number.valueChanged.connect(self._on_file)
        for edit in (self.description, self.path, self.optional):
            edit.textChanged.connect(self._check)
        for box in (self.active, self.first):
            box.toggled.connect(self._check)
        self.encoding.currentTextChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _on_file(self, _what: object = None) -> None:
        """The device path follows what is typed of file and partition."""
        if not self.file.text().strip():
            return
        try:
            text = path_of_file(self.file.text(), self.partition.text(), self.number.value())
        except Refused as refusal:
            self._say(None, str(refusal))
        else:
            self.path.setText(text)
            self._check()

    def _make(self) -> NewEntry:
        if not self.description.text():
            msg = "Give the entry a description; the boot menu shows it."
            raise Refused(msg)
        if not self.path.text().strip():
            msg = "Give the file that it starts, or a whole device path."
            raise Refused(msg)
        paths = device_path_from_text(self.path.text())
        typed = self.optional.text()
        as_hex = self.encoding.currentText() == _HEX
        optional = bytes_of_hex(typed) if as_hex else bytes_of_text(typed, "UCS-2")
        return NewEntry(
            self.description.text(),
            paths,
            optional,
            self.active.isChecked(),
            self.first.isChecked(),
        )

    def _check(self, _what: object = None) -> None:
        try:
            entry = self._make()
        except Refused as refusal:
            self._say(None, str(refusal))
            return
        size = len(entry.paths)
        self._say(entry, f"{size:,} bytes of device path: {device_path_text(entry.paths)}")

    def _say(self, entry: NewEntry | None, text: str) -> None:
        self.entry = entry
        self.message.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(entry is not None)


def _row(wide: QWidget, narrow: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2 * theme.GRID)
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return row


def _label(text: str, buddy: QWidget) -> QLabel:
    """A row's label that leads to ``buddy`` by its mnemonic: Qt gives rows of several none."""
    label = PlainLabel(text, buddy.parentWidget())
    label.setBuddy(buddy)
    return label
