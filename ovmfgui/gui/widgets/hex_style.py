"""How hex digits are written wherever bytes are drawn: in capitals, or small."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class HexStyle(QObject):
    """The style of the program; what draws bytes draws them anew as it changes.

    Attributes:
        capitals: whether it is ``0A`` rather than ``0a``.

    Signals:
        changed: it is another one.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.capitals = True

    def choose(self, *, capitals: bool) -> None:
        """Write digits so from now on."""
        if capitals is not self.capitals:
            self.capitals = capitals
            self.changed.emit()

    def written(self, digits: str) -> str:
        """Digits in capitals, as this style writes them."""
        return digits if self.capitals else digits.lower()


HEX_STYLE = HexStyle()
