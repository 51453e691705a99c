"""What to do with several images: open one, compare two, or judge them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from ovmfgui.machine.locating import Offer
    from ovmfgui.machine.sorting_out import Found

_ACTION = QDialogButtonBox.ButtonRole.ActionRole


class OffersDialog(QDialog):
    """A list; what can be done depends on how many of its rows are selected.

    Signals:
        open_wanted: the paths of the one that was chosen.
        compare_wanted: the paths of two, A and B.
        matrix_wanted: the paths of all.
    """

    open_wanted = Signal(object)
    compare_wanted = Signal(object, object)
    matrix_wanted = Signal(object)

    def __init__(self, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Which one?")
        self._offers = found.offers
        two = len(found.offers) == 2
        what = "Compare them, or open one." if two else "Open one, compare two, or judge all."
        text = WrappedLabel(f"{found.why} {what}", self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Images and pairs")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setSpacing(theme.GRID // 2)
        for offer in found.offers:
            item = QListWidgetItem(offer.title, self.list)
            item.setToolTip(plain_tip("\n".join(offer.paths)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.open_button = buttons.addButton("Open", QDialogButtonBox.ButtonRole.AcceptRole)
        self.compare_button = buttons.addButton("Compare", _ACTION)
        self.matrix_button = buttons.addButton("All in the matrix", _ACTION)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addWidget(text)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.resize(130 * theme.GRID, (50 if two else 90) * theme.GRID)
        self.list.itemSelectionChanged.connect(self._on_selection)
        self.list.itemActivated.connect(self._on_open)
        self.open_button.clicked.connect(self._on_open)
        self.compare_button.clicked.connect(self._on_compare)
        self.matrix_button.clicked.connect(self._on_matrix)
        buttons.rejected.connect(self.reject)
        if two:
            self.list.selectAll()
        else:
            self.list.setCurrentRow(0)
        self._on_selection()

    def chosen(self) -> list[Offer]:
        """The offers selected, in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        return [self._offers[row] for row in rows]

    def _on_selection(self) -> None:
        count = len(self.chosen())
        for button, wanted, why in (
            (self.open_button, 1, "Select one to open it"),
            (self.compare_button, 2, "Select two to compare them"),
        ):
            button.setEnabled(count == wanted)
            button.setToolTip(plain_tip("" if count == wanted else why))
        (self.compare_button if count == 2 else self.open_button).setDefault(True)

    def _on_open(self, _what: object = None) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self.accept()
            self.open_wanted.emit(chosen[0].paths)

    def _on_compare(self) -> None:
        first, second = self.chosen()
        self.accept()
        self.compare_wanted.emit(first.paths, second.paths)

    def _on_matrix(self) -> None:
        self.accept()
        paths = dict.fromkeys(path for offer in self._offers for path in offer.paths)
        self.matrix_wanted.emit(tuple(paths))
