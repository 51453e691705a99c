"""Buttons for actions, beside one another as far as there is room, then in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QResizeEvent

_GAP = 2 * theme.GRID


class ActionRow(QWidget):
    """Shows what can be done; nothing where that is nothing.

    Signals:
        triggered: one of them was asked for.
    """

    triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self._actions: tuple[QAction, ...] = ()
        self.setAccessibleName("What can be done")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Show other ones, the best first."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        for action in self._actions:
            action.changed.disconnect(self._follow)
        self._actions = tuple(actions)
        self.buttons = [self._button(action) for action in actions]
        self.setVisible(bool(self.buttons))
        self._follow()
        for action in actions:
            action.changed.connect(self._follow)

    def _button(self, action: QAction) -> QPushButton:
        # Without the mnemonic, which is the menu's.
        button = QPushButton(action.text().replace("&", ""), self)
        button.clicked.connect(self.triggered)
        button.clicked.connect(action.trigger)
        button.show()
        return button

    def _follow(self) -> None:
        """Each as its action is now: icons come after the start and with other colours.

        What the view that does it has not been made for yet can be done once that is there.
        """
        for button, action in zip(self.buttons, self._actions, strict=True):
            button.setIcon(action.icon())
            button.setToolTip(plain_tip(action.statusTip()))
            button.setEnabled(action.isEnabled())
        self._flow(self.width(), place=True)
        self.updateGeometry()

    def _flow(self, width: int, *, place: bool = False) -> int:
        """How high the rows are in this width; ``place`` puts the buttons there."""
        left = top = below = 0
        for button in self.buttons:
            size = button.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, below + _GAP
            if place:
                button.setGeometry(left, top, size.width(), size.height())
            left += size.width() + _GAP
            below = top + size.height()
        return below

    def hasHeightForWidth(self) -> bool:
        """Fewer beside one another take more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of the rows that there are in this width."""
        return self._flow(width)

    def sizeHint(self) -> QSize:
        """All in one row."""
        wide = sum(button.sizeHint().width() + _GAP for button in self.buttons)
        return QSize(wide, self._flow(wide))

    def minimumSizeHint(self) -> QSize:
        """One button."""
        sizes = [button.sizeHint() for button in self.buttons]
        widest = max((size.width() for size in sizes), default=0)
        return QSize(widest, max((size.height() for size in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer beside one another."""
        super().resizeEvent(event)
        self._flow(event.size().width(), place=True)
