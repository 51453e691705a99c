"""Both layouts to one scale, region beside region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.layout_compare import LayoutCompare
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.layout.comparison_columns import flash, stores

if TYPE_CHECKING:
    from ovmfgui.layout.columns import Area
    from ovmfgui.layout.comparison import Comparison
    from ovmfgui.layout.comparison_columns import Sides
    from ovmfgui.span import Place

STORES, FLASH = 0, 1
"""What is drawn: the volume with the variables, or everything."""


class LayoutPage(QWidget):
    """Two columns; an area of A can be selected.

    Signals:
        chosen: the ``Place`` of an area in A.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Sides | None, Sides | None] = (None, None)
        self.drawing = LayoutCompare(self)
        self.drawing.setAccessibleName("Layout of A against layout of B")
        self.drawing.hints = ("Click to select it", "Click to select its like in A")
        self.legend = Legend(self)
        self.choice = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(3 * theme.GRID, theme.GRID, 2 * theme.GRID, 0)
        row.setSpacing(4 * theme.GRID)
        row.addWidget(PlainLabel("To one scale:", self))
        for number, text in ((STORES, "the variable store's volume"), (FLASH, "all of the flash")):
            button = QRadioButton(text, self)
            self.choice.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.drawing, 1)
        column.addWidget(self.legend)
        self.drawing.chosen.connect(self._on_area)
        self.choice.idClicked.connect(self.show_choice)

    @property
    def sides(self) -> Sides | None:
        """The two columns that are drawn; None where a side has none."""
        return self._sides[max(self.choice.checkedId(), 0)]

    def show_comparison(self, comparison: Comparison) -> None:
        """Draw another one; the store where both sides have one."""
        self._sides = (stores(comparison), flash(comparison))
        before = self.choice.checkedId()
        self.choice.button(STORES).setEnabled(self._sides[STORES] is not None)
        if self._sides[STORES] is None:
            self.show_choice(FLASH)
        else:
            self.show_choice(max(before, STORES))

    def show_choice(self, number: int) -> None:
        """The store, or everything."""
        self.choice.button(number).setChecked(True)
        sides = self.sides
        if sides is not None:
            self.drawing.set_columns(*sides.columns, addresses=sides.addresses)
        self.legend.set_kinds(self.drawing.kinds())

    def follow(self, place: Place | None) -> None:
        """Mark the area of A that is selected."""
        sides = self.sides
        area = sides.area_at(place) if sides is not None and place is not None else None
        self.drawing.mark(0, area)

    def _on_area(self, side: int, area: Area) -> None:
        sides = self.sides
        if sides is None:
            return
        if side == 1:
            like = next((own for own in sides.columns[0].areas if own.name == area.name), None)
            if like is None:
                return
            area = like
        place = sides.places[0].get(area)
        if place is not None:
            self.chosen.emit(place)
