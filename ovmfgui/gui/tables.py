"""How tables and trees look and behave, the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QTreeView

from ovmfgui.gui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence


def row_height(view: QAbstractItemView) -> int:
    """The font's height and some air, on the grid."""
    return -(-(view.fontMetrics().height() + theme.GRID) // theme.GRID) * theme.GRID


def dress(view: QAbstractItemView, name: str) -> None:
    """One row at a time, no box in a box, read to a screen reader as ``name``."""
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setAccessibleName(name)
    view.setTabKeyNavigation(False)


def dress_table(view: QTableView, name: str) -> None:
    """A table without grid and row numbers."""
    dress(view, name)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(row_height(view))
    view.verticalHeader().setMinimumSectionSize(row_height(view))
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setMinimumSectionSize(8 * theme.GRID)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def dress_tree(view: QTreeView, name: str) -> None:
    """A tree with rows of one height."""
    dress(view, name)
    view.setUniformRowHeights(True)
    view.setAllColumnsShowFocus(True)
    view.header().setStretchLastSection(True)
    view.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)


def set_widths(view: QTableView | QTreeView, samples: Sequence[str]) -> None:
    """Columns as wide as these texts in the fixed-width font, with room around them."""
    header = view.header() if isinstance(view, QTreeView) else view.horizontalHeader()
    letter = view.fontMetrics().horizontalAdvance("0")
    for column, sample in enumerate(samples):
        title = view.model().headerData(column, Qt.Orientation.Horizontal) or ""
        wide = max(len(sample) * letter, view.fontMetrics().horizontalAdvance(str(title)))
        header.resizeSection(column, wide + 5 * theme.GRID)
