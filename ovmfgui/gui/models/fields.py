"""The decoded fields of a structure as a table; each row knows its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from ovmfgui.fields import Field
    from ovmfgui.gui.models.columns import Index
    from ovmfgui.span import Span

TITLES = ("Field", "Value", "Meaning")


class FieldsModel(QAbstractTableModel):
    """Fields in the order of their bytes.

    Args:
        narrow: two columns, the meaning behind the value, for where there is little room.
    """

    def __init__(self, parent: QObject | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._columns = 2 if narrow else 3
        self._fields: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is shown."""
        return self._fields

    def set_fields(self, fields: tuple[Field, ...]) -> None:
        """Show other fields."""
        if fields != self._fields:
            self.beginResetModel()
            self._fields = fields
            self.endResetModel()

    def row_of(self, span: Span) -> int | None:
        """The field of exactly these bytes."""
        return next((row for row, field in enumerate(self._fields) if field.span == span), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Fields."""
        return 0 if parent is not None and parent.isValid() else len(self._fields)

    def columnCount(self, parent: Index | None = None) -> int:
        """Field, value, meaning."""
        return 0 if parent is not None and parent.isValid() else self._columns

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < self._columns:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells; the tooltip tells the bytes."""
        if not index.isValid():
            return None
        field = self._fields[index.row()]
        texts = (field.name, field.text, field.note)
        if self._columns == 2:
            texts = (field.name, "  ".join(filter(None, texts[1:])), "")
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                where = f"0x{field.span.start:X}, {field.span.size} bytes: click to select them"
                return "\n".join(part for part in (*texts, where) if part)
            case Qt.ItemDataRole.FontRole:
                return theme.fixed_font() if index.column() == 1 else None
            case _:
                return None
