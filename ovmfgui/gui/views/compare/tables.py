"""The columns of what differs: constants, variables, runs of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.flash.byte_meaning import describe
from ovmfgui.gui.models.columns import Column
from ovmfgui.guid import guid_name
from ovmfgui.layout.comparison_words import bytes_text, place_text
from ovmfgui.layout.words import short_value_text, value_text
from ovmfgui.nvram.faults import label_of_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.alignment import AlignedFile, PlaceRow
    from ovmfgui.layout.comparison import Comparison, ConstantRow
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
        Column("Name", lambda r: label_of_name(r.record.name)),
        Column("Vendor", lambda r: guid_name(r.record.guid) or str(r.record.guid)),
        Column("Value in A", lambda r: value(r.first, spaces[0]),
               full=lambda r: full(r.first, spaces[0])),
        Column("Value in B", lambda r: value(r.second, spaces[1]),
               full=lambda r: full(r.second, spaces[1])),
    )  # fmt: skip


def places_text(files: Sequence[AlignedFile], keys: str) -> str:
    """How many bytes differ, and where some do, how to go from one place to the next."""
    told = bytes_text(files)
    return f"{told} {keys}" if any(file.places for file in files) else told


def stepping_text(onward: str, back: str) -> str:
    """How to go from place to place, by the keys that do so; empty for one that there is not."""
    keys = " and ".join(key for key in (onward, back) if key)
    step = f"{keys} {'go' if onward and back else 'goes'} from one to the next; " if keys else ""
    return f"{step}Enter shows it in Hex."


def place_columns(comparison: Comparison) -> tuple[Column[PlaceRow], ...]:
    """The columns of the places where bytes differ."""
    sides = (comparison.first, comparison.second)

    def bytes_of(row: PlaceRow, side: int) -> str:
        span = _span(row, side)
        data = sides[side].image.spaces[row.file.spaces[side]].data
        some = Span(span.start, min(span.size, _SHOWN)).of(data)
        return some.hex(" ").upper() + (" …" if span.size > _SHOWN else "") if some else "–"

    def where(row: PlaceRow) -> str:
        # On the side that has bytes there.
        side = 0 if row.place.first.size else 1
        told = describe(sides[side].map, row.file.spaces[side], _span(row, side).start)
        return told.replace("\n", " · ")

    return (
        Column("File", lambda r: r.file.role),
        Column("", lambda r: place_text(r.place), lambda r: -_size(r), "What is not the same"),
        Column("Offset in A", lambda r: f"0x{r.place.first.start:08X}",
               lambda r: r.place.first.start, "First byte, in the file of A", number=True),
        Column("In A", lambda r: bytes_of(r, 0), fixed=True),
        Column("Offset in B", lambda r: f"0x{r.place.second.start:08X}",
               lambda r: r.place.second.start, "First byte, in the file of B", number=True),
        Column("In B", lambda r: bytes_of(r, 1), fixed=True),
        Column("What it is", where, full=where),
    )  # fmt: skip


def _span(row: PlaceRow, side: int) -> Span:
    return row.place.second if side else row.place.first


def _size(row: PlaceRow) -> int:
    return max(row.place.first.size, row.place.second.size)
