"""The decoded fields of a structure as a table; each row knows its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.fields import Field
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from ovmfgui.span import Span


def _told(field: Field) -> str:
    where = f"0x{field.span.start:X}, {field.span.size} bytes: click to select them"
    return "\n".join(part for part in (field.name, field.text, field.note, where) if part)


def _value_and_meaning(field: Field) -> str:
    return "\n".join(filter(None, (field.text, field.note)))


_NAME: Column[Field] = Column("Field", lambda field: field.name, full=_told)
_WIDE: tuple[Column[Field], ...] = (
    _NAME,
    Column("Value", lambda field: field.text, fixed=True, full=_told),
    Column("Meaning", lambda field: field.note, full=_told),
)
_NARROW: tuple[Column[Field], ...] = (
    _NAME,
    Column("Value", _value_and_meaning, fixed=True, full=_told),
)


class FieldsModel(RowsModel[Field]):
    """Fields in the order of their bytes.

    Args:
        narrow: two columns, the meaning behind the value, for where there is little room.
    """

    def __init__(self, parent: QObject | None = None, *, narrow: bool = False) -> None:
        super().__init__(_NARROW if narrow else _WIDE, parent=parent)

    def set_rows(self, rows: Sequence[Field]) -> None:
        """Show other fields; the same ones leave the view as it is."""
        if tuple(rows) != self.rows:
            super().set_rows(rows)

    def row_of(self, span: Span) -> int | None:
        """The field of exactly these bytes."""
        return next((row for row, field in enumerate(self.rows) if field.span == span), None)
