"""What stands over the bytes: which of them, where to go, how they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ovmfgui.gui.document.settings import OFFSETS, PER_ROW
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES, offset_base

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.document.settings import Settings


class HexTopBar(QWidget):
    """One line of controls.

    Signals:
        space_chosen: the index of other bytes.
        asked: the text of an offset or address.
        rows_chosen: bytes a row.
        base_chosen: an ``OffsetBase``.
        find_wanted: something is to be looked for.
    """

    space_chosen = Signal(int)
    asked = Signal(str)
    rows_chosen = Signal(int)
    base_chosen = Signal(object)
    find_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.spaces = QComboBox(self)
        self.spaces.setAccessibleName("Bytes of")
        self.spaces.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.spaces.setMinimumContentsLength(24)
        self.target = QLineEdit(self)
        self.target.setPlaceholderText("Go to offset")
        self.target.setAccessibleName("Go to offset or guest address, in hex")
        self.target.setToolTip("An offset in this file, or a guest address; both in hex")
        self.target.setClearButtonEnabled(True)
        self.target.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 34)
        self._message = ElidedLabel("", self)
        self.per_row = QComboBox(self)
        self.per_row.setAccessibleName("Bytes in a row")
        for count in PER_ROW.choices:
            self.per_row.addItem(f"{count} a row", count)
        self.per_row.setCurrentIndex(self.per_row.findData(settings.get(PER_ROW)))
        self.base = QComboBox(self)
        self.base.setAccessibleName("Offsets are counted from")
        self.base.setToolTip("What the numbers at the left are")
        for each in OFFSET_BASES:
            self.base.addItem(each.title)
        self.base.setCurrentIndex(OFFSET_BASES.index(offset_base(str(settings.get(OFFSETS)))))
        # The list may be wider than what is chosen in it.
        self.base.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.base.setMinimumContentsLength(12)
        self.find_button = QToolButton(self)
        self.find_button.setText("Find")
        self.find_button.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        for widget, stretch in (
            (self.spaces, 2),
            (self.target, 2),
            (self._message, 1),
            (self.base, 0),
            (self.per_row, 0),
            (self.find_button, 0),
        ):
            row.addWidget(widget, stretch)
        self.spaces.activated.connect(self.space_chosen)
        self.target.returnPressed.connect(lambda: self.asked.emit(self.target.text()))
        self.per_row.activated.connect(lambda at: settings.set(PER_ROW, self.per_row.itemData(at)))
        self.base.activated.connect(self._on_base)
        self._settings.changed.connect(self._on_setting)
        self.find_button.clicked.connect(self.find_wanted)

    def set_titles(self, titles: Sequence[str], sizes: Sequence[str]) -> None:
        """The bytes that can be shown, their sizes in their tips; the same leave the choice."""
        if list(titles) != [self.spaces.itemText(index) for index in range(self.spaces.count())]:
            self.spaces.clear()
            self.spaces.addItems(titles)
        for index, (title, size) in enumerate(zip(titles, sizes, strict=True)):
            tip = plain_tip(f"{title}, {size}")
            self.spaces.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)

    def tell(self, wrong: str) -> None:
        """What is wrong with what was asked for; nothing where it is well."""
        self._message.setText(wrong)
        self._message.setToolTip(plain_tip(wrong))

    def _on_base(self, index: int) -> None:
        self._settings.set(OFFSETS, OFFSET_BASES[index].id)

    def _on_setting(self, key: str) -> None:
        if key == OFFSETS.key:
            chosen = offset_base(str(self._settings.get(OFFSETS)))
            self.base.setCurrentIndex(OFFSET_BASES.index(chosen))
            self.base_chosen.emit(chosen)
        elif key == PER_ROW.key:
            count = self._settings.get(PER_ROW)
            self.per_row.setCurrentIndex(self.per_row.findData(count))
            self.rows_chosen.emit(int(count))
