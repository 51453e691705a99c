"""One line that searches all that is open, and the list of what was found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.dialogs.region_menu import RegionMenu
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths, when_chosen
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.layout.searching import MOST, Found, search
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.inspection import Inspection

_SAMPLES = ("UCS-2 text", "n" * 22, "0x00000000", "0x00000000", "n" * 34)

_COLUMNS: tuple[Column[Found], ...] = (
    Column("Found", lambda f: f.what, tip="How: by its name, as text, as bytes, as a GUID"),
    Column("In", lambda f: f.space, full=lambda f: f.space),
    Column("Offset", lambda f: f"0x{f.place.span.start:08X}", number=True),
    Column(
        "Guest address",
        lambda f: "" if f.address is None else f"0x{f.address:08X}",
        number=True,
    ),
    Column("What it is", lambda f: f.item, full=lambda f: f.item),
)


class SearchPane(QWidget):
    """Names, text, bytes in hex and GUIDs, in every file and unpacked body."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document = workbench.document
        self._task: Task | None = None
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("Name, text, bytes in hex, GUID: in all that is open")
        self.line.setAccessibleName("Search all that is open")
        self.line.setClearButtonEnabled(True)
        self.told = ElidedLabel("", self)
        self.stop = QToolButton(self)
        self.stop.setText("Stop")
        self.stop.setAutoRaise(True)
        self.stop.setToolTip("End the search")
        self.stop.hide()
        self.model: RowsModel[Found] = RowsModel(_COLUMNS, parent=self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "What was found")
        set_widths(self.table, _SAMPLES)
        # No more than the panes beside it need.
        self.table.setMinimumHeight(10 * theme.GRID)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.menu = RegionMenu(workbench, self)
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.line, 1)
        row.addWidget(self.told, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.line)
        self.line.returnPressed.connect(self.start)
        self.line.textEdited.connect(self._on_edited)
        self.stop.clicked.connect(self.cancel)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.activated.connect(self._on_activated)
        when_chosen(self.table, self._on_row)
        document.presented.connect(self.forget)

    def begin(self) -> None:
        """Put the cursor into the line."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def look_for(self, text: str) -> None:
        """Search as if it had been typed."""
        self.line.setText(text)
        self.start()

    def start(self) -> None:
        """Search for what is typed; again for the same goes to the next place."""
        inspection, text = self._document.inspection, self.line.text().strip()
        if inspection is None or not text:
            return
        self.cancel()
        self.model.set_rows(())
        self.told.setText("Looking …")
        self.stop.show()
        work = partial(search, inspection, text)
        done = partial(self._on_found, inspection)
        self._task = self._workbench.tasks.start(f"Looking for {text}", work, done)

    def cancel(self) -> None:
        """End a search that is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.told.setText("The search was stopped.")
        self.stop.hide()

    def forget(self) -> None:
        """What was found belongs to a file that is not open any more."""
        self.cancel()
        self.model.set_rows(())
        self.told.setText("")

    def step(self, by: int) -> None:
        """Select the next place, or the one before, going round at the end."""
        rows = self.model.rowCount()
        if not rows:
            self.start()
            return
        here = self.table.currentIndex().row()
        row = (here + by) % rows if here >= 0 else (0 if by > 0 else rows - 1)
        self.table.setCurrentIndex(self.model.index(row, 0))

    def _on_edited(self, _text: str) -> None:
        # What is listed was found for other words.
        if self.model.rows:
            self.forget()

    def _on_found(self, inspection: Inspection, found: tuple[Found, ...]) -> None:
        self._task = None
        self.stop.hide()
        self.model.set_rows(found)
        files, spaces = len(inspection.image.files), len(inspection.image.spaces)
        where = count(files, "file")
        if spaces > files:
            where += f" and {count(spaces - files, 'unpacked body', 'unpacked bodies')}"
        more = " or more" if len(found) >= MOST else ""
        key = self._workbench.actions.key_text("find-next")
        onward = f": {key} goes on" if key else ""
        self.told.setText(
            f"{len(found):,}{more} in {where}{onward}" if found else f"nowhere in {where}"
        )

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self._document.select(self.model.rows[index.row()].place)

    def _on_activated(self, index: QModelIndex) -> None:
        self._on_row(index)
        self._workbench.show("hex")

    def _on_menu(self, where: QPoint) -> None:
        index = self.table.indexAt(where)
        if not index.isValid():
            return
        found = self.model.rows[index.row()]
        region = found.file or (found.path[-1] if found.path else None)
        if region is not None:
            self.menu.popup(region, self.table.viewport().mapToGlobal(where))
