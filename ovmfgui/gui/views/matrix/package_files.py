"""What a package loses beside its domains: under paths, in descriptors, in what it makes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex

    from ovmfgui.hosts.matrix_board import Told

_WELL = (
    "Nothing else is lost: the same paths and sizes, descriptors promise what they did, and what "
    "the new package makes itself boots and saves."
)


def _style(each: Told) -> theme.SignStyle:
    return theme.severity_style(each.finding.severity, QGuiApplication.palette())


_COLUMNS: tuple[Column[Told], ...] = (
    Column("", lambda e: f"{_style(e).sign} {_style(e).word}", ink=lambda e: _style(e).colour),
    Column("Asked about", lambda e: e.name, full=lambda e: e.path),
    Column("What is lost", lambda e: e.finding.text, full=lambda e: e.finding.text),
)


class PackageFiles(QWidget):
    """A row for each finding, and the whole text of the current one below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowsModel[Told] = RowsModel(_COLUMNS, parent=self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "What else is lost")
        set_widths(self.table, ("✖ Warning", "n" * 40))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.text = WrappedLabel("", self)
        self.text.setContentsMargins(*[3 * theme.GRID] * 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.text)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    @property
    def sign(self) -> str:
        """How many there are, after the sign of the gravest; a tick where there are none."""
        rows = self.model.rows
        if not rows:
            return "✔"
        lost = any(each.finding.severity is Severity.ERROR for each in rows)
        return f"{'✖' if lost else '⚠'} {len(rows)}"

    def show_findings(self, told: Sequence[Told]) -> None:
        """Show other ones, the gravest first."""
        self.model.set_rows(told)
        self.table.setVisible(bool(told))
        self.text.setText(_WELL)
        if told:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            each = self.model.rows[index.row()]
            self.text.setText(f"{each.name} ({each.path})\n{each.finding.text}")
