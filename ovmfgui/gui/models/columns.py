"""Columns of a table as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_cell, plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = TypeVar("Row")

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
"""What rows are ordered by: numbers as numbers."""

TEXT_ROLE = Qt.ItemDataRole.UserRole + 2
"""All that the filter line looks in."""


DISPLAY, FOREGROUND, DECORATION, CHECK_STATE, BACKGROUND = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.CheckStateRole,
        Qt.ItemDataRole.BackgroundRole,
    )
)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_FONT = int(Qt.ItemDataRole.FontRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
UNANSWERED = frozenset((CHECK_STATE, BACKGROUND))
"""Roles that views ask every cell for, and none of ours has anything to say to."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column.

    Attributes:
        title: of the header.
        text: what a cell shows.
        sort: what rows are ordered by; ``text`` where None.
        tip: of the header: what stands here, and its unit.
        number: whether digits are to be aligned: right, in the fixed-width font.
        fixed: whether it is shown in the fixed-width font though it is no number.
        full: what a cell's tooltip says; empty for none.
        ink: a cell's colour; None for the row's.
        bold: whether it is shown in bold.
    """

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    tip: str = ""
    number: bool = False
    fixed: bool = False
    full: Callable[[Row], str] | None = None
    ink: Callable[[Row], QColor] | None = None
    bold: bool = False

    def order(self, row: Row) -> Any:
        """What ``row`` is ordered by."""
        return self.text(row) if self.sort is None else self.sort(row)

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Of cells and header."""
        side = Qt.AlignmentFlag.AlignRight if self.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def cell(self, row: Row, role: int) -> Any:
        """What a cell says to a view."""
        # Numbers are compared a tenth as fast through an enumeration, and every cell is asked for
        # seven roles whenever it is painted.
        if role == DISPLAY:
            return plain_cell(self.text(row))
        if role == _ALIGNMENT:
            return self.alignment
        if role == _FONT:
            return self._font()
        if role == FOREGROUND:
            return QBrush(self.ink(row)) if self.ink is not None else None
        if role == _TIP:
            return plain_tip(self.full(row)) or None if self.full is not None else None
        return self.order(row) if role == SORT_ROLE else None

    def _font(self) -> QFont | None:
        if self.number or self.fixed:
            return theme.fixed_font()
        if not self.bold:
            return None
        font = QFont()
        font.setBold(True)
        return font


def header_cell(
    columns: Sequence[Column[Any]], section: int, orientation: Qt.Orientation, role: int
) -> Any:
    """What a table's header says to a view: titles, alignment and tips."""
    if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return columns[section].title
        case Qt.ItemDataRole.ToolTipRole:
            return columns[section].tip or None
        case Qt.ItemDataRole.TextAlignmentRole:
            return columns[section].alignment
        case _:
            return None
