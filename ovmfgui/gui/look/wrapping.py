"""Cells that take as many lines as their text needs: what they exist to show is never cut."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import row_height

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

_SIDE = theme.GRID + 3
_ABOVE = theme.GRID // 2


def _laid_out(text: str, font: QFont, width: float) -> tuple[QTextLayout, float]:
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    high = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        line.setPosition(QPointF(0, high))
        high += line.height()
    layout.endLayout()
    return layout, high


class WrappingDelegate(QStyledItemDelegate):
    """Breaks between words, and within those that are wider than the column."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The ground as the style has it, then all lines from the top."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style, view = option.widget.style(), option.widget
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, view)
        chosen = bool(cell.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        active = bool(cell.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        layout, _high = _laid_out(cell.text, cell.font, option.rect.width() - 2 * _SIDE)
        painter.save()
        painter.setPen(cell.palette.color(group, role))
        layout.draw(painter, QPointF(option.rect.left() + _SIDE, option.rect.top() + _ABOVE))
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as the lines are in the column as wide as it is."""
        view = option.widget
        if not isinstance(view, QTableView):
            return super().sizeHint(option, index)
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        width = view.columnWidth(index.column())
        high = ceil(_laid_out(cell.text, cell.font, width - 2 * _SIDE)[1]) + 2 * _ABOVE
        return QSize(width, max(high, row_height(view)))


def wrap_cells(table: QTableView) -> None:
    """Have rows grow with their text, and with the width that columns are given."""
    table.setItemDelegate(WrappingDelegate(table))
    table.setTextElideMode(Qt.TextElideMode.ElideNone)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().sectionResized.connect(table.resizeRowsToContents)


def height_of_rows(table: QTableView) -> int:
    """Of the header and all rows together, so that nothing is scrolled within the table."""
    model: QAbstractItemModel = table.model()
    rows = sum(table.rowHeight(row) for row in range(model.rowCount()))
    return table.horizontalHeader().sizeHint().height() + rows
