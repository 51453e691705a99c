"""One note: its name, sign and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ovmfgui.dataclass import replace
from ovmfgui.flash.notes import MOST_NAME, MOST_TEXT, SIGNS
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from ovmfgui.flash.notes import Note


class NoteDialog(QDialog):
    """Asks for all but the place.

    Signals:
        noted: the ``Note``.
    """

    noted = Signal(object)

    def __init__(self, note: Note, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = note
        self.setWindowTitle("Note on bytes")
        self.name = QLineEdit(note.name, self)
        self.name.setMaxLength(MOST_NAME)
        self.name.setPlaceholderText("In a few words")
        self.sign = QComboBox(self)
        for number, sign in enumerate(SIGNS):
            self.sign.addItem(f"{sign}  {theme.NOTE_COLOURS[number]}")
            ink = theme.note_colour(number, self.palette())
            self.sign.setItemData(number, QBrush(ink), Qt.ItemDataRole.ForegroundRole)
        self.sign.setCurrentIndex(note.sign)
        self.text = QPlainTextEdit(note.text, self)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumSize(80 * theme.GRID, 24 * theme.GRID)
        form = QFormLayout(self)
        form.addRow("Bytes", PlainLabel(where, self))
        form.addRow("&Name", self.name)
        form.addRow("&Sign", self.sign)
        form.addRow("N&ote", self.text)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        form.addRow(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.name.textChanged.connect(self._on_name)
        self._on_name(note.name)

    def _on_name(self, name: str) -> None:
        self._ok.setEnabled(bool(name.strip()))
        self._ok.setToolTip("" if name.strip() else "Needs a name")

    def accept(self) -> None:
        """Say what was noted."""
        self.noted.emit(
            replace(
                self._note,
                name=self.name.text().strip(),
                text=self.text.toPlainText()[:MOST_TEXT],
                sign=self.sign.currentIndex(),
            )
        )
        super().accept()
