"""The matrix itself: rows and columns that light up, a cell that can be walked to and chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.views.matrix.header import NamesHeader
from ovmfgui.gui.views.matrix.model import NOTE_ROLE, VERDICT_ROLE, BoardModel
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from ovmfgui.hosts.matrix_arrangement import Arrangement
    from ovmfgui.hosts.matrix_board import Board, Named

_COLUMN = 31 * theme.GRID
_PAD = theme.GRID
_UNLIT, _LIT = 0.13, 0.27
"""How much of the verdict's colour is in a plate's ground."""


class VerdictDelegate(QStyledItemDelegate):
    """A plate in the verdict's colour with sign, word and outcome."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Ground of a lit row or column, then the plate."""
        table, verdict = self.parent(), index.data(VERDICT_ROLE)
        if not isinstance(table, VerdictTable) or verdict is None:
            return
        palette = table.palette()
        base, rect = palette.base().color(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if table.lights(index):
            painter.fillRect(rect, contrast.mix(theme.accent(palette), base, 0.10))
        colour = theme.fit_style(verdict.fit, palette).colour
        ground = contrast.mix(colour, base, _LIT if table.lights(index) else _UNLIT)
        gap = _PAD / 2 + 0.5 if table.in_words else 1
        plate = rect.adjusted(gap, gap, -gap, -gap)
        current = index == table.currentIndex()
        strong = current and table.hasFocus()
        pen = QPen(theme.accent(palette) if current else ground, 2 if current else 1)
        if current and not strong:
            faint = contrast.mix(theme.accent(palette), base, 0.6)
            pen.setColor(contrast.readable(faint, base, 3.0))
        painter.setPen(pen)
        painter.setBrush(ground)
        round_by = _PAD if table.in_words else _PAD / 2
        painter.drawRoundedRect(plate, round_by, round_by)
        if table.in_words:
            self._paint_text(painter, plate.adjusted(2 * _PAD, 0, -_PAD, 0), index, ground)
        else:
            painter.setPen(contrast.readable(colour, ground))
            sign = theme.fit_style(verdict.fit, palette).sign
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, sign)
        painter.restore()

    def _paint_text(
        self,
        painter: QPainter,
        rect: QRectF,
        index: QModelIndex | QPersistentModelIndex,
        ground: QColor,
    ) -> None:
        table = self.parent()
        assert isinstance(table, VerdictTable)
        palette = table.palette()
        colour = theme.fit_style(index.data(VERDICT_ROLE).fit, palette).colour
        bold = QFont(table.font())
        bold.setBold(True)
        metrics, plain = QFontMetrics(bold), QFontMetrics(table.font())
        top = rect.center().y() - (metrics.height() + plain.height()) / 2
        elide, room = Qt.TextElideMode.ElideRight, int(rect.width())
        painter.setFont(bold)
        painter.setPen(contrast.readable(colour, ground))
        word = metrics.elidedText(str(index.data()), elide, room)
        painter.drawText(QRectF(rect.left(), top, room, metrics.height()), word)
        painter.setFont(table.font())
        painter.setPen(contrast.readable(theme.muted(palette), ground))
        note = plain.elidedText(str(index.data(NOTE_ROLE)), elide, room)
        below = top + metrics.height()
        painter.drawText(QRectF(rect.left(), below, room, plain.height()), note)


