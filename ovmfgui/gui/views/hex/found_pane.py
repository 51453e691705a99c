"""Where something was found, in every file and every unpacked body."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QTableView, QToolButton, QVBoxLayout, QWidget

from ovmfgui.flash.region import innermost
from ovmfgui.flash.search import MOST_MATCHES, Needle, find_in
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, row_height, set_widths, when_chosen
from ovmfgui.gui.look.text_size import measured
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.layout.searching import Found
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.flash.image import Image
    from ovmfgui.flash.region import Region
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.progress import Report

_SAMPLES = ("n" * 30, "0x00000000", "0x00000000", "n" * 34)
_ROWS = 6
_FEWEST = 3
"""How many rows are in sight, where there is room and where there is little."""


_COLUMNS: tuple[Column[Found], ...] = (
    Column("In", lambda h: h.space, full=lambda h: h.space),
    Column("Offset", lambda h: f"0x{h.place.span.start:08X}", lambda h: h.place.span.start,
           number=True),
    Column("Guest address", lambda h: "" if h.address is None else f"0x{h.address:08X}",
           number=True),
    Column("What it is", lambda h: h.item, full=lambda h: h.item),
)  # fmt: skip


def find_hits(
    image: Image, regions: tuple[Region, ...], wanted: Needle, report: Report
) -> tuple[Found, ...]:
    """Every place in an image; slow, for a worker."""
    titles = [image.title_of(space) for space in range(len(image.spaces))]
    return tuple(
        Found("bytes", place, titles[place.space], innermost(regions, place))
        for place in find_in(image, wanted, report)
    )


class FoundPane(QWidget):
    """A list that leads to the bytes.

    Signals:
        chosen: the ``Place`` of a hit.
        shown_or_hidden: the list has come, or gone.
    """

    chosen = Signal(object)
    shown_or_hidden = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._tasks = workbench.tasks
        self._task: Task | None = None
        self.model: RowsModel[Found] = RowsModel(_COLUMNS, parent=self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "Places where it was found")
        set_widths(self.table, _SAMPLES)
        self.text = ElidedLabel("", self)
        self.stop = QToolButton(self)
        self.stop.setText("Stop")
        self.stop.setToolTip("End the search")
        self.shut = QToolButton(self)
        self.shut.setText("✕")
        self.shut.setToolTip("Close the list")
        self.shut.setAccessibleName("Close the list")
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.addWidget(self.text, 1)
        for button in (self.stop, self.shut):
            button.setAutoRaise(True)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table)
        measured(self.table, self._fit_rows)
        self.stop.clicked.connect(self.cancel)
        self.shut.clicked.connect(self.close_list)
        when_chosen(self.table, self._on_row)
        document.presented.connect(self.close_list)
        self.hide()

    def _fit_rows(self) -> None:
        """Below the table's own hint, which takes the most that it may have."""
        row = row_height(self.table)
        self.table.setMinimumHeight((_FEWEST + 1) * row + theme.GRID)
        self.table.setMaximumHeight((_ROWS + 1) * row + theme.GRID)

    def look_for(self, wanted: Needle, what: str) -> None:
        """Search everything that is open; ``what`` is what was typed."""
        image = self._document.image
        if image is None:
            return
        self.cancel()
        self.model.set_rows(())
        self.text.setText(f"Looking for {what} …")
        self.stop.show()
        self.show()
        self.shown_or_hidden.emit()
        work = partial(find_hits, image, self._document.map, wanted)
        self._task = self._tasks.start(
            f"Looking for {what}", work, partial(self._on_found, image, what)
        )

    def cancel(self) -> None:
        """End a search that is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.text.setText("The search was stopped.")
        self.stop.hide()

    def close_list(self) -> None:
        """End the search, and drop what it has found."""
        self.cancel()
        self.model.set_rows(())
        self.hide()
        self.shown_or_hidden.emit()

    def _on_found(self, image: Image, what: str, hits: tuple[Found, ...]) -> None:
        self._task = None
        self.stop.hide()
        self.model.set_rows(hits)
        spaces = count(len(image.files), "file")
        unpacked = len(image.spaces) - len(image.files)
        if unpacked:
            spaces += f" and {count(unpacked, 'unpacked body', 'unpacked bodies')}"
        if hits:
            more = " or more" if len(hits) >= MOST_MATCHES else ""
            self.text.setText(f"{what}: {len(hits):,}{more} in {spaces}")
        else:
            self.text.setText(f"{what} is nowhere in {spaces}")

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.rows[index.row()].place)
