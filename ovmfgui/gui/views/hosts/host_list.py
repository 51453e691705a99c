"""One of the two columns of hosts: the host that domains come from, or the one they go to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.hosts.naming import is_uri, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """A host that can be chosen.

    Attributes:
        name: a libvirt URI or a folder.
        domains: how many it has; None while nobody has looked.
    """

    name: str
    domains: int | None = None

    @property
    def short(self) -> str:
        """A URI as it is, a folder by its name."""
        return short_name(self.name)

    @property
    def where(self) -> str:
        """What kind of host it is, and where."""
        if is_uri(self.name):
            return "asked through libvirt, read-write: files are read through storage pools"
        return str(Path(self.name).parent)


_COLUMNS: tuple[Column[Entry], ...] = (
    Column("Host", lambda each: each.short, full=lambda each: each.name),
    Column("Where", lambda each: each.where, full=lambda each: each.where),
    Column(
        "Domains",
        lambda each: "" if each.domains is None else f"{each.domains:,}",
        number=True,
        tip="Known once it has been looked at",
    ),
)


class HostList(QWidget):
    """A title, and the hosts to choose from.

    Signals:
        chosen: another host is chosen, by its name.
        removal_wanted: the name of a host that is to go from the list.
    """

    chosen = Signal(str)
    removal_wanted = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowsModel[Entry] = RowsModel(_COLUMNS, parent=self)
        self.table = _Table(self)
        self.table.setModel(self.model)
        dress_table(self.table, title)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().hide()
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setMinimumHeight(14 * theme.GRID)
        label = PlainLabel(title, self)
        label.setBuddy(self.table)
        bold = label.font()
        bold.setBold(True)
        label.setFont(bold)
        label.setContentsMargins(2 * theme.GRID, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(label)
        column.addWidget(self.table, 1)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.removed.connect(lambda: self.removal_wanted.emit(self.current))

    @property
    def current(self) -> str:
        """The name of the host that is chosen; empty for none."""
        row = self.table.currentIndex().row()
        return self.model.rows[row].name if 0 <= row < len(self.model.rows) else ""

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Other hosts, or more told of them; what is chosen stays so without being told again."""
        before = self.current
        blocked = self.table.selectionModel().blockSignals(True)
        self.model.set_rows(entries)
        self.table.selectionModel().blockSignals(blocked)
        self.choose(before, tell=False)

    def choose(self, name: str, *, tell: bool = True) -> None:
        """Choose a host; one that is not in the list is none."""
        names = [each.name for each in self.model.rows]
        row = names.index(name) if name in names else -1
        selection = self.table.selectionModel()
        blocked = selection.blockSignals(not tell)
        self.table.setCurrentIndex(self.model.index(row, 0) if row >= 0 else QModelIndex())
        if row >= 0:
            self.table.selectRow(row)
        selection.blockSignals(blocked)
        self.table.viewport().update()

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.rows[index.row()].name)


class _Table(QTableView):
    """Delete takes a host off the list."""

    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, the rest is the table's."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.removed.emit()
        else:
            super().keyPressEvent(event)
