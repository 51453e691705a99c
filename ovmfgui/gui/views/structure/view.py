"""The regions as a tree, with a filter line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.catching_up import CatchingUp
from ovmfgui.gui.dialogs.region_menu import RegionMenu
from ovmfgui.gui.keeping import FilterAndPlace
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree, set_widths, when_chosen
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.models.regions import RegionsModel
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.span import Place

_MOST_UNFOLDED = 5_000
"""Rows that are unfolded at once: some 30 ms."""
_SAMPLES = ("n" * 34, "FTW working block", "0x00000000", "0x4000000", "0x00000000", "0000 %")


class _Tree(QTreeView):
    """A tree whose key to unfold all below a row asks somebody else to do so.

    Signals:
        unfold_wanted: for the row of this ``QModelIndex``.
    """

    unfold_wanted = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's own would unfold whatever there is."""
        if event.key() == Qt.Key.Key_Asterisk:
            self.unfold_wanted.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class StructureView(CatchingUp):
    """Follows the document's selection and sets it."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, parent)
        self._workbench = workbench
        document = workbench.document
        self._following = False
        self.model = RegionsModel(self)
        self.tree = _Tree(self)
        self.tree.unfold_wanted.connect(self._on_unfold)
        self.tree.setModel(self.model)
        dress_tree(self.tree, "Structure")
        set_widths(self.tree, _SAMPLES)
        self.tree.setIndentation(3 * theme.GRID)
        self.menu = RegionMenu(workbench, self)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.tree.activated.connect(self._on_activated)
        self.filter = FilterLine(
            "Filter by name, kind, offset, address or GUID", "Filter regions", self
        )
        self.filter.textChanged.connect(self._on_filter)
        self.model.wrong_changed.connect(self.filter.tell)
        self._build()
        when_chosen(self.tree, self._on_row)
        document.presented.connect(self.filter.clear)
        self.keeping = FilterAndPlace(self.filter, self.tree)
        document.selection_changed.connect(self._on_selection)
        self.follow_document()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.filter, 1)
        for text, tip, slot in (
            ("Expand all", "Unfold the whole tree", self._on_unfold),
            ("Collapse all", "Fold the whole tree", self._on_collapse),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(plain_tip(tip))
            button.setAutoRaise(True)
            button.clicked.connect(slot)
            row.addWidget(button)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            empty_label("Nothing is open, so there is no structure to show.", self)
        )
        self._stack.addWidget(content)

    def show_find(self) -> None:
        """Put the cursor into the filter line."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def refresh(self) -> None:
        """Show what is open."""
        regions = self._document.map
        self.model.set_regions(regions)
        self._stack.setCurrentIndex(1 if regions else 0)
        if len(regions) < 16:
            self.tree.expandToDepth(0)
        self._on_selection(self._document.selection)

    def forget(self) -> None:
        """Each row is an object: of a large image that was closed they would stay."""
        self.model.set_regions(())

    def _unfold(self, below: QModelIndex) -> bool:
        """Unfold the tree below a row, or all of it, as far as that is no long turn.

        Returns:
            Whether all is unfolded.
        """
        depth, whole = self.model.levels_within(_MOST_UNFOLDED, below)
        if depth >= 0 and not below.isValid():
            self.tree.expandToDepth(depth)
        elif depth >= 0:
            self.tree.expandRecursively(below, depth)
        return whole

    def _on_unfold(self, below: QModelIndex | bool = False) -> None:
        if not self._unfold(below if isinstance(below, QModelIndex) else QModelIndex()):
            self._document.notice.emit(
                f"Rows are unfolded down to where there are more than {_MOST_UNFOLDED:,}; "
                "those below unfold one by one."
            )

    def _on_collapse(self) -> None:
        self.tree.collapseAll()

    def _on_filter(self, text: str) -> None:
        if self.model.set_words(text) and text.strip():
            self._unfold(QModelIndex())
        self._on_selection(self._document.selection)

    def showEvent(self, event: QShowEvent) -> None:
        """Go to what was selected while the tree was hidden."""
        super().showEvent(event)
        self._on_selection(self._document.selection)

    def _on_selection(self, place: Place | None) -> None:
        # To go to a row is to lay out thousands of them: only where somebody sees it.
        if self.stale or not self.isVisible():
            return
        path = self._document.path_at(place)
        index = self.model.index_of(path)
        if self.model.region(self.tree.currentIndex()) is (path[-1] if path else None):
            return
        self._following = True
        try:
            self.tree.setCurrentIndex(index)
            if index.isValid():
                self.tree.scrollTo(index)
                self.tree.horizontalScrollBar().setValue(0)
        finally:
            self._following = False

    def _on_row(self, index: QModelIndex) -> None:
        region = self.model.region(index)
        if region is not None and not self._following:
            self._document.select(region.place)

    def _on_activated(self, index: QModelIndex) -> None:
        # A double click on a row with others below unfolds it, and means no more than that.
        if not self.model.hasChildren(index.siblingAtColumn(0)):
            self._on_row(index)
            self._workbench.show("hex")

    def _on_menu(self, where: QPoint) -> None:
        index = self.tree.indexAt(where)
        region = self.model.region(index)
        if region is not None:
            self._on_row(index)
            self.menu.popup(region, self.tree.viewport().mapToGlobal(where))

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        return (("filtered", self._pose_filtered),)

    def _pose_filtered(self) -> None:
        self.filter.setText("ftw")
