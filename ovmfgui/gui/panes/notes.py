"""The notes on what is open, as a list that leads to their bytes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.notes import SIGNS, Note
from ovmfgui.gui.dialogs.note import NoteDialog
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths, when_chosen
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.refusal import Refused
from ovmfgui.span import Place
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

    from ovmfgui.gui.workbench import Workbench

Row = tuple[int, Note]

_SAMPLES = ("● ", "n" * 28, "n" * 24, "0x00000000", "00,000,000", "n" * 40)


class NotesPane(QWidget):
    """A click goes to the bytes, Enter edits, Delete takes away.

    Signals:
        begun: a note is being written, and the pane is wanted in sight.
    """

    begun = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = workbench.document
        self._notes = workbench.notes
        columns: tuple[Column[Row], ...] = (
            Column("", lambda r: SIGNS[r[1].sign], ink=self._ink),
            Column("Name", lambda r: r[1].name, full=lambda r: r[1].name),
            Column("In", lambda r: self._title(r[0]), full=lambda r: self._title(r[0])),
            Column("Offset", lambda r: f"0x{r[1].span.start:08X}", lambda r: r[1].span.start,
                   number=True),
            Column("Bytes", lambda r: f"{r[1].span.size:,}", lambda r: r[1].span.size,
                   number=True),
            Column("Note", lambda r: r[1].text.replace("\n", " "), full=lambda r: r[1].text),
        )  # fmt: skip
        self.model: RowsModel[Row] = RowsModel(columns, parent=self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "Notes")
        set_widths(self.table, _SAMPLES)
        self.table.setMinimumHeight(10 * theme.GRID)
        self.told = ElidedLabel("", self)
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.told, 1)
        self.buttons = {
            text: self._button(row, text, tip, slot)
            for text, tip, slot in (
                ("Edit…", "Change the chosen note (Enter)", self.edit),
                ("Delete", "Take the chosen note away (Del)", self.delete),
                ("Import…", "Take over notes from a JSON file", self._on_import),
                ("Export…", "Write the notes on the file of the chosen one as JSON",
                 self._on_export),
            )
        }  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        when_chosen(self.table, self._on_row)
        self.table.activated.connect(lambda _index: self.edit())
        self.table.installEventFilter(self)
        self._notes.changed.connect(self._refresh)
        workbench.actions.bind({"note": self.begin})
        self._refresh()

    def _button(
        self, row: QHBoxLayout, text: str, tip: str, slot: Callable[[], object]
    ) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setAutoRaise(True)
        button.clicked.connect(lambda _=False: slot())
        row.addWidget(button)
        return button

    def begin(self) -> None:
        """Ask for a note on the selected bytes."""
        place = self._document.selection
        if place is None:
            return
        wrong = self._notes.why_not(place.space)
        if wrong:
            self._workbench.refuse(wrong)
            return
        self.begun.emit()
        path = self._document.path_at(place)
        note = Note(place.span, path[-1].name if path else "")
        self._ask(place.space, note, partial(self._notes.add, place.space))

    def edit(self) -> None:
        """Ask for the chosen note anew."""
        row = self._chosen()
        if row is not None:
            space, note = row
            self._ask(space, note, partial(self._notes.replace, space, note))

    def delete(self) -> None:
        """Take the chosen note away."""
        row = self._chosen()
        if row is not None:
            self._try(partial(self._notes.remove, *row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Here Delete is about the note, not about a variable as in the rest of the window."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.delete()
                return True
        return super().eventFilter(watched, event)

    def _ask(self, space: int, note: Note, put: Callable[[Note], None]) -> None:
        size = count(note.span.size, "byte", "bytes")
        where = f"{size} at 0x{note.span.start:X} in {self._title(space)}"
        dialog = NoteDialog(note, where, self._workbench.owner)
        dialog.noted.connect(lambda new: self._try(partial(put, new)))
        self._workbench.open_dialog(dialog)
        dialog.name.setFocus()
        dialog.name.selectAll()

    def _try(self, change: Callable[[], object]) -> None:
        try:
            change()
        except Refused as refusal:
            self._workbench.refuse(refusal)

    def _chosen(self) -> Row | None:
        index = self.table.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def _title(self, space: int) -> str:
        image = self._document.image
        return "" if image is None or space >= len(image.spaces) else image.title_of(space)

    def _ink(self, row: Row) -> QColor:
        return theme.note_colour(row[1].sign, self.palette())

    def _refresh(self) -> None:
        rows = self._notes.all
        self.model.set_rows(rows)
        key = self._workbench.actions.key_text("note")
        self.told.setText(
            f"{count(len(rows), 'note', 'notes')}, kept beside the settings at their offsets"
            if rows
            else f"No notes yet: select bytes and press {key}."
            if key
            else "No notes yet."
        )
        for text in ("Edit…", "Delete", "Export…"):
            self.buttons[text].setEnabled(bool(rows))

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            space, note = self.model.rows[index.row()]
            self._document.select(Place(space, note.span))

    # Files

    def _on_export(self) -> None:
        row = self._chosen() or (self.model.rows[0] if self.model.rows else None)
        if row is None:
            return
        target, _filter = QFileDialog.getSaveFileName(
            self, "Export notes", "notes.json", "Notes (*.json)"
        )
        if target:
            self._try(partial(self._notes.export_to, row[0], target))

    def _on_import(self) -> None:
        place = self._document.selection
        space = place.space if place is not None else 0
        source, _filter = QFileDialog.getOpenFileName(
            self, f"Import notes on {self._title(space)}", "", "Notes (*.json)"
        )
        if source:
            self._try(partial(self.take_over, space, source))

    def take_over(self, space: int, source: str) -> None:
        """Import notes on a file, and say how many are new."""
        new = self._notes.import_from(space, source)
        self._workbench.tell(f"{count(new, 'new note', 'new notes')} on {self._title(space)}.")
