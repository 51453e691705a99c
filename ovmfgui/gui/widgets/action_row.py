"""Buttons for actions, beside one another as far as there is room, then in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QResizeEvent


class ActionRow(QWidget):
    """Shows what can be done; nothing where that is nothing.

    Signals:
        triggered: one of them was asked for.
    """

    triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2 * theme.GRID)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._columns = 0
        self.setAccessibleName("What can be done")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Show other ones, the best first."""
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(action) for action in actions]
        self._columns = 0
        self._place()
        self.setVisible(bool(self.buttons))

    def _button(self, action: QAction) -> QPushButton:
        # Without the mnemonic, which is the menu's.
        button = QPushButton(action.text().replace("&", ""), self)
        button.setIcon(action.icon())
        button.setToolTip(action.statusTip())
        button.clicked.connect(self.triggered)
        button.clicked.connect(action.trigger)
        button.show()
        return button

    def _place(self) -> None:
        widest = max((each.sizeHint().width() for each in self.buttons), default=1)
        room = (self.width() + self._grid.spacing()) // (widest + self._grid.spacing())
        # Before it has been given any width, one row: what grows for more keeps that height.
        columns = max(min(room or len(self.buttons), len(self.buttons)), 1)
        if columns != self._columns:
            self.updateGeometry()
            self._columns = columns
            for number, button in enumerate(self.buttons):
                at = divmod(number, columns)
                self._grid.addWidget(button, *at, Qt.AlignmentFlag.AlignLeft)

    def minimumSizeHint(self) -> QSize:
        """One button wide."""
        widest = max((each.sizeHint().width() for each in self.buttons), default=0)
        return QSize(widest, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer beside one another."""
        super().resizeEvent(event)
        self._place()
