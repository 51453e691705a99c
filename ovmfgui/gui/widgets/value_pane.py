"""One variable's value: in decoded form, with the bytes one click away."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, set_widths, when_chosen
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import lines_high
from ovmfgui.gui.models.fields import FieldsModel
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.hex_grid import HexGrid
from ovmfgui.nvram.decode import help_for
from ovmfgui.nvram.faults import label_of_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.nvram.decode import Decoded
    from ovmfgui.nvram.record import Record


_MEASURED = 300
"""Rows whose values decide how wide their column is: a dbx has thousands, all alike."""

_LEAST = 11 * theme.GRID
"""A header and a row: a message above takes the rest of a small window."""


class ValuePane(QWidget):
    """Knows one record at a time.

    Signals:
        chosen: a ``Span`` in the space of the store: a field or bytes were clicked.
        revealed: whether secrets are shown has changed.
    """

    chosen = Signal(object)
    revealed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: Record | None = None
        self._asked: tuple[object, ...] | None = None
        self.title = ElidedLabel("", self, wide=True)
        self.kind = ElidedLabel("", self)
        self.purpose = ElidedLabel("", self)
        self.model = FieldsModel(self)
        self.fields = QTableView(self)
        self.fields.setModel(self.model)
        dress_table(self.fields, "Decoded value")
        set_widths(self.fields, ("SignatureHeaderSize", "0" * 38))
        self.bytes = HexGrid(self)
        self.bytes.setAccessibleName("Bytes of the value")
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.fields)
        self.pages.addWidget(self.bytes)
        self.pages.setMinimumHeight(_LEAST)
        self.decoded_button = self._page_button("Decoded", "The value's parts and what they mean")
        self.hex_button = self._page_button("Hex", "The value's bytes")
        self.secret_button = self._page_button(
            "Show secret", "Show the password or its hash, which is masked until asked for"
        )
        self._build()
        self.secret_button.clicked.connect(self._on_secret)
        when_chosen(self.fields, self._on_field)
        self.bytes.selected.connect(self._on_bytes)

    def _page_button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setCheckable(True)
        button.setAutoRaise(True)
        return button

    def _build(self) -> None:
        bold = self.font()
        bold.setBold(True)
        self.title.setFont(bold)
        # One line, whatever it says: the table above must not move with the selection.
        lines_high(self.purpose, 1)
        choice = QButtonGroup(self)
        choice.addButton(self.decoded_button, 0)
        choice.addButton(self.hex_button, 1)
        choice.idClicked.connect(self.pages.setCurrentIndex)
        self.decoded_button.setChecked(True)
        row = QHBoxLayout()
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, 0)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.title)
        row.addWidget(self.kind, 1)
        row.addWidget(self.secret_button)
        row.addWidget(self.decoded_button)
        row.addWidget(self.hex_button)
        below = QHBoxLayout()
        below.setContentsMargins(2 * theme.GRID, 0, 2 * theme.GRID, theme.GRID)
        below.addWidget(self.purpose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(self.pages, 1)

    def show_record(self, record: Record | None, decoded: Decoded | None) -> None:
        """Show a record's value; nothing where None."""
        self._record = record
        self._show_secrecy(record, decoded)
        self.title.setVisible(record is not None)
        if record is None or decoded is None:
            self.title.setText("")
            self.kind.setText("Select a variable to see its value.")
            self.purpose.setText("")
            self.model.set_rows(())
            self.bytes.set_data(b"")
            return
        self.title.setText(label_of_name(record.name) or "(no name)")
        self.kind.setText(f"{decoded.kind}, {len(record.data):,} bytes")
        note = help_for(record.guid, record.name)
        if decoded.findings:
            note = f"⚠ {decoded.findings[0].text} {note}".rstrip()
        self.purpose.setText(note)
        self.purpose.setToolTip(f"<p>{escape(note)}</p>" if note else "")
        self.model.set_rows(decoded.fields)
        self._share_width()
        # The bytes hold the secret in the clear.
        self.bytes.set_data(b"" if decoded.secret else record.data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room for values, or less."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Values as wide as they are, as long as meanings keep a third of the room."""
        metrics = QFontMetrics(theme.fixed_font())
        texts = [field.text for field in self.model.rows[:_MEASURED]]
        wanted = max(map(metrics.horizontalAdvance, texts), default=0) + 6 * theme.GRID
        most = 2 * (self.width() - self.fields.columnWidth(0)) // 3
        least = 12 * metrics.averageCharWidth()
        self.fields.setColumnWidth(1, max(min(wanted, most), least))

    def reveals(self, record: Record) -> bool:
        """Whether the secrets of this record, of no other, are to be shown."""
        return self._asked == (record.key, record.span)

    def _show_secrecy(self, record: Record | None, decoded: Decoded | None) -> None:
        revealed = record is not None and self.reveals(record)
        if not revealed:
            self._asked = None
        masked = decoded is not None and decoded.secret
        self.secret_button.setVisible(masked or revealed)
        self.secret_button.setChecked(revealed)
        self.hex_button.setEnabled(not masked)
        self.hex_button.setToolTip("Show the secret first" if masked else "The value's bytes")
        if masked:
            self.decoded_button.click()

    def _on_secret(self, checked: bool) -> None:
        if self._record is not None:
            self._asked = (self._record.key, self._record.span) if checked else None
            self.revealed.emit()

    def mark(self, span: Span) -> None:
        """Show which part of the value is selected; spans are in the space of the store."""
        if self._record is None:
            return
        data = self._record.data_span
        within = data.covers(span)
        part = self._record.unplaced(span) if within else span
        row = self.model.row_of(part)
        selection = self.fields.selectionModel()
        blocked = selection.blockSignals(True)
        self.fields.setCurrentIndex(QModelIndex() if row is None else self.model.index(row, 0))
        selection.blockSignals(blocked)
        self.fields.viewport().update()
        inside = within and span != data
        self.bytes.select(Span(part.start - data.start, part.size) if inside else None)

    def _on_field(self, index: QModelIndex) -> None:
        if index.isValid():
            self._choose(self.model.rows[index.row()].span)

    def _on_bytes(self, span: Span | None) -> None:
        if span is not None and self._record is not None:
            self._choose(span.shifted(self._record.data_span.start))

    def _choose(self, part: Span) -> None:
        if self._record is not None:
            self.chosen.emit(self._record.placed(part))
