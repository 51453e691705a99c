"""Every CODE against every store, and one package against another."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.matrix.arranging import ArrangingBar
from ovmfgui.gui.views.matrix.package_change_page import PackageChangePage
from ovmfgui.gui.views.matrix.reasons import Reasons
from ovmfgui.gui.views.matrix.source_bar import SourceBar
from ovmfgui.gui.views.matrix.table import VerdictTable
from ovmfgui.gui.waiting import Waiting
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.hosts.matrix_board import Board, installed_paths, read_board, read_crossing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.hosts.matrix_board import Passage
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.progress import Report
    from ovmfgui.refusal import Refused

_EMPTY = (
    "Every CODE image against every variable store, at a glance.\n\n"
    "Take what is installed on this machine, or drop folders, images and firmware descriptors here."
)

PACKAGE_CHANGE = 1
"""The second of the two questions; the first is the matrix itself."""


class MatrixView(QWidget):
    """Needs nothing open; what it finds can be opened as a pair."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._sources: tuple[str, ...] = ()
        self.modes = QTabBar(self)
        self.bar = SourceBar(self)
        self.arranging = ArrangingBar(self)
        self.table = VerdictTable(self)
        self.reasons = Reasons(self)
        self.package_change = PackageChangePage(self)
        self.busy = Busy(self)
        self.message = WrappedLabel("", self)
        Tint(self.message, theme.error_colour)
        self.pages = QStackedWidget(self)
        self._empty = self._make_empty()
        self._board_page = self._make_board_page()
        for page in (self._empty, self._board_page, self.package_change, self.busy):
            self.pages.addWidget(page)
        self._waiting = Waiting(workbench.tasks, self.busy, self.pages, self._choose_page, self)
        self._build()
        self._connect()

    # Building

    def _make_empty(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        button = QPushButton("Installed firmware", page)
        button.clicked.connect(self.show_installed)
        column.addStretch(2)
        column.addWidget(empty_label(_EMPTY, page))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _make_board_page(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.arranging)
        column.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(self.reasons)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 4)
        split.setChildrenCollapsible(False)
        return split

    def _build(self) -> None:
        self.modes.setDrawBase(False)
        self.modes.setExpanding(False)
        self.modes.setAccessibleName("Question")
        for title, tip in (
            ("CODE × VARS", "Do they fit, each with each?"),
            ("From A to B", "Which domains survive an upgrade, or a migration to another host?"),
        ):
            self.modes.setTabToolTip(self.modes.addTab(title), tip)
        self.message.setMargin(2 * theme.GRID)
        self.message.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.modes)
        column.addWidget(self.bar)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.modes.currentChanged.connect(self.show_mode)
        self.bar.installed_wanted.connect(self.show_installed)
        self.bar.added.connect(self.add)
        self.bar.again_wanted.connect(self.read_again)
        self.bar.clear_wanted.connect(self.clear)
        self.arranging.changed.connect(lambda: self._arrange(self.board))
        self.table.current_changed.connect(self._on_cell)
        self.table.chosen.connect(self._on_chosen)
        self.reasons.open_wanted.connect(self._on_open)
        self.package_change.open_wanted.connect(self._on_open)
        self.package_change.replay_wanted.connect(self._on_replay)
        self.package_change.asked.connect(self.cross)
        self.busy.cancelled.connect(self._on_cancel)

    # What is shown

    @property
    def board(self) -> Board | None:
        """The verdicts; None where nothing has been gathered."""
        return self.table.board_model.board

    def show_mode(self, mode: int) -> None:
        """All pairs, or one package against another."""
        self.modes.setCurrentIndex(mode)
        self._choose_page()

    def _choose_page(self) -> None:
        package_change = self.modes.currentIndex() == PACKAGE_CHANGE
        self.bar.setVisible(not package_change)
        if self._waiting.show():
            return
        if package_change:
            self.pages.setCurrentWidget(self.package_change)
        else:
            page = self._empty if self.board is None else self._board_page
            self.pages.setCurrentWidget(page)

    def _say(self, text: str) -> None:
        self.message.setText(f"✖ {text}" if text else "")
        self.message.setVisible(bool(text))

    # Gathering

    def show_installed(self) -> None:
        """What is installed on this machine, beside what is there."""

        def paths() -> tuple[str, ...]:
            return tuple(dict.fromkeys((*before, *installed_paths())))

        before = self._sources
        self._gather("Reading the installed firmware", paths)

    def add(self, paths: Sequence[str]) -> None:
        """Files, folders or descriptors, beside what is there."""
        together = tuple(dict.fromkeys((*self._sources, *paths)))
        self._gather("Reading firmware", lambda: together)

    def read_again(self) -> None:
        """All files once more: a package may have been upgraded meanwhile."""
        sources = self._sources
        if sources:
            self._gather("Reading firmware", lambda: sources)

    def clear(self) -> None:
        """Take all files off the matrix."""
        self._sources = ()
        self.table.set_board(None)
        self.bar.tell("", filled=False)
        self._say("")
        self._choose_page()

    def _gather(self, title: str, paths: Callable[[], tuple[str, ...]]) -> None:
        def work(report: Report) -> tuple[tuple[str, ...], Board]:
            report(0, 1, "looking for images")
            named = paths()
            return named, read_board(named, report)

        self._start(title, work, self._on_board)

    def _start(
        self,
        title: str,
        work: Callable[[Report], object],
        done: Callable[..., None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_cancel()
        self._say("")
        self._waiting.start(title, work, done, partial(self._on_refusal, failed))

    def _on_board(self, found: tuple[tuple[str, ...], Board]) -> None:
        self._sources, board = found
        self.arranging.begin(board)
        self._arrange(board)
        count = f"{len(board.codes)} CODE × {len(board.stores)} VARS"
        over = f", {len(board.passed_over)} passed over" if board.passed_over else ""
        self.bar.tell(count + over, "\n".join(board.passed_over), filled=True)
        self._choose_page()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, board: Board | None) -> None:
        if board is not None:
            shown = self.arranging.arranged(board)
            self.table.set_board(board, shown, in_words=self.arranging.in_words(shown))

    def cross(self, source: str, destination: str) -> None:
        """Hold the domains of one package against the CODE of another."""
        self.package_change.source.path.setText(source)
        self.package_change.destination.path.setText(destination)
        self._start(
            f"From {Path(source).name} to {Path(destination).name}",
            partial(read_crossing, source, destination),
            self.package_change.show_crossing,
            self.package_change.forget,
        )

    def _on_refusal(self, failed: Callable[[], None], refusal: Refused) -> None:
        failed()
        self._say(str(refusal))

    def _on_cancel(self) -> None:
        if self._waiting:
            self.package_change.forget()
            self._waiting.cancel()

    # What the user does

    def _on_cell(self, cell: tuple[int, int]) -> None:
        shown, (row, column) = self.table.board_model.shown, cell
        if row < len(shown.rows) and column < len(shown.columns):
            code, store = shown.columns[column].named, shown.rows[row].named
            self.reasons.show_pair(code, store, shown.cells[row][column])

    def _on_chosen(self, cell: tuple[int, int]) -> None:
        self._on_cell(cell)
        self.reasons.open_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_open(self, paths: tuple[str, str]) -> None:
        self._workbench.document.open(paths, then=partial(self._workbench.show, "map"))

    def _on_replay(self, passage: Passage) -> None:
        from ovmfgui.migration.scenario.of_change import Firmware, change_of

        here = Firmware(passage.code.path, passage.store.path)
        # What is in the other host's template decides nothing, only its size.
        there = Firmware(passage.other.path, passage.template or passage.store.path)

        def work(report: Report) -> Draft:
            report(0, 1, "reading both packages")
            return change_of(here, there)

        self._workbench.tasks.start("Preparing the replay", work, self._workbench.play)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 reads again, Esc goes back from the reasons to the matrix."""
        if event.key() == Qt.Key.Key_F5:
            self.read_again()
        elif event.key() == Qt.Key.Key_Escape and self.reasons.open_button.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped into the question in front."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if self.modes.currentIndex() == PACKAGE_CHANGE:
            self.package_change.take(paths)
        else:
            self.add(paths)

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        folders = Counter(str(Path(path).parent) for path in self._sources)
        return tuple(
            ("crossing", partial(self._pose_package_change, folder))
            for folder, _files in folders.most_common(1)
        )

    def _pose_package_change(self, folder: str) -> None:
        self.show_mode(PACKAGE_CHANGE)
        self.cross(folder, folder)

    def fill_for_picture(self) -> None:
        """The firmware of this machine, unless there is something already."""
        if self.board is None and installed_paths():
            self.show_installed()
