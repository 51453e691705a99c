"""A value as a form: its parts are filled in, and what cannot be written back is left to hex."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.dialogs.signature_table import SignatureTable
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.forms.form import Mistake, Sort, filled, switch

if TYPE_CHECKING:
    from ovmfgui.nvram.forms.form import Form, Part

_LINES = 3
"""Lines of a part that takes several."""


class ValueForm(QWidget):
    """The parts of a value, one below the other, each with what is wrong with it.

    Signals:
        filled_in: the bytes that the parts make now.
    """

    filled_in = Signal(object)

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._showing = False
        self._mistake: Mistake | None = None
        self.fields = {part.key: _field(part, self) for part in form.parts}
        self.mistakes = {part.key: WrappedLabel("", self) for part in form.parts}
        self.left_to_hex = WrappedLabel("", self)
        self._body = QWidget(self)
        self._area = QScrollArea(self)
        self._build()

    def _build(self) -> None:
        rows = QFormLayout(self._body)
        rows.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for part in self._form.parts:
            field, mistake = self.fields[part.key], self.mistakes[part.key]
            field.setToolTip(plain_tip(part.tip))
            field.setAccessibleName(part.label)
            field.setAccessibleDescription(part.tip)
            mistake.hide()
            cell = QVBoxLayout()
            cell.setSpacing(theme.GRID // 2)
            cell.addWidget(field)
            cell.addWidget(mistake)
            if isinstance(field, QCheckBox):
                rows.addRow("", cell)
                continue
            if isinstance(field, SignatureTable):
                # It needs the whole width.
                rows.addRow(cell)
                continue
            label = PlainLabel(part.label, self._body)
            label.setBuddy(field)
            rows.addRow(label, cell)
            if isinstance(field, QPlainTextEdit) and len(self.fields) > 1:
                field.setMaximumHeight(field.minimumHeight())
        area = self._area
        area.setWidget(self._body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.left_to_hex)
        column.addWidget(area, 1)
        self.left_to_hex.hide()
        self.setFocusProxy(next(iter(self.fields.values())))
        for field in self.fields.values():
            _changes(field).connect(self._on_filled)

    def usable(self) -> bool:
        """Whether the fields can be filled in: the value would come back as it is."""
        return self._body.isEnabledTo(self)

    def mistake(self) -> Mistake | None:
        """What is wrong with what stands in the fields; None where it makes a value."""
        return self._mistake

    def show_bytes(self, data: bytes) -> None:
        """Fill the fields from a value; they are closed where it would come back as another."""
        self._say(None)
        why = ""
        self._showing = True
        try:
            for key, text in filled(self._form, data).items():
                _fill(self.fields[key], text)
                if _text(self.fields[key]) != text:
                    why = f"{key} has characters that cannot be typed"
        except Undecodable as reason:
            why = reason.why.rstrip(".")
        finally:
            self._showing = False
        self.left_to_hex.setText(f"It is edited as hex: {why}." if why else "")
        self.left_to_hex.setVisible(bool(why))
        self._body.setEnabled(not why)

    def _on_filled(self, _what: object = None) -> None:
        if self._showing:
            return
        parts = {key: _text(field) for key, field in self.fields.items()}
        try:
            data = self._form.write(parts)
        except Mistake as mistake:
            self._say(mistake)
            data = None
        else:
            self._say(None)
        self.filled_in.emit(data)

    def _say(self, mistake: Mistake | None) -> None:
        """Tell a mistake at its field."""
        self._mistake = mistake
        colour = theme.error_colour(self.palette()).name()
        for key, label in self.mistakes.items():
            here = mistake is not None and mistake.part == key
            label.setText(str(mistake) if here else "")
            label.setStyleSheet(f"color: {colour}" if here else "")
            label.setVisible(here)
            if here:
                # Once the form has made room for it.
                QTimer.singleShot(0, label, partial(self._area.ensureWidgetVisible, label))


def _field(part: Part, parent: QWidget) -> QWidget:
    field: QWidget
    match part.sort:
        case Sort.SWITCH:
            return QCheckBox(part.label, parent)
        case Sort.CHOICE:
            choice = QComboBox(parent)
            choice.addItems(list(part.choices))
            choice.setEditable(part.open)
            choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            field = choice
        case Sort.LINES:
            lines = QPlainTextEdit(parent)
            lines.setTabChangesFocus(True)
            height = (_LINES + 1) * lines.fontMetrics().lineSpacing()
            lines.setMinimumHeight(height)
            lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            field = lines
        case Sort.SIGNATURES:
            return SignatureTable(parent)
        case Sort.TEXT:
            field = QLineEdit(parent)
    if part.exact:
        field.setFont(theme.fixed_font())
    return field


def _changes(field: QWidget) -> SignalInstance:
    """The signal of another text."""
    match field:
        case QCheckBox():
            return field.toggled
        case QComboBox():
            return field.currentTextChanged
        case QLineEdit() | QPlainTextEdit() | SignatureTable():
            return field.textChanged
    raise TypeError(field)


def _text(field: QWidget) -> str:
    match field:
        case QCheckBox():
            return switch(field.isChecked())
        case QComboBox():
            return field.currentText()
        case QLineEdit() | SignatureTable():
            return field.text()
        case QPlainTextEdit():
            return field.toPlainText()
    raise TypeError(field)


def _fill(field: QWidget, text: str) -> None:
    """Put a text into a field without moving the cursor where it stands there already."""
    if _text(field) == text:
        return
    match field:
        case QCheckBox():
            field.setChecked(text == switch(on=True))
        case QComboBox():
            field.setCurrentText(text)
        case QLineEdit() | SignatureTable():
            field.setText(text)
        case QPlainTextEdit():
            field.setPlainText(text)
