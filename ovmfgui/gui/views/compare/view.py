"""What is open, held against another image or pair."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ovmfgui.flash.opening import image_of
from ovmfgui.gui.document.opened import Content
from ovmfgui.gui.document.plain_data import keep_from_search
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.compare.bytes_page import BytesPage, sides_of
from ovmfgui.gui.views.compare.layout_page import FLASH
from ovmfgui.gui.views.compare.pages import ComparisonPages
from ovmfgui.gui.views.compare.sides import SidesBar
from ovmfgui.gui.views.compare.table_page import TablePage
from ovmfgui.gui.views.compare.tables import stepping_text
from ovmfgui.gui.views.compare.taking_over import TakingOver
from ovmfgui.gui.waiting import Waiting
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.layout.alignment import aligned_files, next_row, place_rows
from ovmfgui.layout.comparison import Comparison, compare
from ovmfgui.layout.comparison_words import headline
from ovmfgui.layout.demo import other_demo_files
from ovmfgui.layout.inspection import inspect, inspect_files
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.widgets.hex_pair_area import PairSide
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.alignment import AlignedFile, PlaceRow
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.nvram.difference import VariableDifference
    from ovmfgui.progress import Report
    from ovmfgui.refusal import Refused

_EMPTY = (
    "Two images side by side: their layouts, constants, variables and bytes.\n\n"
    "A is what is open. Choose B, or drop an image, a CODE with its VARS, a firmware descriptor or "
    "a domain's XML here."
)


class _Compared(NamedTuple):
    """All that a worker finds out.

    Attributes:
        comparison: constants, regions, variables.
        files: byte against byte.
        sides: what each of them is drawn from.
        places: of all files.
    """

    comparison: Comparison
    files: tuple[AlignedFile, ...]
    sides: tuple[tuple[PairSide, PairSide], ...]
    places: tuple[PlaceRow, ...]


class CompareView(QWidget):
    """Follows the document's selection and sets it, in side A."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = workbench.document
        self._other: Inspection | None = None
        self._beside: Opened | None = None
        self._in_front: Opened | None = None
        self._places: tuple[PlaceRow, ...] = ()
        self.comparison: Comparison | None = None
        self.sides = SidesBar(self)
        self.message = WrappedLabel("", self)
        Tint(self.message, theme.error_colour)
        self.headline = WrappedLabel("", self)
        self.tabs = ComparisonPages(self)
        self.tabs.bytes.pair.copying = workbench.copying
        self.layouts, self.constants = self.tabs.layouts, self.tabs.constants
        self.variables, self.bytes = self.tabs.variables, self.tabs.bytes
        self.busy = Busy(self)
        self.empty = empty_label(_EMPTY, self)
        self.pages = QStackedWidget(self)
        self._waiting = Waiting(workbench.tasks, self.busy, self.pages, self._choose_page, self)
        self._build()
        self._connect()
        self._bind()
        self._on_inspection()

    # Building

    def _build(self) -> None:
        bold = self.font()
        bold.setBold(True)
        self.headline.setFont(bold)
        for label in (self.headline, self.message):
            label.setContentsMargins(3 * theme.GRID, 0, 2 * theme.GRID, 2 * theme.GRID)
        self.message.hide()
        content = QWidget(self)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.headline)
        inner.addWidget(self.tabs, 1)
        self._content = content
        for widget in (self.empty, content, self.busy):
            self.pages.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sides)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        document = self._document
        self.sides.chosen.connect(self.choose)
        self.sides.swap_wanted.connect(self.swap)
        self.layouts.chosen.connect(document.select)
        self.layouts.choice.idClicked.connect(lambda _id: self._follow(document.selection))
        self.variables.current_changed.connect(self._on_variable)
        self.variables.activated.connect(self._on_activated_variable)
        self.bytes.selected.connect(document.select)
        self.bytes.activated.connect(lambda _row: self._workbench.show("hex"))
        self.busy.cancelled.connect(self._waiting.cancel)
        self._workbench.actions.keys_changed.connect(self._name_keys)
        self._name_keys()
        document.inspection_changed.connect(self._on_inspection)
        document.selection_changed.connect(self._follow)
        document.leaving.connect(self._on_leaving)
        document.returned.connect(self._on_returned)

    def _bind(self) -> None:
        self._workbench.actions.bind(
            {
                "next-difference": lambda: self.step(1),
                "previous-difference": lambda: self.step(-1),
            },
            {
                "differences": lambda: bool(self._places),
            },
        )
        TakingOver(self._workbench, self.variables, lambda: self._beside, self.compare_with_opened)

    def _name_keys(self) -> None:
        key = self._workbench.actions.key_text
        self.bytes.keys = stepping_text(key("next-difference"), key("previous-difference"))

    # Both sides

    @property
    def other(self) -> Inspection | None:
        """Side B; None while nothing has been chosen."""
        return self._other

    def choose(self, paths: Sequence[str]) -> None:
        """Read what side B is to be."""
        names = tuple(paths)
        title = " and ".join(Path(name).name for name in names)

        def work(report: Report) -> Inspection:
            inspection = inspect_files(names, report)
            keep_from_search(inspection)
            return inspection

        self._start(f"Reading {title}", work, self.compare_with)

    def compare_with(self, other: Inspection) -> None:
        """Make an image side B."""
        self._beside = None
        self._other = other
        self._recompare()

    def compare_with_opened(self, other: Opened) -> None:
        """Make what is open beside A side B, as it is edited there; none of A itself."""
        if other.inspection is not None and other is not self._document.front:
            self.compare_with(other.inspection)
            self._beside = other

    def swap(self) -> None:
        """Bring B to the front, opened beside A where it is not open, and compare A to it."""
        first, second, beside = self._document.front, self._other, self._beside
        if first.inspection is None or second is None:
            return
        self._other, self._beside = first.inspection, first
        if beside is not None and beside in self._document.all_open:
            self._document.bring_to_front(beside)
        else:
            names = tuple(str(Path(file.path).absolute()) for file in second.image.files)
            self._document.show(Content(second, names))

    def _on_leaving(self) -> None:
        self._in_front = self._document.front

    def _on_returned(self) -> None:
        """What comes to the front may have been side B: A is that then, and the other way round."""
        front, before = self._document.front, self._in_front
        if self._beside is front and before is not None:
            self.compare_with_opened(before)
        elif self._beside is not None and self._beside.inspection is not self._other:
            self.compare_with_opened(self._beside)

    def _why_not_swapped(self) -> str:
        if self._document.inspection is None or self._other is None:
            return "needs both sides"
        return ""

    def _show_sides(self) -> None:
        self.sides.show_sides(self._document.inspection, self._other, self._why_not_swapped())

    def _on_inspection(self) -> None:
        self._recompare()

    def _recompare(self) -> None:
        self._show_sides()
        first, second = self._document.inspection, self._other
        if first is None or second is None:
            self._show(None)
            return
        work = partial(_compare, first, second)
        self._start("Comparing", work, self._show)

    def _show(self, found: _Compared | None) -> None:
        self.comparison = found.comparison if found is not None else None
        self._places = found.places if found is not None else ()
        if found is not None:
            self.headline.setText(headline(found.comparison, found.files))
            self.tabs.show_comparison(found.comparison, found.files, found.sides, found.places)
        if self._waiting:
            self._waiting.cancel()  # which chooses the page
        else:
            self._choose_page()
        self._follow(self._document.selection)
        self._workbench.actions.update()

    # Tasks

    def _start(
        self, title: str, work: Callable[[Report], object], done: Callable[..., None]
    ) -> None:
        self.message.hide()
        # A comparison that is being redone after an edit stays in sight meanwhile.
        quiet = self.comparison is not None and title == "Comparing"
        self._waiting.start(title, work, done, self._on_refusal, quiet=quiet)

    def _choose_page(self) -> None:
        if self._waiting.show():
            return
        if self.comparison is not None:
            self.pages.setCurrentWidget(self._content)
        else:
            self.pages.setCurrentWidget(self.empty)

    def _on_refusal(self, refusal: Refused) -> None:
        self.message.setText(f"✖ {refusal}")
        self.message.show()

    # One selection

    def _follow(self, place: Place | None) -> None:
        self.layouts.follow(place)
        self.bytes.follow(place)

    def _on_variable(self, row: VariableDifference) -> None:
        store = self._document.store
        if row.first is not None and store is not None:
            self._document.select(Place(store.space, row.first.span))

    def _on_activated_variable(self, row: VariableDifference) -> None:
        if row.first is not None:
            self._workbench.show("hex")

    def step(self, direction: int) -> None:
        """Select the next place where bytes differ, or the one before, going round."""
        here = self.bytes.current
        if here is not None:
            number: int | None = (here + direction) % len(self._places)
        else:
            number = next_row(self._places, self._document.selection, direction)
        if number is not None:
            self._workbench.tell(self.bytes.show_place(number))

    def show_find(self) -> None:
        """Put the cursor into the filter line of the page in front."""
        page = self.tabs.currentWidget()
        if isinstance(page, (TablePage, BytesPage)):
            page.begin_filter()

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """What is dropped becomes side B, once there is a side A."""
        local = any(url.isLocalFile() for url in event.mimeData().urls())
        if local and self._document.inspection is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make it side B."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.choose(paths)

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        shown = (("layout", 0), ("constants", 1), ("variables", 2), ("bytes", 3))
        poses = [(name, partial(self.tabs.setCurrentIndex, index)) for name, index in shown]
        return [*poses, ("flash", self._pose_flash)]

    def fill_for_picture(self) -> None:
        """Hold what is open against a built-in pair, unless something has been chosen."""
        if self._other is not None:
            return

        self._start("Building another pair", _example, self.compare_with)

    def _pose_flash(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.layouts.show_choice(FLASH)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard goes to the page in front, or to the button that chooses B."""
        page = self.tabs.currentWidget()
        target = self.sides.choose if self.comparison is None else page
        (self.layouts.drawing if target is self.layouts else target).setFocus(reason)


def _example(_report: Report) -> Inspection:
    return inspect(image_of(other_demo_files()))


def _compare(first: Inspection, second: Inspection, report: Report) -> _Compared:
    report(0, 1, "comparing layouts, variables and bytes")
    comparison = compare(first, second)
    files = aligned_files(comparison, report)
    sides = tuple(sides_of(comparison, file) for file in files)
    return _Compared(comparison, files, sides, place_rows(files))
