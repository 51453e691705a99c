"""The verdicts as a table: stores as rows, CODE images as columns."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.hosts.matrix_arrangement import Arrangement, arrange
from ovmfgui.hosts.matrix_board import SHORT_OUTCOMES
from ovmfgui.layout.words import OUTCOMES
from ovmfgui.wording import visible

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

    from ovmfgui.gui.models.columns import Index
    from ovmfgui.hosts.matrix_arrangement import Heading
    from ovmfgui.hosts.matrix_board import Board
    from ovmfgui.layout.verdict import Verdict

HEADING_ROLE = Qt.ItemDataRole.UserRole
"""Of a header: its ``Heading``."""

VERDICT_ROLE = Qt.ItemDataRole.UserRole
"""Of a cell: its ``Verdict``."""

NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Of a cell: the outcome in a few words."""


_NOTHING = Arrangement((), (), (), (0, 0))


class BoardModel(QAbstractTableModel):
    """Cells by sign and word; the delegate adds the colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board: Board | None = None
        self.shown = _NOTHING
        self._palette: QPalette | None = None

    def set_board(
        self, board: Board | None, palette: QPalette, shown: Arrangement | None = None
    ) -> None:
        """Show these verdicts in place of the former: as they are arranged, or all of them."""
        self.beginResetModel()
        self.board, self._palette = board, palette
        self.shown = shown or (_NOTHING if board is None else arrange(board))
        self.endResetModel()

    def set_palette(self, palette: QPalette) -> None:
        """The same in other colours."""
        self._palette = palette

    def rowCount(self, parent: Index | None = None) -> int:
        """A row for each store, or each group of them."""
        return 0 if parent is not None and parent.isValid() else len(self.shown.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """A column for each CODE image, or each group of them."""
        return 0 if parent is not None and parent.isValid() else len(self.shown.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the files, at both edges."""
        heading = self.heading(section, orientation)
        if heading is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return heading.name
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(heading.tip)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{heading.name}, {heading.told}"
            case _:
                return heading if role == HEADING_ROLE else None

    def heading(self, section: int, orientation: Qt.Orientation) -> Heading | None:
        """What is at the head of a row or column."""
        across = orientation is Qt.Orientation.Horizontal
        headings = self.shown.columns if across else self.shown.rows
        return headings[section] if 0 <= section < len(headings) else None

    def verdict(self, index: Index) -> Verdict | None:
        """The verdict of a cell."""
        return self.shown.cells[index.row()][index.column()] if index.isValid() else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's sign and word, in the verdict's colour."""
        verdict = self.verdict(index)
        if verdict is None or self._palette is None:
            return None
        style = theme.fit_style(verdict.fit, self._palette)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{style.sign} {style.word}"
            case Qt.ItemDataRole.ToolTipRole:
                return f"<p>{self._pair(index)}<br>{escape(visible(verdict.summary))}</p>"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._spoken(index)}: {style.word}; {OUTCOMES[verdict.outcome]}"
            case _:
                return {VERDICT_ROLE: verdict, NOTE_ROLE: SHORT_OUTCOMES[verdict.outcome]}.get(role)

    def _spoken(self, index: Index) -> str:
        store, code = self.shown.rows[index.row()], self.shown.columns[index.column()]
        return f"{store.name} with {code.name}"

    def _pair(self, index: Index) -> str:
        return escape(visible(self._spoken(index)))
