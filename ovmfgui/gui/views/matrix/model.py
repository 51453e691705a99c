"""The verdicts as a table: stores as rows, CODE images as columns."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.hosts.matrix_board import SHORT_OUTCOMES
from ovmfgui.layout.words import OUTCOMES
from ovmfgui.wording import visible

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

    from ovmfgui.gui.models.columns import Index
    from ovmfgui.hosts.matrix_board import Board, Named
    from ovmfgui.layout.verdict import Verdict

NAMED_ROLE = Qt.ItemDataRole.UserRole
"""Of a header: the ``Named`` at its head."""

VERDICT_ROLE = Qt.ItemDataRole.UserRole
"""Of a cell: its ``Verdict``."""

NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Of a cell: the outcome in a few words."""


class BoardModel(QAbstractTableModel):
    """Cells by sign and word; the delegate adds the colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board: Board | None = None
        self._palette: QPalette | None = None

    def set_board(self, board: Board | None, palette: QPalette) -> None:
        """Show these verdicts in place of the former."""
        self.beginResetModel()
        self.board, self._palette = board, palette
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """A row for each store."""
        if self.board is None or (parent is not None and parent.isValid()):
            return 0
        return len(self.board.stores)

    def columnCount(self, parent: Index | None = None) -> int:
        """A column for each CODE image."""
        if self.board is None or (parent is not None and parent.isValid()):
            return 0
        return len(self.board.codes)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the files, at both edges."""
        named = self._named(section, orientation)
        if named is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return named.name
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(named.tip)
            case _:
                return named if role == NAMED_ROLE else None

    def _named(self, section: int, orientation: Qt.Orientation) -> Named | None:
        if self.board is None:
            return None
        across = orientation is Qt.Orientation.Horizontal
        names = self.board.codes if across else self.board.stores
        return names[section] if 0 <= section < len(names) else None

    def verdict(self, index: Index) -> Verdict | None:
        """The verdict of a cell."""
        if self.board is None or not index.isValid():
            return None
        return self.board.cells[index.row()][index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's sign and word, in the verdict's colour."""
        verdict = self.verdict(index)
        if verdict is None or self.board is None or self._palette is None:
            return None
        style = theme.fit_style(verdict.fit, self._palette)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{style.sign} {style.word}"
            case Qt.ItemDataRole.ToolTipRole:
                return f"<p>{escape(visible(verdict.summary))}</p>"
            case Qt.ItemDataRole.AccessibleTextRole:
                code, store = self.board.codes[index.column()], self.board.stores[index.row()]
                outcome = OUTCOMES[verdict.outcome]
                return f"{store.name} with {code.name}: {style.word}; {outcome}"
            case _:
                return {VERDICT_ROLE: verdict, NOTE_ROLE: SHORT_OUTCOMES[verdict.outcome]}.get(role)
