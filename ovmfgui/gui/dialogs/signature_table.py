"""The signatures of a key database as a table, to add to and to take from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.budgets import MOST_VALUE
from ovmfgui.flash.source import read_regular
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.nvram.forms.signature_lines import (
    Entry,
    entries,
    with_file,
    with_hash,
    with_owner,
    without,
)
from ovmfgui.nvram.key_files import NO_OWNER
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEY_FILES = "Keys (*.der *.cer *.crt *.pem *.esl *.auth *.bin);;All files (*)"
_COLUMNS: tuple[Column[Entry], ...] = (
    Column("Type", lambda e: e.type, full=lambda e: e.details),
    Column(
        "Certificate or hash",
        lambda e: e.what,
        tip="A certificate's subject, the bytes of anything else",
        full=lambda e: e.details,
    ),
    Column(
        "Owner",
        lambda e: e.who,
        tip="SignatureOwner: a note of who brought it in; firmware asks nobody",
        full=lambda e: str(e.owner),
    ),
)
_SAMPLES = ("X.509 SHA", "n" * 24, "n" * 13)


class SignatureTable(QWidget):
    """A row for each signature; behind it the form's text, a line each.

    Signals:
        textChanged: after something was added, removed or given another owner.
    """

    textChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.model: RowsModel[Entry] = RowsModel(_COLUMNS, parent=self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "Signatures")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setMinimumHeight(24 * theme.GRID)
        set_widths(self.table, _SAMPLES)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.add = self._button("&Add from file…", "Certificates, signature lists, updates")
        self.hash = self._button("Add has&h…", "The SHA-256 of a loader, 64 digits in hex")
        self.owner = self._button("&Owner…", "Give the chosen signatures another owner")
        self.remove = self._button("R&emove", "Take the chosen signatures away")
        self.told = WrappedLabel("", self)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        for button in (self.add, self.hash, self.owner, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        column.addWidget(self.told)
        self.setFocusProxy(self.table)
        self.add.clicked.connect(self._on_add)
        self.hash.clicked.connect(self._on_hash)
        self.owner.clicked.connect(self._on_owner)
        self.remove.clicked.connect(self._on_remove)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self._show("")

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        button.setAutoDefault(False)
        return button

    def text(self) -> str:
        """The lines of the form."""
        return self._text

    def setText(self, text: str) -> None:
        """Show the signatures of other lines."""
        if text != self._text:
            self._show(text)
            self.textChanged.emit()

    def _show(self, text: str) -> None:
        self._text = text
        self.model.set_rows(entries(text))
        self.told.setText(count(len(self.model.rows), "signature"))
        self._enable()

    def _enable(self, *_what: object) -> None:
        chosen = self.table.selectionModel().hasSelection()
        self.owner.setEnabled(chosen)
        self.remove.setEnabled(chosen)

    def _chosen(self) -> set[int]:
        """The lines of the rows that are chosen."""
        rows = self.table.selectionModel().selectedRows()
        return {self.model.rows[index.row()].line for index in rows}

    def _owner(self) -> UUID:
        """Whoever brought in the last one brings in the next."""
        return self.model.rows[-1].owner if self.model.rows else NO_OWNER

    def _change(self, change: Callable[[], str]) -> None:
        try:
            self.setText(change())
        except Refused as refusal:
            self.told.setText(str(refusal))

    def add_files(self, paths: Sequence[str]) -> None:
        """Add the keys of files behind those that are there; those of which none come are told."""
        refused: list[str] = []
        for path in paths:
            try:
                contents = read_regular(path, MOST_VALUE)
                self.setText(with_file(self._text, contents, self._owner()))
            except Refused as refusal:
                refused.append(f"{Path(path).name}: {refusal}")
        if refused:
            self.told.setText("\n".join(refused))

    def _on_add(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(self, "Files with keys", "", KEY_FILES)
        self.add_files(paths)

    def _on_hash(self) -> None:
        digits, wanted = QInputDialog.getText(self, "Add a hash", "SHA-256, 64 digits in hex:")
        if wanted:
            self._change(lambda: with_hash(self._text, digits, self._owner()))

    def _on_owner(self) -> None:
        chosen = self._chosen()
        now = next((row.owner for row in self.model.rows if row.line in chosen), NO_OWNER)
        text, wanted = QInputDialog.getText(self, "Owner", "The owner's GUID:", text=str(now))
        if not wanted:
            return
        try:
            owner = UUID(text.strip())
        except ValueError:
            self.told.setText("The owner is a GUID.")
            return
        self._change(lambda: with_owner(self._text, chosen, owner))

    def _on_remove(self) -> None:
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        self._change(lambda: without(self._text, self._chosen()))
        if self.model.rows:
            self.table.selectRow(min(min(rows, default=0), len(self.model.rows) - 1))
