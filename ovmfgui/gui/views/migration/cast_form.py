"""What a scenario says of a host, of a package or of itself: a field for each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import measured
from ovmfgui.gui.views.migration.paragraph import Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ovmfgui.migration.scenario.cast import Said
    from ovmfgui.migration.scenario.draft import Table


class CastForm(QWidget):
    """Fields for one table of the scenario; what is left empty is not written.

    What the table has beside these fields is kept.

    Signals:
        changed: the table as TOML has it.
    """

    changed = Signal(object)

    def __init__(self, said: Sequence[Said], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = said
        self._before: Table = {}
        self._readers: dict[str, Callable[[], object]] = {}
        self.fields: dict[str, QWidget] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(theme.GRID)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def show_table(
        self,
        table: Mapping[str, object] | None,
        packages: Mapping[str, str],
        defaults: Mapping[str, str],
    ) -> None:
        """Fields for another table; none where it is None.

        Args:
            table: what is said now.
            packages: titles of the scenario's packages by name.
            defaults: what holds where nothing is said, by the field's name.
        """
        while self._form.rowCount():
            self._form.removeRow(0)
        self._readers.clear()
        self.fields.clear()
        self._before = dict(table or {})
        if table is None:
            return
        for said in self._said:
            field = self._field(said, table.get(said.name), packages, defaults.get(said.name, ""))
            field.setToolTip(plain_tip(said.tip))
            field.setAccessibleName(said.title)
            self.fields[said.name] = field
            self._form.addRow(said.title, field)

    def _field(
        self, said: Said, value: object, packages: Mapping[str, str], default: str
    ) -> QWidget:
        match said.form:
            case "packages":
                return self._packages(said, value, packages)
            case "choice":
                return self._choice(said, value, default)
            case "text":
                return self._text(said, value)
            case "file":
                return self._file(said, value)
            case _:
                return self._line(said, value, default)

    def _line(self, said: Said, value: object, default: str) -> QLineEdit:
        line = QLineEdit("" if value is None else str(value), self)
        line.setPlaceholderText(default)
        line.editingFinished.connect(self._tell)
        self._readers[said.name] = line.text
        return line

    def _text(self, said: Said, value: object) -> QPlainTextEdit:
        text = Paragraph(self)
        text.setPlainText(str(value or "").strip())
        text.setTabChangesFocus(True)
        measured(text, lambda: text.setFixedHeight(round(4.5 * text.fontMetrics().lineSpacing())))
        text.left.connect(self._tell)
        before = str(value or "")

        def read() -> object:
            # A text that nobody touched keeps its line breaks.
            now = text.toPlainText().strip()
            return before if now == before.strip() else now

        self._readers[said.name] = read
        return text

    def _choice(self, said: Said, value: object, default: str) -> QComboBox:
        box = QComboBox(self)
        box.addItem(f"{default} (not said)" if default else "not said", "")
        for each in said.choices:
            box.addItem(each, each)
        text = "" if value is None else str(value)
        if box.findData(text) < 0:
            box.addItem(text, text)
        box.setCurrentIndex(box.findData(text))
        box.activated.connect(self._tell)
        self._readers[said.name] = box.currentData
        return box

    def _file(self, said: Said, value: object) -> QWidget:
        whole = QWidget(self)
        # Where a unified image is made of a synthetic build, it says so and is no file.
        kept = value if isinstance(value, bool) else None
        line = QLineEdit("" if value is None or kept is not None else str(value), whole)
        line.setAccessibleName(f"{said.title}, path")
        line.setToolTip(plain_tip(said.tip))
        line.editingFinished.connect(self._tell)
        choose = QToolButton(whole)
        choose.setText("…")
        choose.setToolTip(plain_tip(f"Choose a file for {said.title}"))
        choose.setAccessibleName(f"Choose a file for {said.title}")
        choose.clicked.connect(lambda: self._on_choose(said, line))
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(line, 1)
        row.addWidget(choose)
        self._readers[said.name] = lambda: line.text() or (kept or "")
        return whole

    def _on_choose(self, said: Said, line: QLineEdit) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self, f"{said.title} of the package", line.text() or "/usr/share"
        )
        if path:
            line.setText(path)
            self._tell()

    def _packages(self, said: Said, value: object, packages: Mapping[str, str]) -> QWidget:
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        has = list(value) if isinstance(value, list) else []
        boxes = {}
        for name, title in packages.items():
            box = QCheckBox(title.replace("&", "&&"), whole)
            box.setToolTip(plain_tip(name))
            box.setChecked(name in has)
            box.toggled.connect(self._tell)
            column.addWidget(box)
            boxes[name] = box

        def read() -> object:
            on = {name for name, box in boxes.items() if box.isChecked()}
            # In the order in which they were, new ones last.
            kept = [name for name in has if name in on or name not in boxes]
            return [*kept, *(name for name in boxes if name in on and name not in has)]

        self._readers[said.name] = read
        return whole

    def table(self) -> Table:
        """What the fields say, beside what there is no field for."""
        found = dict(self._before)
        for name, read in self._readers.items():
            value = read()
            if value in ("", []) and not (name == "packages" and name in found):
                found.pop(name, None)
            else:
                found[name] = value
        return found

    def _tell(self) -> None:
        table = self.table()
        if table != self._before:
            self._before = table
            self.changed.emit(table)
