"""The columns of what differs: constants, variables, runs of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.flash.region import innermost
from ovmfgui.gui.models.columns import Column
from ovmfgui.guid import guid_name
from ovmfgui.layout.comparison_words import bytes_text
from ovmfgui.layout.difference_runs import place_in_first
from ovmfgui.layout.words import short_value_text, value_text
from ovmfgui.nvram.faults import visible_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.layout.comparison import Comparison, ConstantRow
    from ovmfgui.layout.difference_runs import RunRow
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.nvram.decode.remembered import Decoding
    from ovmfgui.nvram.difference import VariableDifference
    from ovmfgui.nvram.record import Record

_SHOWN = 8
"""Bytes of a run that stand in a cell."""


def _full(value: Any) -> str:
    return "" if value is None else value_text(value)


CONSTANTS: tuple[Column[ConstantRow], ...] = (
    Column("", lambda r: "≠" if r.differs else "=", lambda r: not r.differs),
    Column("Constant", lambda r: r.name),
    Column("A expects", lambda r: short_value_text(r.expected[0]), fixed=True,
           tip="What the CODE of A says", full=lambda r: _full(r.expected[0])),
    Column("A provides", lambda r: short_value_text(r.provided[0]), fixed=True,
           tip="What the store of A is", full=lambda r: _full(r.provided[0])),
    Column("B expects", lambda r: short_value_text(r.expected[1]), fixed=True,
           tip="What the CODE of B says", full=lambda r: _full(r.expected[1])),
    Column("B provides", lambda r: short_value_text(r.provided[1]), fixed=True,
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


def runs_text(found: Comparison) -> str:
    """How many bytes differ, and how to go from one to the next."""
    how = " F7 and Shift+F7 go from one to the next; Enter shows its bytes."
    return bytes_text(found) + (how if any(row.differing for row in found.files) else "")


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
