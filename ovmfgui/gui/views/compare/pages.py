"""The pages of a comparison: layout, constants, variables, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.compare.bytes_page import BytesPage
from ovmfgui.gui.views.compare.layout_page import LayoutPage
from ovmfgui.gui.views.compare.table_page import TablePage
from ovmfgui.gui.views.compare.tables import CONSTANTS, variable_columns
from ovmfgui.gui.views.compare.variables_page import VariablesPage
from ovmfgui.gui.widgets.steady_tabs import SteadyTabs
from ovmfgui.layout.comparison_words import constants_text, variables_text
from ovmfgui.layout.verdict import Fit
from ovmfgui.nvram.decode.remembered import Decoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.widgets.hex_pair_area import PairSide
    from ovmfgui.layout.alignment import AlignedFile, PlaceRow
    from ovmfgui.layout.comparison import Comparison, ConstantRow
    from ovmfgui.nvram.difference import VariableDifference

_TABS = ("Layout", "Constants", "Variables", "Bytes")
_CONSTANT_SAMPLES = ("≠", "FTW working block's offset", *["0" * 28] * 4)
_VARIABLE_SAMPLES = ("≠ attributes, data", "n" * 22, "n" * 22, "n" * 34, "n" * 34)


_DIFFERENCE_FITS = {
    "differs": Fit.RISKY,
    "only-first": Fit.INCOMPATIBLE,
    "only-second": Fit.FITS,
}
"""Whose colours changed, removed and added variables have."""


class ComparisonPages(SteadyTabs):
    """A tab for each, with how much differs on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decoding = Decoding()
        self.layouts = LayoutPage(self)
        self.constants = TablePage("constants", self._constant_ink, self)
        self.variables = VariablesPage(self._decoding, self._variable_ink, self)
        self.bytes = BytesPage(self)
        self.setDocumentMode(True)
        self.tabBar().setAccessibleName("What is compared")
        for page, title in zip(
            (self.layouts, self.constants, self.variables, self.bytes), _TABS, strict=True
        ):
            self.addTab(page, title)

    def show_comparison(
        self,
        found: Comparison,
        files: Sequence[AlignedFile],
        sides: Sequence[tuple[PairSide, PairSide]],
        places: Sequence[PlaceRow],
    ) -> None:
        """Fill every page, and tell on its tab how much differs there."""
        self.layouts.show_comparison(found)
        told = constants_text(found)
        self.constants.show_rows(found.constants, CONSTANTS, _CONSTANT_SAMPLES, told)
        stores = [side.store.space if side.store else 0 for side in (found.first, found.second)]
        self.variables.spaces = (stores[0], stores[1])
        columns = variable_columns(self._decoding, self.variables.spaces)
        told = variables_text(found)
        self.variables.show_rows(found.variables, columns, _VARIABLE_SAMPLES, told)
        self.bytes.show_comparison(found, files, sides, places)
        apart = len({(j.left, j.right) for j in self.layouts.drawing.joins if not j.meets})
        counts = (
            apart,
            sum(row.differs for row in found.constants),
            len(found.variables),
            len(places),
        )
        for index, (name, count) in enumerate(zip(_TABS, counts, strict=True)):
            self.setTabText(index, f"{name}  ≠ {count:,}" if count else f"{name}  =")

    def _constant_ink(self, row: ConstantRow) -> QColor | None:
        return theme.error_colour(self.palette()) if row.differs else None

    def _variable_ink(self, row: VariableDifference) -> QColor | None:
        return theme.fit_style(_DIFFERENCE_FITS[row.kind], self.palette()).colour
