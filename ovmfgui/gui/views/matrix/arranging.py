"""How the matrix is laid out: in words or signs, what is alike together, what is well left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.hosts.matrix_arrangement import MOST_IN_WORDS, arrange, is_large
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.hosts.matrix_arrangement import Arrangement, Heading
    from ovmfgui.hosts.matrix_board import Board

_AUTOMATIC, _WORDS, _SIGNS = range(3)


class ArrangingBar(QWidget):
    """What a large matrix is made readable with, and what that hides.

    Signals:
        changed: it is to be laid out anew.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = False
        self.cells = QComboBox(self)
        self.cells.addItems(["Automatic", "Words", "Signs"])
        self.cells.setAccessibleName("Cells")
        self.cells.setToolTip(
            plain_tip(
                "What a cell shows: the verdict in words, or its sign alone so that many are seen "
                f"at once. Automatic: signs from {MOST_IN_WORDS + 1} rows or columns on"
            )
        )
        self.group = QCheckBox("Group alike", self)
        self.group.setToolTip("Files with the same verdicts throughout share a row or a column")
        self.filter = QCheckBox("Only what is not well", self)
        self.filter.setToolTip("Leave out files that are well with every file of the other edge")
        self.text = ElidedLabel("", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, theme.GRID)
        row.setSpacing(3 * theme.GRID)
        for widget in (self.cells, self.group, self.filter):
            row.addWidget(widget)
        row.addWidget(self.text, 1)
        self.cells.activated.connect(lambda _index: self.changed.emit())
        self.group.clicked.connect(self._on_group)
        self.filter.clicked.connect(lambda _checked: self.changed.emit())

    def arranged(self, board: Board) -> Arrangement:
        """The board as it is wanted."""
        shown = arrange(
            board, grouped=self.group.isChecked(), only_not_well=self.filter.isChecked()
        )
        self._tell(shown)
        return shown

    def in_words(self, shown: Arrangement) -> bool:
        """Whether cells have words, not signs alone."""
        chosen = self.cells.currentIndex()
        return not is_large(shown) if chosen == _AUTOMATIC else chosen == _WORDS

    def begin(self, board: Board) -> None:
        """For other verdicts: a filter does not outlive what it was set for."""
        self.filter.setChecked(False)
        well = all(verdict.fit.well for line in board.cells for verdict in line)
        self.filter.setEnabled(not well)
        if not self._chosen:
            self.group.setChecked(is_large(arrange(board)))

    def _tell(self, shown: Arrangement) -> None:
        """What is not seen one by one."""
        rows, columns = shown.hidden
        said = []
        if rows or columns:
            hidden = [count(rows, "store")] if rows else []
            hidden += [f"{columns:,} CODE"] if columns else []
            said.append(f"{' and '.join(hidden)} hidden, well with all")
        headings = (*shown.rows, *shown.columns)
        alike = sum(len(each.alike) + 1 for each in headings if each.alike)
        if alike:
            said.append(f"{alike:,} of {alike + _alone(headings):,} files share rows or columns")
        if not self.in_words(shown):
            said.append("numbers: with how many it is not well")
        self.text.setText("; ".join(said))
        self.text.setToolTip(plain_tip("; ".join(said)))

    def _on_group(self, _checked: bool) -> None:
        self._chosen = True
        self.changed.emit()


def _alone(headings: Sequence[Heading]) -> int:
    return sum(not each.alike for each in headings)
