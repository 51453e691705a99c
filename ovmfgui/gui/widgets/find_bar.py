"""The line to type into what is looked for among bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ovmfgui.flash.search import Notation
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_TITLES = {
    Notation.HEX: ("Hex", "5F 46 56 48, ?? for any byte"),
    Notation.TEXT: ("ASCII text", "_FVH"),
    Notation.UTF16: ("UTF-16 text", "BootOrder"),
    Notation.NAME: ("Variable name", "BootOrder, with its NUL"),
    Notation.GUID: ("GUID", "8be4df61-93ca-11d2-aa0d-00e098032b8c, in either byte order"),
}


class FindBar(QWidget):
    """Notation, text, next and previous, and how many there are.

    Signals:
        edited: notation and text, whenever either changes.
        stepped: 1 for the next match, -1 for the one before.
        everywhere: all places in all files and unpacked bodies are wanted.
        closed: the user is done.
    """

    edited = Signal(object, str)
    stepped = Signal(int)
    everywhere = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notation = QComboBox(self)
        self._notation.setAccessibleName("What is typed")
        for notation, (title, _example) in _TITLES.items():
            self._notation.addItem(title, notation)
        self._text = QLineEdit(self)
        self._text.setClearButtonEnabled(True)
        self._text.setAccessibleName("Look for")
        self._count = ElidedLabel("", self)
        self._ink = Tint(self._count)
        self._count.setMinimumWidth(self.fontMetrics().horizontalAdvance("00,000 of 00,000"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(theme.GRID)
        row.addWidget(self._notation)
        row.addWidget(self._text, 3)
        row.addWidget(self._count, 2)
        self._add_button(row, "▲", "Previous match (Shift+Enter)", self._previous)
        self._add_button(row, "▼", "Next match (Enter)", self._next)
        self._add_button(
            row, "All", "List every place, in all files and unpacked bodies", self.everywhere.emit
        )
        self._add_button(row, "✕", "Close (Esc)", self.closed.emit)
        self._notation.currentIndexChanged.connect(self._on_notation)
        self._text.textChanged.connect(self._on_text)
        self._on_notation()

    def _add_button(self, row: QHBoxLayout, sign: str, tip: str, slot: object) -> None:
        button = QToolButton(self)
        button.setText(sign)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(slot)
        row.addWidget(button)

    @property
    def notation(self) -> Notation:
        """How the text is meant."""
        return Notation(self._notation.currentData())

    @property
    def text(self) -> str:
        """What has been typed."""
        return self._text.text()

    def begin(self) -> None:
        """Put the keyboard into the text, with what is there selected."""
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.selectAll()

    def look_for(self, notation: Notation, text: str) -> None:
        """Fill the bar in, as if it had been typed."""
        self._notation.setCurrentIndex(self._notation.findData(notation))
        self._text.setText(text)

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """How many there are, or what is wrong with the text."""
        self._ink.mean(theme.error_colour if wrong else None)
        self._count.setText(text)
        self._count.setToolTip(plain_tip(text))

    def message(self) -> str:
        """What ``tell`` said last."""
        return self._count.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter steps, with shift backwards; Esc closes."""
        backwards = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if backwards else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _next(self) -> None:
        self.stepped.emit(1)

    def _previous(self) -> None:
        self.stepped.emit(-1)

    def _on_notation(self) -> None:
        self._text.setPlaceholderText(_TITLES[self.notation][1])
        self._on_text()

    def _on_text(self) -> None:
        self.edited.emit(self.notation, self.text)
