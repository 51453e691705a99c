"""The columns of what differs: constants, variables, runs of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.flash.region import innermost
from ovmfgui.gui.models.columns import Column
from ovmfgui.guid import guid_name
from ovmfgui.layout.words import value_text
from ovmfgui.nvram.faults import visible_name
from ovmfgui.span import Place, Span
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.gui.models.decoding import Decoding
    from ovmfgui.layout.comparison import Comparison, ConstantRow
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.nvram.difference import VariableDifference
    from ovmfgui.nvram.record import Record

_SHOWN = 8
"""Bytes of a run that stand in a cell."""


def _constant(value: Any) -> str:
    match value:
        case None:
            return "–"
        case UUID():
            return guid_name(value) or str(value)
        case int():
            return exact_size_text(value)
        case _:
            return str(value)


def _full(value: Any) -> str:
    return "" if value is None else value_text(value)


CONSTANTS: tuple[Column[ConstantRow], ...] = (
    Column("", lambda r: "≠" if r.differs else "=", lambda r: not r.differs),
    Column("Constant", lambda r: r.name),
    Column("A expects", lambda r: _constant(r.expected[0]), fixed=True,
           tip="What the CODE of A says", full=lambda r: _full(r.expected[0])),
    Column("A provides", lambda r: _constant(r.provided[0]), fixed=True,
           tip="What the store of A is", full=lambda r: _full(r.provided[0])),
    Column("B expects", lambda r: _constant(r.expected[1]), fixed=True,
           tip="What the CODE of B says", full=lambda r: _full(r.expected[1])),
    Column("B provides", lambda r: _constant(r.provided[1]), fixed=True,
           tip="What the store of B is", full=lambda r: _full(r.provided[1])),
)  # fmt: skip

_KINDS = {"only-first": "− only in A", "only-second": "+ only in B"}


def difference_text(row: VariableDifference) -> str:
    """What is not the same, with its sign."""
    return _KINDS.get(row.kind) or f"≠ {', '.join(row.what)}"


def variable_columns(decoding: Decoding, spaces: tuple[int, int]) -> tuple[Column[Any], ...]:
    """The columns of the variables that differ; ``spaces`` are those of both stores."""

    def value(record: Record | None, space: int) -> str:
        return "" if record is None else decoding.of(record, space).summary

    def full(record: Record | None, space: int) -> str:
        if record is None:
            return ""
        size = f"{len(record.data):,} bytes: {record.data[:32].hex(' ')}"
        more = " …" if len(record.data) > 32 else ""
        return f"{value(record, space)}\n{size}{more}"

    return (
        Column("", difference_text),
        Column("Name", lambda r: visible_name(r.record.name)),
        Column("Vendor", lambda r: guid_name(r.record.guid) or str(r.record.guid)),
        Column("Value in A", lambda r: value(r.first, spaces[0]),
               full=lambda r: full(r.first, spaces[0])),
        Column("Value in B", lambda r: value(r.second, spaces[1]),
               full=lambda r: full(r.second, spaces[1])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of bytes that differ.

    Attributes:
        role: of both files, in words.
        spaces: of the file in A and in B.
        span: the bytes, at the same offset in both.
    """

    role: str
    spaces: tuple[int, int]
    span: Span


def runs(comparison: Comparison) -> Iterator[RunRow]:
    """The runs of all files, in the order of A's."""
    for row in comparison.files:
        for span in row.runs:
            yield RunRow(str(row.role).upper(), row.spaces, span)


def place_in_first(row: RunRow, comparison: Comparison) -> Place:
    """The bytes in A; where A ends before them, its last byte."""
    size = len(comparison.first.image.spaces[row.spaces[0]].data)
    start = min(row.span.start, size - 1)
    return Place(row.spaces[0], Span(start, max(1, min(row.span.end, size) - start)))


def run_columns(comparison: Comparison) -> tuple[Column[RunRow], ...]:
    """The columns of the runs of bytes."""

    def bytes_of(inspection: Inspection, space: int, span: Span) -> str:
        some = Span(span.start, min(span.size, _SHOWN)).of(inspection.image.spaces[space].data)
        return some.hex(" ").upper() + (" …" if span.size > _SHOWN else "") if some else "–"

    def where(row: RunRow) -> str:
        path = innermost(comparison.first.map, place_in_first(row, comparison))
        return path[-1].name if path else ""

    return (
        Column("File", lambda r: r.role),
        Column("Offset", lambda r: f"0x{r.span.start:08X}", lambda r: r.span.start,
               "First byte, in the file", number=True),
        Column("Bytes", lambda r: f"{r.span.size:,}", lambda r: r.span.size,
               "How many differ in a row", number=True),
        Column("In A", lambda r: bytes_of(comparison.first, r.spaces[0], r.span), fixed=True),
        Column("In B", lambda r: bytes_of(comparison.second, r.spaces[1], r.span), fixed=True),
        Column("What it is in A", where),
    )  # fmt: skip
