"""The variable records as a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QBrush, QFont, QPalette
from PySide6.QtWidgets import QApplication

from ovmfgui.gui import theme
from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE, Column, Index
from ovmfgui.guid import guid_name
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import STATE_MEANINGS, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store


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
        Column("Name", lambda r: visible_name(r.record.name) or "(no name)"),
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


class RecordsModel(QAbstractTableModel):
    """Rows in list order; an edit appends rows and restates others, so the view keeps its place.

    Args:
        summary: a record's value in short.
    """

    def __init__(self, summary: Callable[[Record], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = _columns(summary)
        self._rows: tuple[RecordRow, ...] = ()
        self._palette = QApplication.palette()

    @property
    def rows(self) -> tuple[RecordRow, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: tuple[RecordRow, ...]) -> None:
        """Show these rows, with as little upheaval as can be."""
        old = [row.record.span.start for row in self._rows]
        new = [row.record.span.start for row in rows]
        common = min(len(old), len(new))
        if not common or old[:common] != new[:common]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        if len(new) > len(old):
            self.beginInsertRows(QModelIndex(), common, len(new) - 1)
            self._rows = rows
            self.endInsertRows()
        elif len(new) < len(old):
            self.beginRemoveRows(QModelIndex(), common, len(old) - 1)
            self._rows = rows
            self.endRemoveRows()
        else:
            self._rows = rows
        self.dataChanged.emit(self.index(0, 0), self.index(common - 1, len(self.columns) - 1))

    def set_palette(self, palette: QPalette) -> None:
        """Colours changed."""
        self._palette = palette
        if self._rows:
            corner = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), corner)

    def row_of(self, record: Record) -> int | None:
        """Where a record is shown."""
        start = record.span.start
        return next((i for i, r in enumerate(self._rows) if r.record.span.start == start), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Records shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, alignment and tips."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells; struck where the record is one that an edit replaced."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.full(row) if column.full is not None else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case Qt.ItemDataRole.FontRole:
                return self._font(row, column)
            case Qt.ItemDataRole.ForegroundRole:
                dead = row.record.status is not Status.LIVE
                return QBrush(theme.muted(self._palette)) if dead else None
            case Qt.ItemDataRole.BackgroundRole:
                changed = row.change is not Change.NONE
                return QBrush(theme.changed_colour(self._palette)) if changed else None
            case _:
                return self._own_role(row, column, role)

    def _own_role(self, row: RecordRow, column: Column[RecordRow], role: int) -> Any:
        if role == SORT_ROLE:
            return column.order(row)
        if role == TEXT_ROLE:
            return "\n".join([*(c.text(row) for c in self.columns), str(row.record.guid)])
        return None

    @staticmethod
    def _font(row: RecordRow, column: Column[RecordRow]) -> QFont:
        font = theme.fixed_font() if column.number or column.fixed else QApplication.font()
        font.setStrikeOut(row.change is Change.OLD)
        return font
