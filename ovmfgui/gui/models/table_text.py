"""What a table or tree shows, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QAbstractItemModel

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets take for a formula and work out."""


def shown_heads(model: QAbstractItemModel, hidden: frozenset[int] = frozenset()) -> list[str]:
    """Titles of the columns; those without one by their number."""
    across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole
    columns = [column for column in range(model.columnCount()) if column not in hidden]
    return [str(model.headerData(c, across, role) or f"column {c + 1}") for c in columns]


def shown_rows(
    model: QAbstractItemModel, hidden: frozenset[int] = frozenset()
) -> Iterator[tuple[int, list[str]]]:
    """Every row in the order shown, with how deep it lies below others: 0 for the outermost."""
    columns = [column for column in range(model.columnCount()) if column not in hidden]

    def below(parent: QModelIndex, depth: int) -> Iterator[tuple[int, list[str]]]:
        for row in range(model.rowCount(parent)):
            cells = [model.index(row, column, parent).data() for column in columns]
            yield depth, ["" if cell is None else str(cell) for cell in cells]
            # Rows without columns, as stores are that no CODE is held against, have no index:
            # below that would be the outermost rows, without end.
            if (here := model.index(row, 0, parent)).isValid():
                yield from below(here, depth + 1)

    yield from below(QModelIndex(), 0)


def _as_cell(text: str) -> str:
    """Text that a spreadsheet shows and does not work out; numbers stay numbers."""
    if not text.startswith(_FORMULA):
        return text
    number = text.lstrip("+-").replace(",", "").replace(".", "")
    return text if number.isdigit() else f"'{text}"


Rows = Iterable[tuple[int, list[str]]]
"""As ``shown_rows`` gives them."""


def csv_text(model: QAbstractItemModel, hidden: frozenset[int] = frozenset()) -> str:
    """RFC 4180, with a column for the depth where rows lie below others."""
    return csv_of(shown_heads(model, hidden), shown_rows(model, hidden))


def csv_of(heads: list[str], read: Rows) -> str:
    """The same of rows that have been read."""
    rows = list(read)
    deep = any(depth for depth, _cells in rows)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(["depth"] if deep else []), *map(_as_cell, heads)])
    for depth, cells in rows:
        writer.writerow([*([depth] if deep else []), *map(_as_cell, cells)])
    return out.getvalue()


def json_text(model: QAbstractItemModel, hidden: frozenset[int] = frozenset()) -> str:
    """A list of rows, each by the titles of its columns; ``rows`` are those below one."""
    return json_of(shown_heads(model, hidden), shown_rows(model, hidden))


def json_of(heads: list[str], read: Rows) -> str:
    """The same of rows that have been read."""
    top = list[dict[str, object]]()
    lists = [top]
    for depth, cells in read:
        row: dict[str, object] = dict(zip(heads, cells, strict=True))
        lists[depth].append(row)
        below: list[dict[str, object]] = []
        del lists[depth + 1 :]
        lists.append(below)
        row["rows"] = below
    _drop_empty(top)
    return json.dumps(top, ensure_ascii=False, indent=1) + "\n"


def _drop_empty(rows: list[dict[str, object]]) -> None:
    for row in rows:
        below = row["rows"]
        if isinstance(below, list) and below:
            _drop_empty(below)
        else:
            del row["rows"]
