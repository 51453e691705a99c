"""The variables that differ, with both values in full, and what takes them from side to side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QToolButton, QVBoxLayout

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.compare.table_page import TablePage
from ovmfgui.gui.widgets.value_pane import ValuePane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction, QColor
    from PySide6.QtWidgets import QWidget

    from ovmfgui.nvram.decode.remembered import Decoding
    from ovmfgui.nvram.difference import VariableDifference
    from ovmfgui.nvram.record import Record


class VariablesPage(TablePage):
    """Several rows can be chosen; the current one's values stand below the table."""

    def __init__(
        self,
        decoding: Decoding,
        ink: Callable[[VariableDifference], QColor | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("variables", ink, parent)
        self._decoding = decoding
        self.spaces = (0, 0)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._deeds = QHBoxLayout()
        self.values = (ValuePane(self), ValuePane(self))
        for letter, pane in zip("AB", self.values, strict=True):
            pane.setAccessibleName(f"Value in {letter}")
            pane.revealed.connect(self._show_values)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.table)
        sides = QSplitter(self)
        both = QSplitter(Qt.Orientation.Vertical, self)
        both.setChildrenCollapsible(False)
        sides.setChildrenCollapsible(False)
        for pane in self.values:
            sides.addWidget(pane)
        both.addWidget(self.table)
        both.addWidget(sides)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        column.addLayout(self._deeds)
        column.addWidget(both)
        self._deeds.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, theme.GRID)
        self.table.selectionModel().currentRowChanged.connect(self._show_values)

    def offer(self, actions: Sequence[QAction]) -> None:
        """What can be done with the rows that are chosen, as buttons and in the context menu."""
        for action in actions:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._deeds.addWidget(button)
        self._deeds.addStretch(1)
        self.table.addActions(list(actions))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def chosen_rows(self) -> list[VariableDifference]:
        """The rows that are chosen, in the order of the table."""
        found = self.table.selectionModel().selectedRows()
        return [self.row(index) for index in sorted(found, key=lambda index: index.row())]

    def _show_values(self, _what: object = None) -> None:
        row = self.row(self.table.currentIndex())
        records = (row.first, row.second) if row is not None else (None, None)
        for letter, pane, record, space in zip(
            "AB", self.values, records, self.spaces, strict=True
        ):
            self._show_value(letter, pane, record, space)

    def _show_value(self, letter: str, pane: ValuePane, record: Record | None, space: int) -> None:
        if record is None:
            pane.show_record(None, None)
            pane.kind.setText(f"{letter} has no such variable.")
            return
        pane.show_record(record, self._decoding.of(record, space, reveal=pane.reveals(record)))
        pane.title.setText(f"{letter}: {pane.title.text()}")
