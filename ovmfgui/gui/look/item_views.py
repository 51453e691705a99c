"""How tables and trees look and behave, the same everywhere."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeView,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.quiet_header import QuietHeader
from ovmfgui.gui.look.term_hints import explain_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_SIDE = theme.GRID
_lines: dict[str, int] = {}
"""By font: pixels from the middle of its height down to its baseline; every cell asks."""


def lower_by(font: QFont, beside: QFont, room: int) -> int:
    """Pixels by which centred text has to go down to stand on the line of text in another font.

    ``room`` is the height that both are centred in.
    """
    return 0 if font == beside else _line_of(beside, room) - _line_of(font, room)


def _line_of(font: QFont, room: int) -> int:
    """Where the baseline of centred text lies; rounded as QTextLayout and QStyle round it."""
    key = font.key()
    if key not in _lines:
        metrics = QFontMetricsF(font)
        _lines[key] = round(metrics.ascent()) - ceil(metrics.height()) // 2
    return room // 2 + _lines[key]


class RoomyDelegate(QStyledItemDelegate):
    """Air at both sides of a cell, so that digits at the right do not touch words at the left."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The ground over the whole cell, the contents inside it."""
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        view = option.widget
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style = view.style()
        style.drawPrimitive(panel, whole, painter, view)
        down = lower_by(whole.font, view.font(), option.rect.height())
        whole.rect = option.rect.adjusted(_SIDE, down, -_SIDE, down)
        # The base class would ask the model for everything once more.
        contents = QStyle.ControlElement.CE_ItemViewItem
        if not down:
            style.drawControl(contents, whole, painter, view)
            return
        # Text is centred by its font's own height: with another font beside it, it would stand on
        # another line.
        painter.save()
        painter.setClipRect(option.rect)
        style.drawControl(contents, whole, painter, view)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """With that air, and rows of one height but for those whose text takes several lines."""
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
        size = super().sizeHint(inner, index)
        view = option.widget
        height = row_height(view) if isinstance(view, QAbstractItemView) else size.height()
        # Lines of two rows would be read as one text.
        lines = size.height() + theme.GRID if size.height() > height else height
        return QSize(size.width() + 2 * _SIDE, lines)


class OneLineDelegate(RoomyDelegate):
    """For columns whose cells never take more than a line, however high their rows are."""

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """No width of its own: the column has one."""
        view = option.widget
        return QSize(0, row_height(view) if isinstance(view, QAbstractItemView) else 0)


def when_chosen(view: QAbstractItemView, slot: Callable[[QModelIndex], object]) -> None:
    """Tell ``slot`` of the row that a person goes to or clicks, or the program makes current.

    As the keyboard comes to a view that has no current row, Qt gives it one, selects nothing, and
    tells of it as of any other; but nobody chose it.
    """
    selection = view.selectionModel()

    def moved(index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid() or selection.isSelected(index):
            slot(index)

    selection.currentRowChanged.connect(moved)
    view.clicked.connect(slot)


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
    view.setItemDelegate(RoomyDelegate(view))
    explain_terms(view)


def dress_table(view: QTableView, name: str) -> None:
    """A table without grid and row numbers."""
    dress(view, name)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(row_height(view))
    view.verticalHeader().setMinimumSectionSize(row_height(view))
    view.setHorizontalHeader(QuietHeader(view))
    view.horizontalHeader().setMinimumSectionSize(8 * theme.GRID)


def dress_tree(view: QTreeView, name: str) -> None:
    """A tree with rows of one height."""
    dress(view, name)
    view.setUniformRowHeights(True)
    view.setAllColumnsShowFocus(True)
    view.setIndentation(4 * theme.GRID)
    view.setHeader(QuietHeader(view))
    view.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)


def set_widths(view: QTableView | QTreeView, samples: Sequence[str]) -> None:
    """Columns as wide as these texts with room around them; hex digits in the fixed-width font."""
    header = view.header() if isinstance(view, QTreeView) else view.horizontalHeader()
    plain, fixed = view.fontMetrics(), QFontMetrics(theme.fixed_font())
    for column, sample in enumerate(samples):
        title = str(view.model().headerData(column, Qt.Orientation.Horizontal) or "")
        metrics = fixed if sample.startswith("0") else plain
        wide = max(metrics.horizontalAdvance(sample), plain.horizontalAdvance(title))
        header.resizeSection(column, wide + 2 * _SIDE + 2 * theme.GRID)
