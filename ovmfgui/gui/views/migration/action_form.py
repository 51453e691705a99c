"""What a scenario says with one action: a field for each parameter, and the lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.views.migration.paragraph import Paragraph
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.migration.scenario.actions import ACTIONS, Kind
from ovmfgui.migration.scenario.cast import HOSTS, PACKAGES, title_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.scenario.actions import Parameter
    from ovmfgui.migration.scenario.draft import Draft, Table

_MOST = 10_000_000
_ABSENT = "not given"
_BETWEEN = "---"
"""A line that parts the texts of a lesson's steps."""


class ActionForm(QWidget):
    """Fields for an action; one that is left empty is not written.

    Signals:
        changed: the action as TOML has it.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readers: dict[str, Callable[[], object]] = {}
        self._do = ""
        self._told: Table = {}
        self.fields: dict[str, QWidget] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(theme.GRID)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def show_action(self, draft: Draft, table: Table | None) -> None:
        """Fields for another action; none where ``table`` is None."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._readers.clear()
        self.fields.clear()
        self._do = str(table.get("do", "")) if table is not None else ""
        kind = ACTIONS.get(self._do)
        if table is None or kind is None:
            return
        summary = PlainLabel(kind.summary, self)
        summary.setWordWrap(True)
        summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._form.addRow(summary)
        for parameter in kind.parameters:
            self._add(parameter, self._field(parameter, draft, table.get(parameter.name)))
        self._add_question(str(table.get("question", "")))
        self._add_lesson(table.get("lesson", ""))
        self._told = self.table()

    def _add(self, parameter: Parameter, field: QWidget) -> None:
        title = parameter.name.replace("_", " ")
        field.setToolTip(plain_tip(f"{parameter.summary} ({parameter.kind.value})"))
        field.setAccessibleName(title)
        self.fields[parameter.name] = field
        if isinstance(field, QCheckBox):
            field.setText(title)
            self._form.addRow("", field)
        else:
            self._form.addRow(title, field)

    def _field(self, parameter: Parameter, draft: Draft, value: object) -> QWidget:
        match parameter.kind:
            case Kind.HOST | Kind.PACKAGE | Kind.DOMAIN:
                return self._choice(parameter, draft, value)
            case Kind.FLAG:
                return self._flag(parameter, value)
            case Kind.COUNT:
                return self._count(parameter, value)
            case _:
                return self._line(parameter, value)

    def _choice(self, parameter: Parameter, draft: Draft, value: object) -> QComboBox:
        names = draft.names(parameter.kind)
        box = QComboBox(self)
        box.setEditable(parameter.kind is Kind.DOMAIN)
        if not parameter.required:
            box.addItem("", "")
        section = {Kind.HOST: HOSTS, Kind.PACKAGE: PACKAGES}.get(parameter.kind)
        for name in names:
            box.addItem(title_of(draft, section, name) if section else name, name)
        text = str(value or "")
        line = box.lineEdit()
        if line is not None:
            box.setEditText(text)
            line.setPlaceholderText("" if parameter.required else _ABSENT)
            line.editingFinished.connect(self._tell)
            self._readers[parameter.name] = box.currentText
        else:
            if text and box.findData(text) < 0:
                box.addItem(text, text)
            box.setCurrentIndex(box.findData(text))
            self._readers[parameter.name] = box.currentData
        box.activated.connect(self._tell)
        return box

    def _flag(self, parameter: Parameter, value: object) -> QCheckBox:
        box = QCheckBox(self)
        box.setChecked(value is True)
        box.toggled.connect(self._tell)
        self._readers[parameter.name] = box.isChecked
        return box

    def _count(self, parameter: Parameter, value: object) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(1 if parameter.required else 0, _MOST)
        box.setSpecialValueText("" if parameter.required else _ABSENT)
        box.setValue(value if isinstance(value, int) else 0)
        box.editingFinished.connect(self._tell)
        self._readers[parameter.name] = box.value
        return box

    def _line(self, parameter: Parameter, value: object) -> QLineEdit:
        listed = parameter.kind is Kind.ATTRIBUTES
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        line = QLineEdit(text, self)
        if parameter.kind in (Kind.HEX, Kind.GUID):
            line.setFont(theme.fixed_font())
        if not parameter.required:
            line.setPlaceholderText("NV, BS, RT" if listed else _ABSENT)
        line.editingFinished.connect(self._tell)
        self._readers[parameter.name] = (lambda: _listed(line.text())) if listed else line.text
        return line

    def _add_question(self, text: str) -> None:
        line = QLineEdit(text, self)
        line.setPlaceholderText("what a class is asked before it")
        line.setToolTip("Asked before the action; the replay gives the answer")
        line.setAccessibleName("question")
        line.editingFinished.connect(self._tell)
        self.fields["question"] = line
        self._form.addRow("question", line)
        self._readers["question"] = line.text

    def _add_lesson(self, value: object) -> None:
        texts = value if isinstance(value, list) else [value]
        field = Paragraph(self)
        field.setPlainText(f"\n{_BETWEEN}\n".join(str(text).strip() for text in texts if text))
        field.setAccessibleName("lesson")
        field.setToolTip(
            plain_tip(
                f"What the lesson says to it; a line with {_BETWEEN} parts the texts of its steps"
            )
        )
        field.setTabChangesFocus(True)
        lines_high(field, 4)
        field.left.connect(self._tell)
        self.fields["lesson"] = field
        self._form.addRow(PlainLabel("lesson", self))
        self._form.addRow(field)
        self._readers["lesson"] = lambda: _lesson(field.toPlainText())

    def table(self) -> Table:
        """The action as the fields have it; what is empty is left out."""
        found: Table = {"do": self._do}
        for name, read in self._readers.items():
            value = read()
            if value not in ("", 0, False, []):
                found[name] = value
        return found

    def _tell(self) -> None:
        table = self.table()
        if table != self._told:
            self._told = table
            self.changed.emit(table)


def _listed(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").split() if part]


def _lesson(text: str) -> str | list[str]:
    parts = [part.strip() for part in f"\n{text}\n".split(f"\n{_BETWEEN}\n")]
    return parts[0] if len(parts) == 1 else parts
