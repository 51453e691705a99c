"""What Save would change: variable by variable, and byte by byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.difference import differences
from ovmfgui.nvram.faults import visible_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.difference import VariableDifference
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

_NOT_ZERO = re.compile(rb"[^\0]+")
_BLOCK = 1 << 16
_JOINED = 4
"""Equal bytes between two that differ; that few do not part a run."""
MOST_RUNS = 2000


@dataclass(frozen=True, slots=True)
class ChangedVariable:
    """A variable that will not be the same.

    Attributes:
        name: as it is shown.
        what: "new", "deleted", or which parts change.
        before: the old value in short; empty where there was none.
        after: the new value in short; empty where there will be none.
        record: the record that is live now, or that was.
    """

    name: str
    what: str
    before: str
    after: str
    record: Record


@dataclass(frozen=True, slots=True)
class ChangedBytes:
    """Runs of bytes that will not be the same.

    Attributes:
        runs: where, in the file; not more than ``MOST_RUNS``.
        count: how many bytes differ.
        cut: whether there are more runs.
    """

    runs: tuple[Span, ...]
    count: int
    cut: bool


def changed_variables(before: Store, after: Store) -> tuple[ChangedVariable, ...]:
    """What differs between the store on disk and the store as edited."""
    return tuple(_changed(each) for each in differences(before, after))


def _changed(difference: VariableDifference) -> ChangedVariable:
    first, second = difference.first, difference.second
    what = {"only-first": "deleted", "only-second": "new"}.get(difference.kind)
    record = second if second is not None else difference.record
    return ChangedVariable(
        visible_name(record.name),
        what or ", ".join(difference.what),
        _short(first),
        _short(second),
        record,
    )


def _short(record: Record | None) -> str:
    return "" if record is None else decode(record).summary


def _differing(before: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    """First and last offset of runs of bytes that differ, blocks that are the same passed over."""
    size = min(len(before), len(after))
    for start in range(0, size, _BLOCK):
        end = min(start + _BLOCK, size)
        one, other = before[start:end], after[start:end]
        if one != other:
            # As two numbers: what is not zero in both together differs.
            both = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
            for run in _NOT_ZERO.finditer(both.to_bytes(end - start, "big")):
                yield start + run.start(), start + run.end() - 1


def changed_bytes(before: bytes, after: bytes) -> ChangedBytes:
    """The bytes that differ; the files are equally long."""
    runs: list[Span] = []
    count, start, last = 0, -1, -1
    for first, final in _differing(before, after):
        count += final + 1 - first
        if start >= 0 and first - last <= _JOINED:
            last = final
            continue
        if start >= 0:
            runs.append(Span(start, last + 1 - start))
        start, last = first, final
    if start >= 0:
        runs.append(Span(start, last + 1 - start))
    return ChangedBytes(tuple(runs[:MOST_RUNS]), count, len(runs) > MOST_RUNS)
