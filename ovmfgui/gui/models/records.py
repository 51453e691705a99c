"""The variable records as a table."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QBrush, QGuiApplication
from PySide6.QtWidgets import QApplication

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import Column, Index
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.guid import guid_name
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.faults import label_of_name
from ovmfgui.nvram.record import STATE_MEANINGS, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store


_AT_ONCE = 50
"""Rows between two looks at what the user does."""


class Change(StrEnum):
    """How a record differs from what is saved."""

    NONE = ""
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record, and whether it is what is on disk."""

    record: Record
    change: Change


def rows_of(store: Store | None, saved: Store | None, *, every: bool) -> tuple[RecordRow, ...]:
    """The rows to show: live variables, and what edits have replaced since the last save.

    Args:
        store: as it is now.
        saved: as it stands on disk.
        every: show all records, dead and torn ones too.
    """
    if store is None:
        return ()
    before = {r.span.start: r.status for r in saved.records} if saved is not None else {}
    rows = []
    for record in store.records:
        status = before.get(record.span.start)
        live = record.status is Status.LIVE
        change = Change.NONE
        if status is None:
            change = Change.NEW
        elif status is Status.LIVE and not live:
            change = Change.OLD
        if every or live or change is Change.OLD:
            rows.append(RecordRow(record, change))
    return tuple(rows)


def vendor_text(record: Record) -> str:
    """A vendor GUID by its name where it has one."""
    return guid_name(record.guid) or str(record.guid)


def state_text(row: RecordRow) -> str:
    """A record's state in a word or two."""
    match row.change:
        case Change.NEW if row.record.status is Status.LIVE:
            return "live, new"
        case _:
            return str(row.record.status)


def _columns(summary: Callable[[Record], str]) -> tuple[Column[RecordRow], ...]:
    return (
        Column("Name", lambda r: label_of_name(r.record.name) or "(no name)"),
        Column(
            "Vendor",
            lambda r: vendor_text(r.record),
            tip="VendorGuid, by name where it has one",
            full=lambda r: f"{vendor_text(r.record)}\n{r.record.guid}",
        ),
        Column(
            "Attributes",
            lambda r: " ".join(r.record.attribute_names),
            tip="NV non-volatile, BS boot services, RT runtime, AT time-based authenticated",
        ),
        Column(
            "Size",
            lambda r: f"{len(r.record.data):,}",
            lambda r: len(r.record.data),
            "Bytes of the value",
            number=True,
        ),
        Column(
            "Value",
            lambda r: summary(r.record),
            tip="The value in short",
            full=lambda r: summary(r.record),
        ),
        Column(
            "State",
            state_text,
            tip="What the record is to firmware",
            full=lambda r: f"State 0x{r.record.state:02X}: {STATE_MEANINGS[r.record.status]}",
        ),
        Column(
            "Timestamp",
            lambda r: timestamp.text(r.record.timestamp).replace("T", " ")[:16],
            lambda r: timestamp.text(r.record.timestamp),
            "When it was last signed, for variables with AT",
            full=lambda r: timestamp.text(r.record.timestamp),
        ),
        Column(
            "Offset",
            lambda r: f"0x{r.record.span.start:06X}",
            lambda r: r.record.span.start,
            "First byte of the record, in the file",
            number=True,
        ),
    )


def _ink(row: RecordRow) -> QColor | None:
    dead = row.record.status is not Status.LIVE
    return theme.muted(QGuiApplication.palette()) if dead else None


def _common(first: list[int], second: list[int]) -> int:
    """How many items two lists have in common at their start."""
    pairs = zip(first, second, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


class RecordsModel(RowsModel[RecordRow]):
    """Rows in list order; an edit appends rows and restates others, so the view keeps its place.

    Args:
        summary: a record's value in short.
    """

    def __init__(self, summary: Callable[[Record], str], parent: QObject | None = None) -> None:
        super().__init__(_columns(summary), _ink, parent)
        self._texts: dict[int, tuple[RecordRow, str]] = {}
        self._ahead = QTimer(self)
        self._ahead.setInterval(0)
        self._ahead.timeout.connect(self._look_ahead)

    def set_rows(self, rows: Sequence[RecordRow]) -> None:
        """Show these rows, with as little upheaval as can be."""
        rows = self.in_order(rows)
        if rows == self.rows:
            return
        self._ahead.start()
        if len(self._texts) > 2 * len(rows):
            # Those of a larger store that was closed, with its records.
            here = {row.record.span.start for row in rows}
            self._texts = {at: known for at, known in self._texts.items() if at in here}
        before = [row.record.span.start for row in self.rows]
        after = [row.record.span.start for row in rows]
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        if not head and not tail:
            super().set_rows(rows)
            return
        kept = self.rows[len(before) - tail :]
        if len(before) - tail > head:
            self.beginRemoveRows(QModelIndex(), head, len(before) - tail - 1)
            self.rows = self.rows[:head] + kept
            self.endRemoveRows()
        if len(after) - tail > head:
            self.beginInsertRows(QModelIndex(), head, len(after) - tail - 1)
            self.rows = self.rows[:head] + rows[head : len(after) - tail] + kept
            self.endInsertRows()
        changed = [at for at, row in enumerate(rows) if row != self.rows[at]]
        self.rows = rows
        if changed:
            right = len(self.columns) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], right))

    def row_of(self, record: Record) -> int | None:
        """Where a record is shown."""
        start = record.span.start
        return next((i for i, r in enumerate(self.rows) if r.record.span.start == start), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells; struck where the record is one that an edit replaced, with a ground if changed."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.BackgroundRole:
            changed = row.change is not Change.NONE
            return QBrush(theme.changed_colour(QGuiApplication.palette())) if changed else None
        found = super().data(index, role)
        if role == Qt.ItemDataRole.FontRole:
            font = found if found is not None else QApplication.font()
            font.setStrikeOut(row.change is Change.OLD)
            return font
        return found

    def _look_ahead(self) -> None:
        """Work out texts while nothing else is to be done, so that the first filter has them."""
        missing = (row for row in self.rows if row.record.span.start not in self._texts)
        batch = list(islice(missing, _AT_ONCE))
        for row in batch:
            self.text(row)
        if len(batch) < _AT_ONCE:
            self._ahead.stop()

    def text(self, row: RecordRow) -> str:
        """All that is shown of a row; a filter asks for that of every row at each keystroke."""
        start = row.record.span.start
        known = self._texts.get(start)
        if known is None or (known[0] is not row and known[0] != row):
            text = f"{super().text(row)}\n{row.record.guid}"
            known = self._texts[start] = (row, text)
        return known[1]
