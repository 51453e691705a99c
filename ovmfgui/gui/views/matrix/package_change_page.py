"""From package A to package B: which domains survive, and what else is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table
from ovmfgui.gui.views.matrix.folder_field import FolderField
from ovmfgui.gui.views.matrix.package_files import PackageFiles
from ovmfgui.gui.views.matrix.passages import passages_model, summary
from ovmfgui.gui.views.matrix.reasons import Reasons
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.empty import empty_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.hosts.matrix_board import Crossing, Passage

_EMPTY = (
    "Name the folder of the package that the domains come from, and that of the package they go to."
    "\n\nEvery domain of the first is held against the CODE of the second: while it runs, and at "
    "its next power-on. An upgrade in place is the same question, from the old package to the new."
)


class PackageChangePage(QWidget):
    """Two folders, a row for each domain, and the reasons of the current row.

    Signals:
        asked: both folders, as soon as both are named.
        open_wanted: the paths of a pair.
        replay_wanted: the ``Passage`` that is to be played.
    """

    asked = Signal(str, str)
    open_wanted = Signal(object)
    replay_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Passage, ...] = ()
        self._asked_of: tuple[str, str] = ("", "")
        self.source = FolderField("From A", "/usr/share/OVMF of the host they come from", self)
        self.destination = FolderField("To B", "the other host's, or the new package's", self)
        self.text = ElidedLabel("", self)
        self.same_name = QCheckBox("Only CODE of the same name", self)
        self.same_name.setToolTip("The CODE that a domain finds under the path it knows")
        self.same_name.setChecked(True)
        self.model = passages_model(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "Domains and the CODE that they meet")
        self._share_width()
        self.reasons = Reasons(self)
        self.files = PackageFiles(self)
        self.pages = QTabWidget(self)
        self.pages.setDocumentMode(True)
        self.empty = empty_label(_EMPTY, self)
        self._build()
        for field in (self.source, self.destination):
            field.changed.connect(self._on_folder)
        self.same_name.toggled.connect(self._fill)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.reasons.open_wanted.connect(self.open_wanted)
        self.reasons.replay_wanted.connect(self._on_replay)

    def _build(self) -> None:
        fields = QHBoxLayout()
        fields.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        fields.setSpacing(4 * theme.GRID)
        fields.addWidget(self.source, 1)
        fields.addWidget(self.destination, 1)
        below = QHBoxLayout()
        below.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, theme.GRID)
        below.addWidget(self.text, 1)
        below.addWidget(self.same_name)
        bold = self.font()
        bold.setBold(True)
        self.text.setFont(bold)
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.addWidget(self.table)
        self.split.addWidget(self.reasons)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(fields)
        whole.addWidget(self.empty, 1)
        whole.addLayout(below)
        self.pages.addTab(self.split, "Domains")
        self.pages.addTab(self.files, "")
        whole.addWidget(self.pages, 1)
        for widget in (self.text, self.same_name, self.pages):
            widget.hide()

    def _share_width(self) -> None:
        """Both answers are always in sight, names give way."""
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        modes = [QHeaderView.ResizeMode.Stretch] * 3 + [QHeaderView.ResizeMode.ResizeToContents] * 2
        for column, mode in enumerate(modes):
            header.setSectionResizeMode(column, mode)

    @property
    def folders(self) -> tuple[str, str]:
        """The paths of A and B, as they stand in the fields."""
        return self.source.folder, self.destination.folder

    def take(self, paths: Sequence[str]) -> None:
        """Folders that were dropped: the first free field first."""
        folders = [path if Path(path).is_dir() else str(Path(path).parent) for path in paths]
        fields = [self.source, self.destination]
        free = [field for field in fields if not field.folder] or fields
        for field, folder in zip(free if len(folders) == 1 else fields, folders, strict=False):
            field.set_folder(folder)

    def _on_folder(self, _folder: str) -> None:
        if all(self.folders) and self.folders != self._asked_of:
            self._asked_of = self.folders
            self.asked.emit(*self.folders)

    def forget(self) -> None:
        """The last question has had no answer and may be asked again."""
        self._asked_of = ("", "")

    def show_crossing(self, crossing: Crossing) -> None:
        """Show which domains survive, and what else is lost."""
        self._all = crossing.passages
        self.same_name.setEnabled(any(each.same_name for each in crossing.passages))
        self._fill()
        self.files.show_findings(crossing.told)
        self.pages.setTabText(1, f"Paths, descriptors, new machines  {self.files.sign}")
        self.empty.hide()
        for widget in (self.text, self.same_name, self.pages):
            widget.show()

    def _fill(self) -> None:
        only = self.same_name.isEnabled() and self.same_name.isChecked()
        shown = [each for each in self._all if each.same_name or not only]
        self.model.set_rows(shown)
        self.text.setText(summary(shown, len(self._all) - len(shown)))
        self.reasons.setVisible(bool(shown))
        if shown:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            passage = self.model.rows[index.row()]
            self.reasons.show_pair(passage.other, passage.store, passage.verdict)
            self.reasons.show_running(passage.qemu_error)
            self.reasons.open_button.setEnabled(not passage.missing)
            self.reasons.offer_replay(_not_played(passage))

    def _on_replay(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.replay_wanted.emit(self.model.rows[index.row()])


def _not_played(passage: Passage) -> str:
    """Why a passage cannot be played; empty where it can."""
    if passage.missing:
        return "There is no CODE under this path that could be played"
    if passage.store.is_json:
        return "These variables lie in no second flash chip; scenarios play two chips"
    paths = (passage.code.path, passage.store.path, passage.other.path)
    packed = next((path for path in paths if not Path(path).is_file()), "")
    return f"{packed} is no file of its own; unpack the package to play it" if packed else ""
