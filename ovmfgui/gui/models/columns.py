"""Columns of a table as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Callable

Row = TypeVar("Row")

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
"""What rows are ordered by: numbers as numbers."""

TEXT_ROLE = Qt.ItemDataRole.UserRole + 2
"""All that the filter line looks in."""


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
    """

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    tip: str = ""
    number: bool = False
    fixed: bool = False
    full: Callable[[Row], str] | None = None

    def order(self, row: Row) -> Any:
        """What ``row`` is ordered by."""
        return self.text(row) if self.sort is None else self.sort(row)

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Of cells and header."""
        side = Qt.AlignmentFlag.AlignRight if self.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