class VerdictTable(QTableView):
    """Stores as rows, CODE images as columns.

    Signals:
        current_changed: (row, column) of the cell that the reasons are wanted of.
        chosen: (row, column) of the cell that was activated: Enter or a double click.
    """

    current_changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = (-1, -1)
        self.in_words = True
        self.names_across = NamesHeader(Qt.Orientation.Horizontal, self)
        self.names_down = NamesHeader(Qt.Orientation.Vertical, self)
        self._corner = PlainLabel("CODE →\nVARS ↓", self)
        self.board_model = BoardModel(self)
        self.setHorizontalHeader(self.names_across)
        self.setVerticalHeader(self.names_down)
        self.setModel(self.board_model)
        self.setItemDelegate(VerdictDelegate(self))
        self._dress()
        self.entered.connect(self._on_entered)
        self.activated.connect(lambda index: self.chosen.emit((index.row(), index.column())))

    def _dress(self) -> None:
        self.setAccessibleName("Matrix of stores (rows) and CODE images (columns)")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        for mode in (self.setHorizontalScrollMode, self.setVerticalScrollMode):
            mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._corner.setMargin(2 * theme.GRID)
        self._corner.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self._corner.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._corner.setBackgroundRole(QPalette.ColorRole.Window)
        self._corner.setAutoFillBackground(True)
        self._measure()

    def _measure(self) -> None:
        """Sections by the font."""
        line = self.fontMetrics().height()
        if not self.in_words:
            for header in (self.names_across, self.names_down):
                header.setDefaultSectionSize(line + 2 * _PAD)
            return
        wide = max(_COLUMN, self.fontMetrics().horizontalAdvance("✖ Incompatible") + 9 * _PAD)
        self.names_across.setDefaultSectionSize(wide)
        self.names_down.setDefaultSectionSize(2 * line + 4 * _PAD)

    def set_board(
        self, board: Board | None, shown: Arrangement | None = None, *, in_words: bool = True
    ) -> None:
        """Show other verdicts, or the same arranged otherwise; the current pair stays if it can."""
        before = self._current_pair() if board is self.board_model.board else None
        self.hovered = (-1, -1)
        self.in_words = in_words
        self.board_model.set_board(board, self.palette(), shown)
        self._measure()
        for header in (self.names_across, self.names_down):
            header.set_in_words(in_words)
        self.updateGeometries()
        self.setCurrentIndex(self._index_of(before))
        self.scrollTo(self.currentIndex())
        self._light()

    def _current_pair(self) -> tuple[Named, Named] | None:
        shown, current = self.board_model.shown, self.currentIndex()
        if not current.isValid():
            return None
        return shown.rows[current.row()].named, shown.columns[current.column()].named

    def _index_of(self, pair: tuple[Named, Named] | None) -> QModelIndex:
        """Where a pair is shown now; the first cell where it is not."""
        found = [0, 0]
        shown = self.board_model.shown
        for edge, headings in enumerate((shown.rows, shown.columns)):
            for section, heading in enumerate(headings):
                if pair is not None and pair[edge] in (heading.named, *heading.alike):
                    found[edge] = section
        return self.board_model.index(found[0], found[1])

    def lights(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether a cell is in the row or column under the mouse."""
        return index.row() == self.hovered[0] or index.column() == self.hovered[1]

    def _light(self) -> None:
        current = self.currentIndex()
        self.names_down.light(hovered=self.hovered[0], current=current.row())
        self.names_across.light(hovered=self.hovered[1], current=current.column())
        self.viewport().update()

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self.hovered:
            self.hovered = cell
            self._light()

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover((index.row(), index.column()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Beside the cells nothing lights up."""
        super().mouseMoveEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self._hover((-1, -1))

    def viewportEvent(self, event: QEvent) -> bool:
        """Drop the cross of row and column once the mouse has left the table."""
        if event.type() == QEvent.Type.Leave:
            self._hover((-1, -1))
        return super().viewportEvent(event)

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Another cell: by the arrows or a click."""
        super().currentChanged(current, previous)
        self._light()
        if current.isValid():
            self.current_changed.emit((current.row(), current.column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, also where the platform's style would not."""
        current = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.isValid():
            self.chosen.emit((current.row(), current.column()))
            return
        super().keyPressEvent(event)

    def updateGeometries(self) -> None:
        """The corner's words stay in the corner."""
        super().updateGeometries()
        across, down = self.names_across, self.names_down
        self._corner.setGeometry(0, 0, down.width(), across.height())
        self._corner.raise_()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or other colours."""
        super().changeEvent(event)
        if not hasattr(self, "board_model"):
            return
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        if event.type() == QEvent.Type.PaletteChange:
            self.board_model.set_palette(self.palette())
            self.viewport().update()
